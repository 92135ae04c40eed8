#include "sim/report/result_schema.hpp"

#include <string>
#include <vector>

#include "sim/core/metric_table.hpp"
#include "sim/json/schema_part.hpp"

namespace cacherace::report {

std::string_view result_schema() {
  static const std::string schema = [] {
    std::vector<std::string> names;
    for (const MetricRow& row : metric_rows) names.push_back(json::as_json(row.name));
    return json::with_part(result_schema_file(), "metric_name", R"("enum": [)", names);
  }();
  return schema;
}

std::string_view counterexample_schema() { return counterexample_schema_file(); }

}  // namespace cacherace::report
