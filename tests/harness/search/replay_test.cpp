// Whatever was done to a counterexample file, a replay answers.

#include "sim/harness/counterexample/replay.hpp"

#include "sim/harness/search/shrink.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

std::string saved_race() {
  const auto outcome = search(load(R"({"race": {"timing": "latencies", "pause_max": "1s", "clients":
    [{"name": "reader", "do": ["read k"]}, {"name": "writer", "do": ["write k"]}]}})"),
                              {.properties = {"no-stale-residue"}});
  REQUIRE(outcome.counterexamples.size() == 1);
  return report::to_json(outcome.counterexamples[0]);
}

void check_placed(const Problems& problems) {
  REQUIRE_FALSE(problems.empty());
  for (const Problem& problem : problems) {
    CHECK(problem.line > 0);
    CHECK(problem.column > 0);
    CHECK_FALSE(problem.fact.empty());
  }
}

TEST_CASE("a counterexample file that was cut is refused with a place, wherever it was cut") {
  const std::string whole = saved_race();
  const std::size_t end = whole.rfind('}');
  for (std::size_t length = 0; length <= end; ++length) {
    const auto replayed = replay(whole.substr(0, length), "race.json", nullptr, 1);
    REQUIRE_FALSE(replayed.has_value());
    check_placed(replayed.error());
  }
  REQUIRE(replay(whole.substr(0, end + 1), "race.json", nullptr, 1).has_value());
  CHECK_FALSE(shrink(whole.substr(0, end / 2), "race.json", {}).has_value());
}

// Steps that were exchanged, doubled, left out or put at other times.
TEST_CASE("a counterexample file with a damaged byte is replayed or refused") {
  const std::string whole = saved_race();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char other : {'0', '9', '-', 'x', '"'}) {
      std::string text = whole;
      text[at] = other;
      const auto replayed = replay(text, "race.json", nullptr, 1);
      if (!replayed.has_value()) CHECK_FALSE(replayed.error().empty());
    }
}

TEST_CASE("a counterexample's fault is needed where the race without it was exhausted") {
  const std::string race = R"({"start": "warm", "clients": [{"name": "reader", "do": ["read k"]},
    {"name": "writer", "do": ["write k"]}], "faults": {"crash": 1, "evict": 1}})";
  using Faults = std::vector<std::pair<std::string, std::uint32_t>>;
  const auto found = search_for(race, "no-stale-residue");
  const auto& shown = *only_property(found).counterexample;
  CHECK(shown.faults == Faults{{"evict", 1}});
  CHECK(shown.fewest_faults);
  // A budget that is too small for the race without faults proves nothing of it.
  const auto hasty = search_for(race, "no-stale-residue", {.shrink = false});
  CHECK_FALSE(only_property(hasty).counterexample->fewest_faults);
}

}  // namespace
}  // namespace cacherace::harness
