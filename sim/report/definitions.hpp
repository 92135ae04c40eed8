#pragma once
// What the names in a result mean, as a part of it.

#include <vector>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// Every metric's row.
std::vector<MetricDefinition> metric_definitions();

/// Every property's sentence.
std::vector<PropertyDefinition> property_definitions();

}  // namespace cacherace::report
