#pragma once
// The shipped scenarios, as they are listed and described.

#include <vector>

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {

std::vector<report::Section> scenario_listing();
report::Topic topic_of(const ShippedScenario& scenario);

}  // namespace cacherace::harness
