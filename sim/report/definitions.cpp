#include "sim/report/definitions.hpp"

#include "sim/core/property_table.hpp"

namespace cacherace::report {

std::vector<MetricDefinition> metric_definitions() {
  std::vector<MetricDefinition> definitions;
  for (const MetricRow& row : metric_rows)
    definitions.push_back({.metric = row.id,
                           .says = std::string(row.says),
                           .label = std::string(row.label),
                           .unit = row.unit,
                           .better = row.better,
                           .shown = row.shown});
  return definitions;
}

std::vector<PropertyDefinition> property_definitions() {
  std::vector<PropertyDefinition> definitions;
  for (const PropertyRow& row : property_rows)
    definitions.push_back({.name = std::string(row.name), .says = std::string(row.says)});
  return definitions;
}

}  // namespace cacherace::report
