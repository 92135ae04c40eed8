#include "sim/report/export/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/report/escape.hpp"
#include "sim/report/export/json_parts.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  const double shown = rounded(value);
  constexpr double exact_integers = 9e15;
  if (std::abs(shown) < exact_integers && shown == std::trunc(shown))
    return static_cast<std::int64_t>(shown);
  return shown;
}

Json optional_number(std::optional<double> value) { return value ? number(*value) : Json(nullptr); }

void add(Json& json, const States& visited) {
  json["states"] = visited.states;
  if (visited.zones) json["zones"] = *visited.zones;
  json["depth"] = visited.depth;
  json["reduction"] = visited.symmetry ? "all" : "states";
}

void add(Json& json, const Schedules& visited) {
  json["schedules"] = visited.schedules;
  if (visited.violating) json["violating"] = *visited.violating;
  if (visited.cut > 0) json["cut"] = visited.cut;
  json["reduction"] = "none";
}

Json json_of(const Pauses& pauses) {
  Json longest = nullptr;
  if (pauses.longest) longest = microseconds(pauses.longest->count());
  return {{"any", pauses.any}, {"longest_us", longest}};
}

Json json_of(const Worst& worst) {
  Json value = worst.value;
  if (worst.is_time) value = microseconds(static_cast<std::int64_t>(worst.value));
  if (worst.unbounded) value = nullptr;
  return {{worst.is_time ? "value_us" : "value", value},
          {"unbounded", worst.unbounded},
          {"so_far", worst.so_far}};
}

void add(Json& json, const Covered& covered) {
  json["executions"] = covered.executions;
  json["arose"] = covered.arose;
  json["violating"] = covered.violating;
  json["states"] = covered.states;
  json["ends"] = covered.ends;
}

void add(Json& json, const Sample& visited) {
  json["mode"] = visited.mode;
  add(json, visited.covered);
  if (visited.cut > 0) json["cut"] = visited.cut;
  Json& over_time = json["coverage"] = Json::array();
  for (const auto& covered : visited.over_time) add(over_time.emplace_back(), covered);
}

void add(Json& json, const Cases& visited) {
  json["cases"] = {{name(Verdict::violated), visited.violated},
                   {name(Verdict::proven), visited.proven},
                   {name(Verdict::clean_so_far), visited.clean_so_far},
                   {name(Verdict::vacuous), visited.vacuous}};
}

Json json_of(const SmallestScenario& scenario) {
  Json durations = Json::object();
  for (const auto& [pointer, value] : scenario.durations) durations[pointer] = value;
  Json json{
      {"race", scenario.race}, {"durations", durations}, {"scenario", Json::parse(scenario.json)}};
  if (!scenario.saved.empty()) json["file"] = scenario.saved;
  return json;
}

Json json_of(const PropertyResult& property) {
  Json json{{"name", property.name}, {"verdict", name(property.verdict)}};
  std::visit([&](const auto& visited) { add(json, visited); }, property.visited);
  json["transitions"] = property.transitions;
  json["exhausted"] = property.exhausted;
  if (property.worst) json["worst"] = json_of(*property.worst);
  if (property.pauses) json["pauses"] = json_of(*property.pauses);
  if (property.counterexample) {
    json["counterexample"] = json_of(*property.counterexample);
  }
  if (property.smallest) json["smallest"] = json_of(*property.smallest);
  return json;
}

Json json_of(const Curve::Values& values) {
  Json json = Json::array();
  for (const auto& value : values) json.push_back(optional_number(value));
  return json;
}

Json json_of(const Series& series) {
  Json curves = Json::object();
  for (const auto& curve : series.curves) {
    Json& json = curves[curve.name];
    if (!curve.min.empty()) json["min"] = json_of(curve.min);
    if (!curve.mean.empty()) json["mean"] = json_of(curve.mean);
    if (!curve.max.empty()) json["max"] = json_of(curve.max);
  }
  return {{"seed", series.seed},
          {"from_us", 0},
          {"warmup_us", microseconds(series.warmup.count())},
          {"bucket_us", microseconds(series.bucket.count())},
          {"curves", curves}};
}

