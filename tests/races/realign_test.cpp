// Schedules that no longer match are followed as far as they can be.

#include "sim/engine/race/realign.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/search/sample.hpp"
#include "tests/races/race_builder.hpp"
#include "tests/races/random_race.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

using engine::Label;
using Texts = std::vector<std::string>;

Label step(const std::string& client, const std::string& operation, const std::string& effect) {
  return {client, operation + " user:7", effect + " user:7", ""};
}

// The slow reader of the article's race.
std::vector<Label> stale_repopulate() {
  return {step("reader-1", "read", "cache.get"), step("reader-1", "read", "db.read"),
          step("writer-1", "write", "db.write"), step("writer-1", "write", "cache.del"),
          step("reader-1", "read", "cache.set")};
}

Texts texts(const engine::Race& race, const std::vector<Step>& steps) {
  Texts texts;
  for (const Step& step : steps) texts.push_back(to_text(race.label(step)));
  return texts;
}

std::vector<Label> labels(const engine::Race& race, const std::vector<Step>& steps) {
  std::vector<Label> labels;
  for (const Step& step : steps) labels.push_back(race.label(step));
  return labels;
}

TEST_CASE("a saved step that is gone is skipped", "[race]") {
  const auto changed = race(readers_and_writers({}), scenario::NoInvalidation{});
  const auto found = engine::realign(changed, stale_repopulate(), 1);
  CHECK(texts(changed, found.history.steps) ==
        Texts{"reader-1 cache.get user:7", "reader-1 db.read user:7", "writer-1 db.write user:7",
              "reader-1 cache.set user:7"});
  CHECK(found.matched == 4);
  CHECK(found.skipped == 1);
  CHECK(found.added + found.drawn == 0);
}

TEST_CASE("a new step that stands in the way is performed", "[race]") {
  const auto changed = race(readers_and_writers({}), scenario::DeleteBefore{});
  const auto found = engine::realign(changed, stale_repopulate(), 1);
  CHECK(texts(changed, found.history.steps) ==
        Texts{"reader-1 cache.get user:7", "reader-1 db.read user:7", "writer-1 cache.del user:7",
              "writer-1 db.write user:7", "reader-1 cache.set user:7"});
  CHECK(found.matched == 4);
  CHECK(found.skipped == 1);
  CHECK(found.added == 1);
  CHECK(found.drawn == 0);
}

TEST_CASE("steps after the saved ones are drawn by seed, without faults", "[race]") {
  auto plan = readers_and_writers({.readers = 2});
  plan.faults.crash = 2;
  const auto more = race(plan, scenario::DeleteAfter{});
  std::set<Texts> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto found = engine::realign(more, stale_repopulate(), seed);
    CHECK(found.matched == 5);
    CHECK(found.drawn == found.history.steps.size() - 5);
    CHECK(found.history.finals.size() == 1);
    for (const Step& step : found.history.steps) CHECK(step.happened());
    CHECK(engine::realign(more, stale_repopulate(), seed).history.steps == found.history.steps);
    seen.insert(texts(more, found.history.steps));
  }
  CHECK(seen.size() == 1);  // only the other reader's hit is left

  for (std::uint64_t seed = 0; seed < 50; ++seed)
    seen.insert(texts(more, engine::realign(more, {}, seed).history.steps));
  CHECK(seen.size() > 20);
}

TEST_CASE("what may not be tried is not taken", "[race]") {
  const auto baseline = race(readers_and_writers({}), scenario::DeleteAfter{});
  const auto found =
      engine::realign(baseline, stale_repopulate(), 1, [](std::size_t) { return false; });
  CHECK(found.skipped == 5);
  CHECK(found.history.steps.empty());
  CHECK(found.history.finals.empty());
}

TEST_CASE("a schedule of the same race matches step by step, under any strategy", "[race]") {
  prop("a schedule of the same race matches", [] {
    const auto drawn = random_race();
    const auto history = search::draw_execution(drawn, search::RandomWalk(1, 0), 200);
    if (!history) return;
    const auto found = engine::realign(drawn, labels(drawn, history->steps), 1);
    RC_ASSERT(found.matched == history->steps.size());
    RC_ASSERT(found.skipped + found.added + found.drawn == 0U);
    RC_ASSERT(found.history.steps == history->steps);
    RC_ASSERT(found.history.finals == history->finals);
  });
}

// What is left is an execution of the race, whatever the schedule was.
TEST_CASE("a schedule of another race becomes an execution of this one", "[race]") {
  int followed = 0;
  prop("any schedule can be realigned", [&] {
    const auto other = random_race(), drawn = random_race();
    const auto history = search::draw_execution(other, search::RandomWalk(1, 0), 200);
    if (!history) return;
    const auto found = engine::realign(drawn, labels(other, history->steps), 1);
    RC_ASSERT(found.matched + found.skipped == history->steps.size());
    RC_ASSERT(found.matched + found.added + found.drawn == found.history.steps.size());
    followed += found.matched > 1;
    auto state = drawn.initial();
    for (std::size_t i = 0; i < found.choices.size(); ++i)
      RC_ASSERT(drawn.step(state, drawn.pending(state)[found.choices[i]]) ==
                found.history.steps[i]);
    RC_ASSERT(drawn.pending(state).empty());
    RC_ASSERT(drawn.finals(state) == found.history.finals);
  });
  CHECK(followed > 20);
}

}  // namespace
}  // namespace cacherace::test
