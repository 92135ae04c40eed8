#include "sim/judge/property/property.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::judge {

std::uint32_t Rows::reply_of(const Step& step) const {
  const auto found = std::find(replies.begin(), replies.end(), step.around.replied_min);
  SIM_ASSERT(found != replies.end());
  return static_cast<std::uint32_t>(found - replies.begin());
}

std::vector<const Property*> untimed_properties() {
  std::vector properties(all_properties.begin(), all_properties.end());
  std::erase_if(properties, [](const Property* property) { return property->timed; });
  return properties;
}

std::vector<const Property*> default_properties() {
  return {&no_stale_residue, &read_your_writes, &monotonic_reads};
}

const Property* find_property(std::string_view name) {
  for (const Property* property : all_properties)
    if (property->name == name) return property;
  return nullptr;
}

}  // namespace cacherace::judge
