// Names of metrics, and what they mean.

#include <array>

#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

// A decoder of one of some values, by the name that each has.
template <typename T, T... values>
std::optional<T> named_value(const Node& node, Collector& problems) {
  static constexpr auto spellings =
      std::to_array<json::Spelling<T>>({{cacherace::name(values), values}...});
  return json::one_of(spellings, "value")(node, problems);
}

constexpr auto unit =
    named_value<Unit, Unit::count, Unit::share, Unit::microseconds, Unit::bytes, Unit::per_second>;
constexpr auto better = named_value<Better, Better::less, Better::more, Better::neither>;
constexpr auto shown = named_value<Shown, Shown::in_full, Shown::if_not_zero, Shown::first>;

std::optional<MetricDefinition> metric_definition(const Node& node, Collector& problems) {
  MetricDefinition out;
  Fields fields(node, problems, R"({ "says": "hits / reads", "label": "hit ratio" })");
  fields.need("says", out.says, json::text, R"("hits / reads")");
  fields.need("label", out.label, json::text, R"("hit ratio")");
  fields.need("unit", out.unit, unit, R"("share")");
  fields.need("better", out.better, better, R"("more")");
  fields.need("shown", out.shown, shown, R"("first")");
  const auto metric = metric_of_key(node, problems);
  if (!metric) return std::nullopt;
  out.metric = *metric;
  return out;
}

std::optional<PropertyDefinition> property_definition(const Node& node, Collector& problems) {
  const auto says = json::text(node, problems);
  if (!says) return std::nullopt;
  return PropertyDefinition{.name = node.key, .says = *says};
}

// The values of an object whose keys are parts of them.
template <typename Decode>
auto values_of(Decode decode) {
  using Value = typename std::invoke_result_t<Decode, const Node&, Collector&>::value_type;
  return [decode](const Node& node, Collector& problems) -> std::optional<std::vector<Value>> {
    auto found = json::named(decode)(node, problems);
    if (!found) return std::nullopt;
    std::vector<Value> values;
    for (auto& [key, value] : *found) values.push_back(std::move(value));
    return values;
  };
}

}  // namespace

std::optional<Metric> metric_name(const Node& node, Collector& problems) {
  const auto text = json::text(node, problems);
  if (!text) return std::nullopt;
  const auto metric = metric_named(*text);
  if (!metric) problems.unknown_value(node, "metric", metric_names);
  return metric;
}

std::optional<Metric> metric_of_key(const Node& member, Collector& problems) {
  const auto metric = metric_named(member.key);
  if (!metric) problems.unknown_key(member, "metric", metric_names);
  return metric;
}

void read_definitions(const Node& node, Result& result, Collector& problems) {
  Fields fields(node, problems, R"({ "metrics": {}, "properties": {} })");
  fields.need("metrics", result.metric_definitions, values_of(metric_definition), "{}");
  fields.need("properties", result.property_definitions, values_of(property_definition), "{}");
}

}  // namespace cacherace::report
