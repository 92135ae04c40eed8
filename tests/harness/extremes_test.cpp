// Durations and counts at the ends of what the loader takes: nothing wraps, nothing hangs, and no
// assertion fails.

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/core/stream.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/harness/trace/broken_run.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/report/export/json.hpp"
#include "tests/scenario/full_example.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::ordered_json;

// The example that uses the whole format, without files of traces and without what judges it, and
// with no more traffic than can be simulated in no time.
Json whole_format() {
  Json json = Json::parse(scenario::full_example, nullptr, true, true);
  Json flows = Json::array();
  for (const auto& flow : json["traffic"]["flows"])
    if (!flow.contains("trace")) flows.push_back(flow);
  for (auto& flow : flows) {
    if (flow.contains("rate")) flow["rate"] = "50/s";
    if (flow.contains("clients")) flow["clients"] = 3;
    flow.erase("from");
    flow.erase("to");
  }
  auto& traffic = json["traffic"];
  traffic["flows"] = flows;
  traffic["duration"] = "2s";
  traffic["warmup"] = "200ms";
  int tenths = 5;
  for (auto& incident : traffic["incidents"])
    incident["at"] = std::to_string(100 * tenths++) + "ms";
  for (const char* section : {"expect", "vary", "$schema"}) json.erase(section);
  return json;
}

void collect_leaves(const Json& json, const std::string& at, std::vector<std::string>& leaves) {
  if (json.is_structured()) {
    for (const auto& [key, value] : json.items()) collect_leaves(value, at + "/" + key, leaves);
  } else if (json.is_number() || json.is_string()) {
    leaves.push_back(at);
  }
}

// What may stand in the place of a value: the least, next to nothing, and the most.
std::vector<Json> extremes_of(const std::string& at, const Json& value) {
  if (value.is_number_integer()) {
    if (at.starts_with("/race/clients")) return {1, 2, 3};  // more take long to search
    if (at == "/keys/count") return {1, 2, 1000};
    return {0, 1, 64, 100, 1000, 100'000};
  }
  if (value.is_number()) return {0, 1e-9, 1, 2, 100};
  const auto text = value.get<std::string>();
  if (duration_of(text)) return {"0s", "1ns", "1ms", "8760h"};
  if (text.ends_with("/s") || text.ends_with("/min")) return {"0.000000001/s", "1/s", "10000000/s"};
  if (text.find("..") != std::string::npos)
    return {"0s", "0s..1ns", "0s..8760h", "8760h", "8759h..8760h"};
  if (text.ends_with("%")) return {"0%", "0.0000001%", "100%"};
  if (text.ends_with("mb") || text.ends_with("kb")) return {"1b", "1kb", "1gb"};
  return {};
}

// Some of its values at their ends, as far as that is still a scenario.
scenario::Scenario drawn(std::uint64_t number) {
  Words random(1, number, Purpose::request);
  Json json = whole_format();
  std::vector<std::string> leaves;
  collect_leaves(json, "", leaves);
  auto scenario = load_scenario(json.dump(), "extreme.json");
  REQUIRE(scenario.has_value());
  const std::uint64_t one_in = 1 + random.below(6);
  for (const auto& leaf : leaves) {
    if (random.below(one_in) > 0) continue;
    auto& value = json[Json::json_pointer(leaf)];
    const auto choices = extremes_of(leaf, value);
    if (choices.empty()) continue;
    const Json before = value;
    value = choices[random.below(choices.size())];
    if (auto changed = load_scenario(json.dump(), "extreme.json"))
      scenario = *std::move(changed);
    else
      value = before;
  }
  scenario->seed = number;
  return *scenario;
}

struct Ends {
  int done = 0, ended = 0, out_of_time = 0;
};

void run_some(const scenario::Scenario& scenario, const std::string& strategy, Ends& ends) {
  int asked = 0;
  const RunOptions options{.strategies = {strategy},
                           .replicates = 1,
                           .series = resolution_for(scenario, 100),
                           .go_on = [&](const RunProgress&) { return ++asked < 20; }};
  try {
    const auto result = run(scenario, options);
    CHECK(report::to_json(result).find("\": -") == std::string::npos);  // nothing is below 0
    ++(result.complete ? ends.done : ends.ended);
  } catch (const BrokenRun& broken) {
    CHECK(broken.problem.pointer.starts_with("/"));
    CHECK(broken.problem.fact.find("200 years") != std::string::npos);
    ++ends.out_of_time;
  }
}

void search_some(const scenario::Scenario& scenario, const std::string& strategy, Ends& ends) {
  int asked = 0;
  const auto outcome =
      search(scenario, {.strategies = {strategy},
                        .properties = {"no-stale-residue", "staleness", "wait", "loads-in-flight"},
                        .states_max = 150,
                        .go_on = [&](const SearchProgress&) {
                          return ++asked < 300 ? Going::on : Going::out_of_time;
                        }});
  CHECK(report::to_json(outcome.result).find("\": -") == std::string::npos);
  ++(asked < 300 ? ends.done : ends.ended);
}

void check_extremes(std::uint64_t from, std::uint64_t to) {
  Ends run, searched;
  for (std::uint64_t number = from; number < to; ++number) {
    const auto scenario = drawn(number);
    Words random(2, number, Purpose::request);
    const auto& strategy = scenario.strategies[random.below(scenario.strategies.size())].name;
    INFO(number << " " << strategy << " " << scenario.json);
    run_some(scenario, strategy, run);
    search_some(scenario, strategy, searched);
  }
  CHECK(run.done > 0);
  CHECK(searched.done > 0);
}

TEST_CASE("durations and counts at their ends") { check_extremes(0, 40); }

TEST_CASE("durations and counts at their ends, thousands of times", "[.thousands]") {
  for (std::uint64_t hundred = 1; hundred <= 50; ++hundred)
    check_extremes(hundred * 100, hundred * 100 + 100);
}

}  // namespace
}  // namespace cacherace::harness
