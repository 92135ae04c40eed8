#include <fmt/format.h>

#include <array>

#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

std::optional<Axis> axis(const Node& node, Collector& problems) {
  static constexpr auto scales =
      std::to_array<json::Spelling<bool>>({{"log", true}, {"lin", false}});
  static constexpr auto units = std::to_array<json::Spelling<bool>>({{"us", true}, {"", false}});
  Axis out;
  Fields fields(node, problems, R"({ "pointer": "/cache/maxmemory", "values": ["1mb"] })");
  fields.need("pointer", out.pointer, json::text, R"("/cache/maxmemory")");
  fields.need("scale", out.logarithmic, json::one_of(scales, "scale"), R"("log")");
  fields.need("unit", out.is_time, json::one_of(units, "unit"), R"("us")");
  fields.need("values", out.values, json::list_of(json::text), R"(["1mb"])");
  fields.need("numbers", out.numbers, json::list_of(json::real), "[1000000]");
  return out;
}

std::optional<Point> point(const Node& node, Collector& problems) {
  const auto strategy = [](const Node& of, Collector& found) {
    return strategy_result(of, found, Result::Kind::sweep);
  };
  Point out;
  Fields fields(node, problems, R"({ "at": ["1mb"], "results": [] })");
  fields.need("at", out.at, json::list_of(json::text), R"(["1mb"])");
  fields.need("results", out.results, json::list_of(strategy), "[]");
  return out;
}

std::optional<Knee> knee(const Node& node, Collector& problems) {
  Knee out;
  Fields fields(node, problems, R"({ "strategy": "ttl", "metric": "hit_ratio", "at": "5s" })");
  fields.need("strategy", out.strategy, json::text, R"("ttl")");
  fields.need("metric", out.metric, metric_name, R"("hit_ratio")");
  fields.need("at", out.at, json::text, R"("5s")");
  return out;
}

// What writers rely on: every point has a value of each axis, and the same strategies.
void check_point(const Node& node, const Point& of, const Result& result, Collector& problems) {
  if (of.at.size() != result.axes.size() || of.at.empty())
    problems.meaning(node, fmt::format("{} values for {} axes", of.at.size(), result.axes.size()),
                     "");
  const auto& first = result.points.front().results;
  bool same = of.results.size() == first.size();
  for (std::size_t i = 0; same && i < first.size(); ++i)
    same = of.results[i].strategy == first[i].strategy;
  if (!same) problems.meaning(node, "not the strategies of the first point", "");
}

}  // namespace

void read_sweep(Fields& fields, Result& result, Collector& problems) {
  fields.need("axes", result.axes, json::list_of(axis), "[]");
  fields.need("shown_metrics", result.shown_metrics, json::list_of(metric_name),
              R"(["hit_ratio"])");
  const Node* points = fields.need("points", result.points, json::list_of(point), "[]");
  fields.need("knees", result.knees, json::list_of(knee), "[]");
  for (std::size_t i = 0; points != nullptr && i < result.points.size(); ++i)
    check_point(*points->children[i], result.points[i], result, problems);
}

}  // namespace cacherace::report
