#include "sim/scenario/file/scenario_schema.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/core/metric_table.hpp"
#include "sim/core/property_table.hpp"
#include "sim/json/schema_part.hpp"
#include "sim/scenario/strategies/slot_schema.hpp"

namespace cacherace::scenario {
namespace {

std::string_view expected_of(const PropertyRow& property) {
  if (!property.limit) return "verdict";
  return *property.limit == Unit::microseconds ? "verdict_or_duration" : "verdict_or_number";
}

std::string_view expected_of(const MetricRow& metric) {
  return metric.unit == Unit::microseconds ? "duration_limit" : "number_limit";
}

template <typename Rows>
void add_lines(std::vector<std::string>& lines, const Rows& rows) {
  for (const auto& row : rows)
    lines.push_back(
        fmt::format(R"("{}": {{"description": {}, "allOf": [{{"$ref": "#/definitions/{}"}}]}})",
                    row.name, json::as_json(row.says), expected_of(row)));
}

}  // namespace

std::string_view scenario_schema() {
  static const std::string schema = [] {
    constexpr std::string_view properties = R"("properties": {)";
    std::vector<std::string> lines;
    add_lines(lines, property_rows);
    add_lines(lines, metric_rows);
    std::string all = json::with_part(scenario_schema_file(), "expectations", properties, lines);
    for (const std::string_view slot : {"read", "load", "fill", "write", "guards"})
      all = json::with_part(all, slot, R"("oneOf": [)", slot_schema(slot));
    all = json::with_part(all, "expiry", properties, expiry_schema());
    return json::with_part(all, "lock", properties, options_schema("load", "lock"));
  }();
  return schema;
}

}  // namespace cacherace::scenario
