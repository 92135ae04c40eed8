#include <array>

#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

constexpr auto verdicts = std::to_array<json::Spelling<Verdict>>({
    {name(Verdict::violated), Verdict::violated},
    {name(Verdict::proven), Verdict::proven},
    {name(Verdict::clean_so_far), Verdict::clean_so_far},
    {name(Verdict::vacuous), Verdict::vacuous},
});

std::optional<Pauses> pauses(const Node& node, Collector& problems) {
  Pauses out;
  std::optional<std::int64_t> longest;
  Fields fields(node, problems, R"({ "any": false, "longest_us": 984800 })");
  fields.need("any", out.any, json::boolean, "false");
  fields.need("longest_us", longest, json::or_null(nanoseconds), "984800");
  if (longest) out.longest = Duration(*longest);
  return out;
}

std::optional<Worst> worst(const Node& node, Collector& problems) {
  Worst out;
  std::optional<std::int64_t> time;
  std::optional<std::uint64_t> number;
  Fields fields(node, problems, R"({ "value_us": 61000000, "unbounded": false, "so_far": false })");
  fields.need("unbounded", out.unbounded, json::boolean, "false");
  fields.need("so_far", out.so_far, json::boolean, "false");
  out.is_time = fields.get("value_us") != nullptr;
  fields.read("value_us", time, json::or_null(nanoseconds));
  fields.read("value", number, json::or_null(json::natural));
  if (!time && !number && !out.unbounded) fields.missing(out.is_time ? "value_us" : "value", "1");
  out.value = out.is_time ? static_cast<std::uint64_t>(time.value_or(0)) : number.value_or(0);
  return out;
}

Covered covered(Fields& fields) {
  Covered out;
  fields.need("executions", out.executions, json::natural, "10000");
  fields.need("arose", out.arose, json::natural, "10000");
  fields.need("violating", out.violating, json::natural, "0");
  fields.need("states", out.states, json::natural, "17");
  fields.need("ends", out.ends, json::natural, "1");
  return out;
}

std::optional<Covered> covered_then(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "executions": 10, "states": 17 })");
  return covered(fields);
}

Sample sample(Fields& fields) {
  Sample out;
  fields.need("mode", out.mode, json::text, R"("random")");
  out.covered = covered(fields);
  fields.read("cut", out.cut, json::natural);
  fields.need("coverage", out.over_time, json::list_of(covered_then), "[]");
  return out;
}

Schedules schedules(Fields& fields) {
  Schedules out;
  fields.need("schedules", out.schedules, json::natural, "10");
  fields.read("violating", out.violating, json::natural);
  fields.read("cut", out.cut, json::natural);
  return out;
}

States states(Fields& fields) {
  States out;
  fields.need("states", out.states, json::natural, "17");
  fields.read("zones", out.zones, json::natural);
  fields.need("depth", out.depth, json::natural32, "9");
  return out;
}

Cases cases(const Node& node, Collector& problems) {
  Cases out;
  Fields fields(node, problems, R"({ "violated": 1, "proven": 9 })");
  for (const auto& [verdict, value] : verdicts)
    fields.need(verdict, out.of(value), json::natural, "0");
  return out;
}

std::optional<SmallestScenario> smallest(const Node& node, Collector& problems) {
  SmallestScenario out;
  Fields fields(node, problems, R"({ "race": "…", "durations": {}, "scenario": {} })");
  fields.need("race", out.race, json::text, R"("…")");
  fields.need("durations", out.durations, json::named(json::text), "{}");
  if (const Node* scenario = fields.get("scenario"))
    out.json = json::dump(*scenario);
  else
    fields.missing("scenario", "{}");
  fields.read("file", out.saved, json::text);
  return out;
}

// Samples have a mode, and many races counts of cases; else the reduction says whether states were
// recognised.
void read_visited(Fields& fields, PropertyResult& out, Collector& problems) {
  if (const Node* counted = fields.get("cases")) {
    out.visited = cases(*counted, problems);
    return;
  }
  if (fields.get("mode") != nullptr) {
    out.visited = sample(fields);
    return;
  }
  enum class Reduction { none, states, all } reduction = Reduction::none;
  static constexpr auto reductions = std::to_array<json::Spelling<Reduction>>(
      {{"none", Reduction::none}, {"states", Reduction::states}, {"all", Reduction::all}});
  fields.need("reduction", reduction, json::one_of(reductions, "reduction"), R"("all")");
  if (reduction == Reduction::none) {
    out.visited = schedules(fields);
    return;
  }
  States visited = states(fields);
  visited.symmetry = reduction == Reduction::all;
  out.visited = visited;
}

}  // namespace

std::optional<PropertyResult> property_result(const Node& node, Collector& problems) {
  PropertyResult out;
  Fields fields(node, problems, R"({ "name": "no-stale-residue", "verdict": "proven" })");
  fields.need("name", out.name, json::text, R"("no-stale-residue")");
  fields.need("verdict", out.verdict, json::one_of(verdicts, "verdict"), R"("proven")");
  read_visited(fields, out, problems);
  fields.need("transitions", out.transitions, json::natural, "22");
  fields.need("exhausted", out.exhausted, json::boolean, "true");
  fields.read("worst", out.worst, worst);
  fields.read("pauses", out.pauses, pauses);
  fields.read("smallest", out.smallest, smallest);
  fields.read("counterexample", out.counterexample, counterexample);
  return out;
}

}  // namespace cacherace::report
