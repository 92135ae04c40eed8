#include "sim/engine/race/race.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/engine/race/schedule.hpp"
#include "tests/races/race_builder.hpp"

namespace cacherace::engine {
namespace {

using namespace std::chrono_literals;
using test::race;
using test::readers_and_writers;

std::vector<std::string> pending_texts(const Race& race, const Race::State& state) {
  std::vector<std::string> texts;
  for (const auto choice : race.pending(state)) texts.push_back(to_text(race.label(state, choice)));
  return texts;
}

TEST_CASE("a plan spells out the clients and the keys in the order of their mention") {
  scenario::Scenario scenario;
  auto& settings = scenario.race;
  settings.clients = {{"reader", 2, {{scenario::Operation::Kind::read, "a"}}},
                      {"writer", 1, {{scenario::Operation::Kind::write, "b"}}}};
  settings.start.all = scenario::KeyStart::warm;
  settings.start.keys = {{"b", scenario::KeyStart::absent}};
  const Plan plan = engine::plan(scenario);
  REQUIRE(plan.scripts.size() == 3);
  CHECK(plan.scripts[1].client == "reader-2");
  CHECK(plan.rows == std::vector<std::string>{"a", "b"});
  CHECK(plan.starts == std::vector{scenario::KeyStart::warm, scenario::KeyStart::absent});
}

TEST_CASE("an entry with a TTL may expire at any time while clients are at work") {
  const auto plan = readers_and_writers({.start = scenario::KeyStart::warm});
  const Race with_ttl = race(plan, scenario::DeleteAfter{}, {.ttl = 60s});
  auto state = with_ttl.initial();
  CHECK(pending_texts(with_ttl, state) == std::vector<std::string>{"reader-1 cache.get user:7",
                                                                   "writer-1 db.write user:7",
                                                                   "clock cache.expire user:7"});
  with_ttl.step(state, {.kind = Choice::Kind::expire, .actor = clock_actor});
  CHECK(pending_texts(with_ttl, state).size() == 2);
  CHECK_FALSE(with_ttl.step(state, {.actor = 0}).reply.found);

  const Race without = race(plan, scenario::DeleteAfter{});
  CHECK(pending_texts(without, without.initial()).size() == 2);
}

TEST_CASE("a key that starts absent has no row; a reader caches nothing, a write inserts it") {
  auto plan = readers_and_writers({.start = scenario::KeyStart::absent});
  const Race absent = race(plan, scenario::DeleteAfter{});
  auto state = absent.initial();
  absent.step(state, {.actor = 0});
  const Step read = absent.step(state, {.actor = 0});
  CHECK_FALSE(read.reply.found);
  CHECK(read.completes);
  CHECK(absent.step(state, {.actor = 1}).reply.version == 1);
}

TEST_CASE("clients that are done are alike, whatever they did") {
  const auto plan = readers_and_writers({.readers = 2, .writers = 0});
  const Race two = race(plan, scenario::DeleteAfter{});
  auto state = two.initial();
  for (int i = 0; i < 3; ++i) two.step(state, {.actor = 0});  // misses, and fills
  two.step(state, {.actor = 1});                              // hits
  CHECK(two.pending(state).empty());
  CHECK(state.world.clients[0] == state.world.clients[1]);
}

std::vector<Label> stale_repopulate() {
  const auto step = [](std::string client, std::string operation, std::string effect,
                       std::string result) {
    return Label{client, operation + " user:7", effect + " user:7", std::move(result)};
  };
  return {step("reader-1", "read", "cache.get", "miss"),
          step("reader-1", "read", "db.read", "row v1"),
          step("writer-1", "write", "db.write", "committed v2"),
          step("writer-1", "write", "cache.del", "no entry"),
          step("reader-1", "read", "cache.set", "stored v1")};
}

TEST_CASE("a replay performs the steps that are asked for") {
  const Race baseline = race(readers_and_writers({}), scenario::DeleteAfter{});
  const auto replayed = replay(baseline, stale_repopulate());
  CHECK_FALSE(replayed.divergence);
  REQUIRE(replayed.history.finals.size() == 1);
  const FinalKey& left = replayed.history.finals.front();
  CHECK(left.cached);
  CHECK(left.cached_version == 1);
  CHECK(left.row_version == 2);
  CHECK(left.eternal);
}

TEST_CASE("a replay names the first step that no longer matches, by label") {
  const Race changed = race(readers_and_writers({}), scenario::DeleteBefore{});
  const auto replayed = replay(changed, stale_repopulate());
  REQUIRE(replayed.divergence);
  CHECK(replayed.divergence->step == 3);
  CHECK(replayed.divergence->says ==
        "expected writer-1 db.write user:7, but pending are: reader-1 cache.set user:7; "
        "writer-1 cache.del user:7");
  CHECK(replayed.history.steps.size() == 2);
}

TEST_CASE("a replay notices another result, a missing end and a step too many") {
  const Race baseline = race(readers_and_writers({}), scenario::DeleteAfter{});
  auto schedule = stale_repopulate();
  schedule[3].result = "deleted v1";
  CHECK(replay(baseline, schedule).divergence->says ==
        "expected writer-1 cache.del user:7 to give \"deleted v1\", but it gave \"no entry\"");
  schedule = stale_repopulate();
  schedule.pop_back();
  CHECK(replay(baseline, schedule).divergence->says ==
        "expected the end, but pending are: reader-1 cache.set user:7");
  schedule = stale_repopulate();
  schedule.push_back(schedule.back());
  CHECK(replay(baseline, schedule).divergence->says ==
        "expected reader-1 cache.set user:7, but nothing is pending");
}

}  // namespace
}  // namespace cacherace::engine