Json json_of(const std::vector<Distribution>& distributions) {
  Json json = Json::object();
  for (const auto& distribution : distributions) {
    Json& points = json[distribution.name] = Json::array();
    for (const auto& point : distribution.points)
      points.push_back(Json::array({microseconds(point.time.count()), number(point.above)}));
  }
  return json;
}

Json json_of(const Traffic& traffic) {
  Json incidents = Json::array();
  for (const auto& incident : traffic.incidents)
    incidents.push_back({{"at_us", microseconds(incident.at.count())}, {"says", incident.says}});
  return {{"says", traffic.says},
          {"duration_us", microseconds(traffic.duration.count())},
          {"warmup_us", microseconds(traffic.warmup.count())},
          {"incidents", incidents}};
}

Json json_of(const std::vector<MetricResult>& metrics) {
  Json json = Json::object();
  for (const auto& metric : metrics) {
    Json& value = json[std::string(name(metric.metric))];
    value["mean"] = optional_number(metric.mean);
    value["ci95"] =
        metric.ci95 ? Json{number(metric.ci95->low), number(metric.ci95->high)} : Json(nullptr);
    if (metric.endless) value["endless"] = true;
  }
  return json;
}

Json json_of(const StrategyResult& strategy, Result::Kind kind) {
  Json json{{"strategy", strategy.strategy}};
  if (judges_properties(kind)) {
    json["properties"] = Json::array();
    for (const auto& property : strategy.properties)
      json["properties"].push_back(json_of(property));
  }
  if (!simulates_traffic(kind)) return json;
  json["replicates"] = strategy.replicates;
  json["digest"] = strategy.digest;
  json["metrics"] = json_of(strategy.metrics);
  if (!strategy.differences.empty()) json["differences"] = json_of(strategy.differences);
  if (strategy.series) {
    json["series"] = json_of(*strategy.series);
    json["distributions"] = json_of(strategy.distributions);
  }
  return json;
}

std::string_view name(Result::Kind kind) {
  switch (kind) {
    case Result::Kind::search:
      return "search";
    case Result::Kind::run:
      return "run";
    case Result::Kind::compare:
      return "compare";
    case Result::Kind::sweep:
      return "sweep";
    case Result::Kind::fuzz:
      return "fuzz";
    case Result::Kind::comparisons:
      break;
  }
  return "comparisons";
}

Json json_of(const std::vector<PropertyDefinition>& definitions) {
  Json json = Json::object();
  for (const auto& [name, says] : definitions) json[name] = says;
  return json;
}

Json json_of(const std::vector<MetricDefinition>& definitions) {
  Json json = Json::object();
  for (const auto& of : definitions)
    json[std::string(name(of.metric))] = {{"says", of.says},
                                          {"label", of.label},
                                          {"unit", name(of.unit)},
                                          {"better", name(of.better)},
                                          {"shown", name(of.shown)}};
  return json;
}

Json scenario_of(const Result& result) {
  Json json{{"title", result.title}, {"digest", result.scenario_digest}};
  if (!result.story.empty()) json["story"] = result.story;
  if (!result.source.empty()) json["source"] = result.source;
  if (!result.scenario_json.empty()) json["text"] = result.scenario_json;
  return json;
}

Json json_of(const std::vector<Expected>& terms) {
  Json json = Json::array();
  for (const auto& term : terms)
    json.push_back({{"strategy", term.strategy},
                    {"name", term.name},
                    {"wanted", term.wanted},
                    {"found", term.found},
                    {"met", term.met},
                    {"undecided", term.undecided}});
  return json;
}

