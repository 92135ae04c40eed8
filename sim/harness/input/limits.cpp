#include "sim/harness/input/limits.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "sim/core/utf8.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::ordered_json;

// What must not hold, and what holds then. The longer ones first: "<" begins "<=".
constexpr auto opposites = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"<=", "> "}, {">=", "< "}, {"<", ">= "}, {">", "<= "}});

struct Limit {
  std::string name;
  std::string wanted;  // as scenario files write it
};

std::optional<Limit> limit_of(const std::string& crossed) {
  if (first_not_utf8(crossed)) return std::nullopt;
  const auto at = crossed.find_first_of("<>");
  if (at == std::string::npos || at == 0) return std::nullopt;
  for (const auto& [sign, opposite] : opposites)
    if (crossed.compare(at, sign.size(), sign) == 0)
      return Limit{.name = crossed.substr(0, crossed.find_last_not_of(' ', at - 1) + 1),
                   .wanted = std::string(opposite) + crossed.substr(at + sign.size())};
  return std::nullopt;
}

Problems malformed(const std::string& crossed) {
  return {{.kind = Problem::Kind::meaning,
           .file = "--fail-on",
           .pointer = "",
           .fact = fmt::format(
               "expected a metric or property and the values that fail, found \"{}\"", crossed),
           .fix = "write it like 'db_qps_peak>5000'"}};
}

Problems no_goal() {
  return {{.kind = Problem::Kind::meaning,
           .file = "--fail-on",
           .pointer = "",
           .fact = "the scenario states no goal",
           .fix = R"(add "goal": { "error_ratio": "<= 0.1%" } to it)"}};
}

}  // namespace

Result<scenario::Scenario> with_limits(const scenario::Scenario& scenario,
                                       const std::vector<std::string>& crossed) {
  if (crossed.empty()) return scenario;
  Json json = Json::parse(scenario.json);
  auto& expect = json["expect"];
  if (expect.is_null()) expect = Json::object();
  for (const auto& text : crossed) {
    if (text == "goal") {
      if (!json.contains("goal")) return no_goal();
      for (const auto& [name, wanted] : json["goal"].items()) {
        for (auto& of_strategy : expect) of_strategy.erase(name);
        expect["*"][name] = wanted;
      }
      continue;
    }
    const auto limit = limit_of(text);
    if (!limit) return malformed(text);
    for (auto& of_strategy : expect) of_strategy.erase(limit->name);
    expect["*"][limit->name] = limit->wanted;
  }
  auto changed = load_scenario(json.dump(), "--fail-on");
  if (!changed) {
    Problems problems = changed.error();
    for (auto& problem : problems) problem.line = problem.column = 0;  // of a text nobody sees
    return problems;
  }
  changed->file = scenario.file;
  changed->digest = scenario.digest;
  changed->json = scenario.json;
  changed->seed = scenario.seed;
  return *std::move(changed);
}

Result<scenario::Scenario> with_limits_alone(const scenario::Scenario& scenario,
                                             const std::vector<std::string>& crossed) {
  auto bare = scenario;
  bare.expectations.clear();
  Json json = Json::parse(scenario.json);
  json.erase("expect");
  bare.json = json.dump();
  auto limited = with_limits(bare, crossed);
  if (limited) limited->json = scenario.json;
  return limited;
}

}  // namespace cacherace::harness
