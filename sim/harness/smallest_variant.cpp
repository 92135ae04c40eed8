#include "sim/harness/smallest_variant.hpp"

#include <map>

namespace cacherace::harness {

// The same variants are drawn again up to the one that was found, which alone counts as violated.
Variant smallest_variant(const VariantSpace& space, const VariantDraws& draws, const Variant& found,
                         const std::function<Answer(const Variant&)>& ask,
                         const std::function<bool()>& go_on) {
  const std::string found_json = variant_json(space, found);
  std::map<std::string, Answer> known;
  Variant smallest = found;
  bool is_reached = false;
  check_variants(space, draws, [&](const Variant& variant) {
    if (!go_on()) return Answer::violated;  // of whatever is drawn, so that it ends soon
    const std::string json = variant_json(space, variant);
    is_reached |= json == found_json;
    if (json == found_json) return Answer::violated;
    if (!is_reached) return load_variant(space, variant) ? Answer::holds : Answer::invalid;
    const auto [answer, is_new] = known.try_emplace(json);
    if (!is_new) return answer->second;
    answer->second = ask(variant);
    if (answer->second == Answer::violated) smallest = variant;
    return answer->second;
  });
  return smallest;
}

}  // namespace cacherace::harness
