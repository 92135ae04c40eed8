// What the README shows is what the program prints.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/report/text/text.hpp"
#include "tests/support/root.hpp"

namespace cacherace {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

// The indented lines of the README after the first one that starts with `command`, up to the next
// paragraph.
std::vector<std::string> shown_after(const std::string& command) {
  std::vector<std::string> shown;
  bool found = false;
  for (const auto& line : lines_of(test::content_of("README.md"))) {
    const bool indented = line.starts_with("    ");
    if (found && !indented) break;
    if (found) shown.push_back(line.substr(4));
    found |= indented && line.substr(4).starts_with(command);
  }
  REQUIRE_FALSE(shown.empty());
  return shown;
}

scenario::Scenario stale_repopulate() {
  const std::string path = "scenarios/stale-repopulate.json";
  const auto scenario = harness::load_scenario(test::content_of(path), path);
  REQUIRE(scenario.has_value());
  return *scenario;
}

TEST_CASE("the README shows what search prints, line by line") {
  const auto outcome =
      harness::search(stale_repopulate(), {.count = true, .strategies = {"cache-aside"}});
  CHECK(shown_after("$ cacherace search") == lines_of(report::to_text(outcome.result, {})));
}

TEST_CASE("the README shows the worst cases that search prints") {
  const std::string path = "scenarios/worst-staleness.json";
  const auto scenario = harness::load_scenario(test::content_of(path), path);
  REQUIRE(scenario.has_value());
  const auto printed =
      lines_of(report::to_text(harness::search(*scenario, {.shrink = false}).result, {}));
  for (const auto& line : shown_after("$ cacherace search scenarios/worst-staleness.json")) {
    CAPTURE(line);
    CHECK(std::find(printed.begin(), printed.end(), line) != printed.end());
  }
}

TEST_CASE("the README shows rows that run prints, in their order", "[slow]") {
  const auto printed = lines_of(
      report::to_text(harness::run(stale_repopulate(), {.strategies = {"cache-aside"}}), {}));
  auto next = printed.begin();
  for (const auto& line : shown_after("$ cacherace run")) {
    CAPTURE(line);
    next = std::find(next, printed.end(), line);
    REQUIRE(next != printed.end());
  }
}

}  // namespace
}  // namespace cacherace
