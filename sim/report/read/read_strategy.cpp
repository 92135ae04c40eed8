#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

std::optional<Interval> interval(const Node& node, Collector& problems) {
  const auto ends = json::list_of(json::real)(node, problems);
  if (!ends) return std::nullopt;
  if (ends->size() == 2) return Interval{.low = ends->front(), .high = ends->back()};
  problems.mismatch(node, "two numbers, low and high", "[0.1, 0.2]");
  return std::nullopt;
}

std::optional<MetricResult> metric_result(const Node& node, Collector& problems) {
  MetricResult out;
  Fields fields(node, problems, R"({ "mean": 0.9, "ci95": [0.8, 1] })");
  fields.need("mean", out.mean, json::or_null(json::real), "0.9");
  fields.need("ci95", out.ci95, json::or_null(interval), "[0.8, 1]");
  fields.read("endless", out.endless, json::boolean);
  const auto metric = metric_of_key(node, problems);
  if (!metric) return std::nullopt;
  out.metric = *metric;
  return out;
}

std::optional<std::vector<MetricResult>> metrics(const Node& node, Collector& problems) {
  auto found = json::named(metric_result)(node, problems);
  if (!found) return std::nullopt;
  std::vector<MetricResult> out;
  for (auto& [name, value] : *found) out.push_back(value);
  return out;
}

bool same_metrics(const std::vector<MetricResult>& some, const std::vector<MetricResult>& others) {
  return std::ranges::equal(some, others, {}, &MetricResult::metric, &MetricResult::metric);
}

}  // namespace

std::optional<std::int64_t> nanoseconds(const Node& node, Collector& problems) {
  const auto us = json::real(node, problems);
  if (!us) return std::nullopt;
  if (*us >= 0 && *us <= static_cast<double>(times_max_us)) return std::llround(*us * 1000);
  problems.mismatch(node, "a number of microseconds", "30.5");
  return std::nullopt;
}

std::optional<StrategyResult> strategy_result(const Node& node, Collector& problems,
                                              Result::Kind kind) {
  StrategyResult out;
  Fields fields(node, problems, R"({ "strategy": "cache-aside" })");
  fields.need("strategy", out.strategy, json::text, R"("cache-aside")");
  if (judges_properties(kind))
    fields.need("properties", out.properties, json::list_of(property_result), "[]");
  if (simulates_traffic(kind)) {
    fields.need("replicates", out.replicates, json::natural32, "5");
    fields.need("digest", out.digest, json::text, R"("0123456789abcdef")");
    fields.need("metrics", out.metrics, metrics, "{}");
    const Node* differences = fields.read("differences", out.differences, metrics);
    if (differences != nullptr && !same_metrics(out.differences, out.metrics))
      problems.meaning(*differences, "not of the same metrics as \"metrics\"");
    fields.read("series", out.series, series);
    fields.read("distributions", out.distributions, distributions);
  }
  return out;
}

}  // namespace cacherace::report