void add_comparison(Json& json, const Result& result) {
  if (const auto& front = result.front)
    json["front"] = {{"error_metric", name(front->error_metric)},
                     {"load_metric", name(front->load_metric)},
                     {"staleness_metric", name(front->staleness_metric)},
                     {"latency_metric", name(front->latency_metric)},
                     {"members", front->members}};
  if (const auto& recommended = result.recommendation) {
    Json others = Json::array();
    for (const auto& [strategy, because] : recommended->others)
      others.push_back({{"strategy", strategy}, {"because", because}});
    Json strategy = nullptr;
    if (!recommended->strategy.empty()) strategy = recommended->strategy;
    json["recommendation"] = {
        {"strategy", strategy}, {"says", recommended->says}, {"others", others}};
    Json& said = json["recommendation"];
    if (!recommended->runner_up.empty()) said["runner_up"] = recommended->runner_up;
    if (!recommended->closest.empty()) said["closest"] = recommended->closest;
  }
}

void add_definitions(Json& json, const Result& result) {
  json["definitions"] = {{"metrics", json_of(result.metric_definitions)},
                         {"properties", json_of(result.property_definitions)}};
}

void add_sweep(Json& json, const Result& result) {
  json["axes"] = Json::array();
  for (const auto& axis : result.axes)
    json["axes"].push_back({{"pointer", axis.pointer},
                            {"scale", axis.logarithmic ? "log" : "lin"},
                            {"unit", axis.is_time ? "us" : ""},
                            {"values", axis.values},
                            {"numbers", axis.numbers}});
  Json& shown = json["shown_metrics"] = Json::array();
  for (const Metric metric : result.shown_metrics) shown.push_back(name(metric));
  json["points"] = Json::array();
  for (const auto& point : result.points) {
    Json results = Json::array();
    for (const auto& strategy : point.results) results.push_back(json_of(strategy, result.kind));
    json["points"].push_back({{"at", point.at}, {"results", results}});
  }
  json["knees"] = Json::array();
  for (const auto& [strategy, metric, at] : result.knees)
    json["knees"].push_back({{"strategy", strategy}, {"metric", name(metric)}, {"at", at}});
}

// Of one scenario.
Json single(const Result& result) {
  Json json{{"cacherace", version},
            {"kind", name(result.kind)},
            {"scenario", scenario_of(result)},
            {"seed", result.seed}};
  if (judges_properties(result.kind)) {
    json["timing"] = result.timing;
    json["race"] = result.race;
  }
  if (simulates_traffic(result.kind)) json["traffic"] = json_of(result.traffic);
  if (!result.baseline.empty()) json["baseline"] = result.baseline;
  if (!result.notes.empty()) json["notes"] = result.notes;
  json["complete"] = result.complete;
  if (result.kind == Result::Kind::sweep) {
    add_sweep(json, result);
    if (!result.expectations.empty()) json["expectations"] = json_of(result.expectations);
    if (!result.metric_definitions.empty()) add_definitions(json, result);
    return json;
  }
  if (result.kind == Result::Kind::fuzz) json["drawn"] = result.drawn;
  if (result.threshold)
    json["threshold"] = {{"pointer", result.threshold->pointer},
                         {"holds_us", result.threshold->holds_us},
                         {"violated_us", result.threshold->violated_us}};
  json["results"] = Json::array();
  for (const auto& strategy : result.results)
    json["results"].push_back(json_of(strategy, result.kind));
  if (result.kind == Result::Kind::fuzz) return json;
  json["expectations"] = json_of(result.expectations);
  if (!result.goal.empty()) json["goal"] = json_of(result.goal);
  if (result.kind == Result::Kind::compare) add_comparison(json, result);
  if (result.kind == Result::Kind::compare || !result.metric_definitions.empty())
    add_definitions(json, result);
  return json;
}

Json several(const Result& result) {
  Json json{{"cacherace", version},
            {"kind", name(result.kind)},
            {"complete", result.complete},
            {"comparisons", Json::array()}};
  for (const auto& comparison : result.comparisons)
    json["comparisons"].push_back(single(comparison));
  return json;
}

}  // namespace

std::string to_json(const Result& result) {
  const bool comparisons = result.kind == Result::Kind::comparisons;
  return dumped(comparisons ? several(result) : single(result), 2) + "\n";
}

}  // namespace cacherace::report
