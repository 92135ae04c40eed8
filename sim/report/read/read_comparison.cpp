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
  fields.need("error_metric", out.error_metric, metric_name, R"("error_ratio")");
  fields.need("staleness_metric", out.staleness_metric, metric_name, R"("staleness_us_p99")");
  fields.need("load_metric", out.load_metric, metric_name, R"("db_qps_peak")");
  fields.need("latency_metric", out.latency_metric, metric_name, R"("read_us_p99")");
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
  fields.read("runner_up", out.runner_up, json::text);
  fields.read("closest", out.closest, json::text);
  out.strategy = strategy.value_or("");
  return out;
}

}  // namespace

void read_comparison(Fields& fields, Result& result, Collector& problems) {
  fields.read("front", result.front, front);
  fields.read("recommendation", result.recommendation, recommendation);
  if (const Node* definitions = fields.get("definitions"))
    read_definitions(*definitions, result, problems);
  else
    fields.missing("definitions", R"({ "metrics": {}, "properties": {} })");
}

}  // namespace cacherace::report
