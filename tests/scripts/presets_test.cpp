// What `cacherace init` writes does what it says.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/harness/catalogue/presets.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

TEST_CASE("every preset is a scenario, a script and a page, and its expectations are met",
          "[race]") {
  CHECK(harness::presets().size() >= 13);
  for (const auto& preset : harness::presets()) {
    INFO(preset.name);
    CHECK_FALSE(preset.title().empty());
    CHECK(preset.files.size() >= 3);
    const std::string file = "presets/" + std::string(preset.name) + "/scenario.json";
    const auto scenario = harness::load_scenario(content_of(file), (root() / file).string());
    REQUIRE(scenario.has_value());
    const auto result = harness::search(*scenario, {.shrink = false}).result;
    CHECK_FALSE(result.expectations.empty());
    for (const auto& expectation : result.expectations) {
      INFO(expectation.strategy << " " << expectation.name);
      CHECK(expectation.met);
    }
  }
}

TEST_CASE("Django's get_or_set goes wrong in as many schedules as the real one") {
  const std::string file = "presets/django-get-or-set/scenario.json";
  const auto scenario = harness::load_scenario(content_of(file), (root() / file).string());
  REQUIRE(scenario.has_value());
  const auto result =
      harness::search(*scenario,
                      {.count = true, .shrink = false, .properties = {"no-stale-residue"}})
          .result;
  const auto violating = [&](std::size_t strategy) {
    const auto& visited = result.results[strategy].properties[0].visited;
    return std::get<report::Schedules>(visited).violating.value_or(0);
  };
  CHECK(violating(0) == 3);   // of 35, and of more here, where entries expire
  CHECK(violating(1) == 30);  // of 70: deleted in post_save
  CHECK(violating(2) == 6);   // of 70: deleted on commit
}

TEST_CASE("cache-aside goes wrong in 1 of 10 orders, and of 5 more in which the entry expires") {
  const std::string file = "presets/cache-aside/scenario.json";
  const auto scenario = harness::load_scenario(content_of(file), (root() / file).string());
  REQUIRE(scenario.has_value());
  const auto result =
      harness::search(*scenario,
                      {.count = true, .shrink = false, .properties = {"no-stale-residue"}})
          .result;
  // The fill comes before the delete in 4 of the 10 orders: before both of the writer's commands,
  // or between them with the commit at one of three places. The entry may expire at two places in
  // the first, and at one in each of the others.
  const auto& plain = std::get<report::Schedules>(result.results[0].properties[0].visited);
  CHECK(plain.schedules == 10 + 2 + 3);
  CHECK(plain.violating == 1);
  const auto& generation = std::get<report::Schedules>(result.results[1].properties[0].visited);
  CHECK(generation.violating == 0);
}

}  // namespace
}  // namespace cacherace::test
