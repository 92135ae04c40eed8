#include "sim/harness/fuzz/check_variants.hpp"

#include "sim/harness/fuzz/check_law.hpp"

namespace cacherace::harness {
namespace {

Dice dice_of(rc::Random random) {
  return [random](std::uint64_t min, std::uint64_t max) mutable {
    return max - min == UINT64_MAX ? random.next() : min + random.next() % (max - min + 1);
  };
}

rc::Gen<Variant> variants(const VariantSpace& space) {
  return [&space](const rc::Random& random, int size) {
    return rc::shrinkable::shrinkRecur(
        draw_variant(space, dice_of(random), static_cast<unsigned>(size)),
        [&space](const Variant& variant) {
          return rc::seq::fromContainer(simpler_variants(space, variant));
        });
  };
}

}  // namespace

bool check_variants(const VariantSpace& space, const VariantDraws& draws,
                    const std::function<Answer(const Variant&)>& ask) {
  return ask_about(variants(space),
                   {.cases = static_cast<int>(draws.cases),
                    .seed = draws.seed,
                    .size_max = static_cast<int>(draws.percent)},
                   ask);
}

}  // namespace cacherace::harness
