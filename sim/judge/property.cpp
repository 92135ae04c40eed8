#include "sim/judge/property.hpp"

namespace cacherace::judge {

std::vector<const Property*> all_properties() {
  return {&no_stale_residue, &read_your_writes, &monotonic_reads};
}

const Property* find_property(std::string_view name) {
  for (const Property* property : all_properties())
    if (property->name == name) return property;
  return nullptr;
}

}  // namespace cacherace::judge
