#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

std::optional<Front> front(const Node& node, Collector& problems) {
  Front out;
  Fields fields(node, problems, R"({ "members": ["cache-aside"] })");
  fields.need("staleness_metric", out.staleness_metric, json::text, R"("staleness_us_p99")");
  fields.need("load_metric", out.load_metric, json::text, R"("db_qps_peak")");
  fields.need("latency_metric", out.latency_metric, json::text, R"("read_us_p99")");
  fields.need("members", out.members, json::list_of(json::text), R"(["cache-aside"])");
  return out;
}

std::optional<Recommendation::Other> other(const Node& node, Collector& problems) {
  Recommendation::Other out;
  Fields fields(node, problems, R"({ "strategy": "ttl 60s", "because": "…" })");
  fields.need("strategy", out.strategy, json::text, R"("ttl 60s")");
  fields.need("because", out.because, json::text, R"("…")");
  return out;
}

std::optional<Recommendation> recommendation(const Node& node, Collector& problems) {
  Recommendation out;
  std::optional<std::string> strategy;
  Fields fields(node, problems, R"({ "strategy": "lease", "says": ["…"], "others": [] })");
  fields.need("strategy", strategy, json::or_null(json::text), R"("lease")");
  fields.need("says", out.says, json::list_of(json::text), R"(["…"])");
  fields.need("others", out.others, json::list_of(other), "[]");
  out.strategy = strategy.value_or("");
  return out;
}

std::optional<std::vector<Definition>> definitions(const Node& node, Collector& problems) {
  const auto found = json::named(json::text)(node, problems);
  if (!found) return std::nullopt;
  std::vector<Definition> out;
  for (const auto& [name, says] : *found) out.push_back({.name = name, .says = says});
  return out;
}

struct Definitions {
  std::vector<Definition> metrics, properties;
};

std::optional<Definitions> all_definitions(const Node& node, Collector& problems) {
  Definitions out;
  Fields fields(node, problems, R"({ "metrics": {}, "properties": {} })");
  fields.need("metrics", out.metrics, definitions, "{}");
  fields.need("properties", out.properties, definitions, "{}");
  return out;
}

}  // namespace

void read_comparison(Fields& fields, Result& result) {
  Definitions meanings;
  fields.read("front", result.front, front);
  fields.read("recommendation", result.recommendation, recommendation);
  fields.need("definitions", meanings, all_definitions, R"({ "metrics": {}, "properties": {} })");
  result.metric_definitions = std::move(meanings.metrics);
  result.property_definitions = std::move(meanings.properties);
}

}  // namespace cacherace::report
