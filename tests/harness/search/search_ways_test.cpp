// The ways to search: by states, by schedules, by a sample; within budgets and on several threads.

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/counterexample/replay.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

constexpr const char* two_readers = R"({"clients": [
      {"name": "reader", "count": 2, "do": ["read user:7"]},
      {"name": "writer", "do": ["write user:7"]}]})";

TEST_CASE("counting visits everything; without it a search ends with the last open property") {
  const auto counted = search_for(two_readers, "no-stale-residue", {.count = true});
  CHECK(schedules(counted) == 534);
  CHECK(std::get<report::Schedules>(only_property(counted).visited).violating == 70);
  CHECK(only_property(counted).exhausted);
  const auto brief = search_for(two_readers, "no-stale-residue", {.reduction = Reduction::none});
  CHECK_VERDICT(brief, Verdict::violated);
  CHECK(schedules(brief) < 534);
  CHECK_FALSE(std::get<report::Schedules>(only_property(brief).visited).violating);
}

TEST_CASE("states are recognised, and clients that are alike are taken for each other") {
  const std::string generation = R"({"fill": "generation"})";
  const auto search_with = [&](Reduction reduction) {
    return search_for(two_readers, "no-stale-residue", {.reduction = reduction}, generation);
  };
  const auto none = search_with(Reduction::none);
  const auto recognised = search_with(Reduction::states);
  const auto all = search_with(Reduction::all);
  for (const auto* outcome : {&none, &recognised, &all}) {
    CHECK_VERDICT(*outcome, Verdict::proven);
    CHECK(only_property(*outcome).exhausted);
  }
  CHECK_FALSE(states(recognised).symmetry);
  CHECK(states(all).symmetry);
  CHECK(states(all).depth == states(recognised).depth);
  CHECK(states(all).states < states(recognised).states);
  CHECK(states(recognised).states < schedules(none));
}

TEST_CASE("a property that measures is searched to the end") {
  const auto counted = search_for(two_readers, "loads-in-flight", {.count = true});
  const auto found = search_for(two_readers, "loads-in-flight");
  CHECK_VERDICT(found, Verdict::violated);
  CHECK(only_property(found).exhausted);
  CHECK(only_property(found).worst->value == 2);
  CHECK(only_property(found).worst->value == only_property(counted).worst->value);
}

TEST_CASE("without shrinking, the first counterexample is shown, of the whole race") {
  const auto found = search_for(two_readers, "no-stale-residue", {.shrink = false});
  REQUIRE(only_property(found).counterexample);
  const auto& shown = *only_property(found).counterexample;
  CHECK_FALSE(shown.minimal);
  CHECK(shown.readers == std::vector<std::string>{"reader-1", "reader-2"});
  const auto replayed =
      replay(report::to_json(found.counterexamples.at(0)), "race.json", nullptr, 1);
  REQUIRE(replayed.has_value());
  CHECK_FALSE(replayed->divergence);
}

TEST_CASE("a race that is far too large to enumerate is searched and shrunk") {
  const auto outcome = search_for(R"({"clients": [
      {"name": "reader", "count": 10, "do": ["read user:7"]},
      {"name": "writer", "count": 4, "do": ["write user:7"]}]})",
                                  "no-stale-residue");
  const auto& found = only_property(outcome);
  CHECK_VERDICT(outcome, Verdict::violated);
  REQUIRE(found.counterexample);
  CHECK(found.counterexample->steps.size() == 5);
  CHECK(found.counterexample->context_switches == 2);
  CHECK(found.counterexample->minimal);
}

TEST_CASE("the number of jobs changes no result", "[threads]") {
  const auto scenario = load(R"({
      "strategies": {"after": {}, "before": {"write": "delete-before"}, "add": {"fill": "add"}},
      "race": {"clients": [{"name": "reader", "count": 2, "do": ["read k", "read k"]},
                           {"name": "writer", "do": ["write k", "read k"]}]}})");
  const auto text = [&](SearchOptions options, unsigned jobs) {
    options.jobs = jobs;
    options.schedules_max = 20'000;
    const auto outcome = search(scenario, options);
    std::string all = report::to_json(outcome.result);
    for (const auto& counterexample : outcome.counterexamples)
      all += report::to_json(counterexample);
    return all;
  };
  for (const SearchOptions& options :
       {SearchOptions{}, SearchOptions{.count = true}, SearchOptions{.mode = SearchMode::random},
        SearchOptions{.mode = SearchMode::pct}}) {
    const auto one = text(options, 1);
    for (const unsigned jobs : {2U, 3U, 16U}) CHECK(text(options, jobs) == one);
  }
}

TEST_CASE("a sample finds what is there, and never proves anything") {
  for (const SearchMode mode : {SearchMode::random, SearchMode::pct}) {
    const SearchOptions options{.mode = mode, .schedules_max = 2'000};
    const auto found = search_for(two_readers, "no-stale-residue", options);
    CHECK_VERDICT(found, Verdict::violated);
    CHECK_FALSE(only_property(found).exhausted);
    const auto& visited = std::get<report::Sample>(only_property(found).visited);
    const auto& covered = visited.covered;
    CHECK(covered.executions == 2'000);
    CHECK(covered.violating > 0);
    CHECK(covered.arose >= covered.violating);
    CHECK(covered.states <= 93);  // of the race; three priorities do not lead to all
    if (mode == SearchMode::random) CHECK(covered.states == 93);
    CHECK(covered.ends == 3);  // no entry, the old version, the new one
    REQUIRE(visited.over_time.size() == 10);
    CHECK(visited.over_time[4].executions == 20);
    for (std::size_t i = 1; i < visited.over_time.size(); ++i) {
      CHECK(visited.over_time[i].executions > visited.over_time[i - 1].executions);
      CHECK(visited.over_time[i].states >= visited.over_time[i - 1].states);
    }
    REQUIRE(only_property(found).counterexample);
    CHECK(only_property(found).counterexample->steps.size() == 5);
    CHECK(only_property(found).counterexample->minimal);
    const auto clean =
        search_for(two_readers, "no-stale-residue", options, R"({"fill": "generation"})");
    CHECK_VERDICT(clean, Verdict::clean_so_far);
  }
}

TEST_CASE("a random walk meets the article's race in one execution of sixteen") {
  const auto found = search_for(R"({"clients": [
      {"name": "reader", "do": ["read user:7"]}, {"name": "writer", "do": ["write user:7"]}]})",
                                "no-stale-residue", {.mode = SearchMode::random});
  const auto& visited = std::get<report::Sample>(only_property(found).visited);
  CHECK(visited.covered.executions == 10'000);
  CHECK(visited.covered.violating > 575);  // two standard deviations of 625
  CHECK(visited.covered.violating < 675);
}

TEST_CASE("a sample ends when its states take more memory than it may have") {
  const auto found =
      search_for(two_readers, "no-stale-residue",
                 {.mode = SearchMode::random, .bytes_max = 1, .schedules_max = 2'000});
  const auto& visited = std::get<report::Sample>(only_property(found).visited);
  CHECK(visited.covered.executions > 0);
  CHECK(visited.covered.executions < 2'000);
}

TEST_CASE("executions of a sample that take too long are cut") {
  const auto found = search_for(two_readers, "no-stale-residue",
                                {.mode = SearchMode::random, .schedules_max = 100, .steps_max = 7});
  const auto& visited = std::get<report::Sample>(only_property(found).visited);
  CHECK(visited.cut > 0);
  CHECK(visited.covered.executions > 0);
  CHECK(visited.covered.executions + visited.cut == 100);
}

}  // namespace
}  // namespace cacherace::harness
