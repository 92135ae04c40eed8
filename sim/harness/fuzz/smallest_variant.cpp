#include "sim/harness/fuzz/smallest_variant.hpp"

#include <map>
#include <string>

namespace cacherace::harness {

Variant smallest_variant(const VariantSpace& space, const Variant& found,
                         const std::function<Answer(const Variant&)>& ask) {
  std::map<std::string, Answer> known;
  Variant smallest = found;
  for (bool changed = true; changed;) {
    changed = false;
    for (const Variant& variant : simpler_variants(space, smallest)) {
      const auto [answer, is_new] = known.try_emplace(variant_json(space, variant));
      if (is_new) answer->second = ask(variant);
      if (answer->second != Answer::violated) continue;
      smallest = variant;
      changed = true;
      break;
    }
  }
  return smallest;
}

}  // namespace cacherace::harness
