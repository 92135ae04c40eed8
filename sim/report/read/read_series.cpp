#include <fmt/format.h>

#include <algorithm>
#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

std::optional<Duration> time(const Node& node, Collector& problems) {
  const auto count = nanoseconds(node, problems);
  return count ? std::optional(Duration(*count)) : std::nullopt;
}

std::optional<Traffic::Incident> incident(const Node& node, Collector& problems) {
  Traffic::Incident out;
  Fields fields(node, problems, R"({ "at_us": 300000000, "says": "flush" })");
  fields.need("at_us", out.at, time, "300000000");
  fields.need("says", out.says, json::text, R"("flush")");
  return out;
}

std::optional<double> amount(const Node& node, Collector& problems) {
  const auto value = json::real(node, problems);
  if (!value || *value >= 0) return value;
  problems.mismatch(node, "a number from 0", "0");
  return std::nullopt;
}

std::optional<Curve> curve(const Node& node, Collector& problems) {
  const auto values = json::list_of(json::or_null(amount));
  Curve out;
  Fields fields(node, problems, R"({ "min": [0, 1], "max": [2, 3] })");
  fields.read("min", out.min, values);
  fields.read("mean", out.mean, values);
  fields.read("max", out.max, values);
  return out;
}

std::optional<std::vector<Curve>> curves(const Node& node, Collector& problems) {
  auto found = json::named(curve)(node, problems);
  if (!found) return std::nullopt;
  if (found->empty()) {
    problems.mismatch(node, "at least one curve", R"({ "db_qps": { "max": [3] } })");
    return std::nullopt;
  }
  std::vector<Curve> out;
  for (auto& [name, value] : *found) {
    value.name = name;
    out.push_back(std::move(value));
  }
  return out;
}

std::size_t longest(const std::vector<Curve>& curves) {
  std::size_t count = 0;
  for (const auto& curve : curves)
    count = std::max({count, curve.min.size(), curve.mean.size(), curve.max.size()});
  return count;
}

// Of this width, so that their end can be counted.
std::uint64_t buckets_max(Duration width) {
  const auto us = static_cast<std::uint64_t>(width / std::chrono::microseconds(1));
  return times_max_us / std::max<std::uint64_t>(us, 1);
}

std::optional<Distribution::Point> point(const Node& node, Collector& problems) {
  if (node.type != Node::Type::array || node.children.size() != 2) {
    problems.mismatch(node, "a time in microseconds and a share", "[1500, 0.25]");
    return std::nullopt;
  }
  const auto at = time(*node.children[0], problems);
  const auto above = json::real(*node.children[1], problems);
  if (!at || !above) return std::nullopt;
  return Distribution::Point{.time = *at, .above = *above};
}

}  // namespace

std::optional<Traffic> traffic(const Node& node, Collector& problems) {
  Traffic out;
  Fields fields(node, problems, R"({ "says": "…", "duration_us": 600000000 })");
  fields.need("says", out.says, json::text, R"("…")");
  fields.need("duration_us", out.duration, time, "600000000");
  fields.need("warmup_us", out.warmup, time, "30000000");
  fields.need("incidents", out.incidents, json::list_of(incident), "[]");
  return out;
}

std::optional<Series> series(const Node& node, Collector& problems) {
  Series out;
  std::uint64_t from = 0;
  Fields fields(node, problems, R"({ "seed": 1, "bucket_us": 2000000, "curves": {} })");
  fields.need("seed", out.seed, json::natural, "1");
  const Node* start = fields.need("from_us", from, json::natural, "0");
  fields.need("warmup_us", out.warmup, time, "30000000");
  const Node* bucket = fields.need("bucket_us", out.bucket, time, "2000000");
  fields.need("curves", out.curves, curves, "{}");
  constexpr auto bucket_max = std::chrono::hours(8760);
  if (bucket != nullptr && out.bucket > bucket_max)
    problems.mismatch(*bucket, "at most a year", "2000000");
  else if (bucket != nullptr && longest(out.curves) > buckets_max(out.bucket))
    problems.meaning(*bucket, "the buckets of a curve take more than 285 years", "");
  if (start != nullptr && from != 0) problems.mismatch(*start, "0, where the traffic begins", "0");
  return out;
}

std::optional<std::vector<Distribution>> distributions(const Node& node, Collector& problems) {
  auto found = json::named(json::list_of(point))(node, problems);
  if (!found) return std::nullopt;
  std::vector<Distribution> out;
  for (auto& [name, points] : *found) out.push_back({.name = name, .points = std::move(points)});
  return out;
}

}  // namespace cacherace::report
