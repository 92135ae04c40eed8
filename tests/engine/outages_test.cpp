// Outages, slow servers and load shedding in a run, computed by hand.

#include "tests/engine/recorder.hpp"

namespace cacherace::engine {
namespace {

using enum EffectKind;
using Moments = std::vector<SimTime>;

// One key; an operation at 100 ms, 200 ms, …; something from 50 ms to 150 ms.
scenario::Scenario while_(const scenario::Deed& deed, Share reads = {Decimal::one},
                          Duration duration = 250ms) {
  auto scenario = steady(reads, duration);
  scenario.traffic.incidents = {{.at = 50ms, .deed = deed, .lasts = 100ms}};
  return scenario;
}

scenario::Scenario warm_while(const scenario::Deed& deed) {
  auto scenario = while_(deed);
  scenario.traffic.prefill = true;
  return scenario;
}

// Several operations at each moment.
void repeat_flow(scenario::Scenario& scenario, int times) {
  for (int i = 1; i < times; ++i) {
    scenario.traffic.flows.push_back(scenario.traffic.flows[0]);
    scenario.traffic.flows.back().name = "web" + std::to_string(i);
  }
}

std::vector<SimTime> sorted(std::vector<SimTime> moments) {
  std::ranges::sort(moments);
  return moments;
}

std::vector<SimTime> responses(const Recorder& seen) {
  std::vector<SimTime> moments;
  for (const auto& done : seen.served) moments.push_back(done.responded);
  return sorted(moments);
}

// The get fails at 101 ms; the row is there at 111 ms; the set fails at 112 ms.
TEST_CASE("a cache that is down refuses commands, and its entries stay") {
  const auto seen = record(warm_while(scenario::CacheDown{}));
  REQUIRE(seen.served.size() == 2);
  CHECK(responses(seen) == Moments{at(112ms), at(201ms)});
  CHECK_FALSE(seen.served[0].failed);
  CHECK_FALSE(seen.served[0].hit);
  CHECK(seen.served[1].hit);
  CHECK(seen.moments(cache_get) == Moments{at(200ms + 500us)});
  CHECK(seen.timeouts == Moments{at(100ms + 500us), at(111ms + 500us)});
}

TEST_CASE("a read can fail where the cache gives no answer") {
  auto scenario = warm_while(scenario::CacheDown{});
  scenario.strategies[0].read =
      scenario::PlainRead{.unanswered = scenario::PlainRead::Unanswered::fail};
  const auto seen = record(scenario);
  CHECK(responses(seen) == Moments{at(101ms), at(201ms)});
  CHECK(seen.served[0].failed);
  CHECK_FALSE(seen.served[1].failed);
  CHECK(seen.queries.empty());
}

// The get times out at 120 ms, the set that was sent at 130 ms at 150 ms.
TEST_CASE("a cache that is silent lets its clients wait for their timeout") {
  auto scenario = warm_while(scenario::CacheSilent{});
  scenario.clients.timeout = 20ms;
  const auto seen = record(scenario);
  CHECK(responses(seen) == Moments{at(150ms), at(201ms)});
  CHECK(seen.timeouts == Moments{at(120ms), at(150ms)});
  CHECK(seen.moments(cache_get) == Moments{at(200ms + 500us)});
}

TEST_CASE("a slow cache takes longer for each command, half of it on the way there") {
  const auto seen = record(warm_while(scenario::CacheSlow{4ms}));
  CHECK(seen.moments(cache_get) == Moments{at(102ms + 500us), at(200ms + 500us)});
  CHECK(responses(seen) == Moments{at(105ms), at(201ms)});
}

TEST_CASE("messages to other processes are lost while the cache is away") {
  for (const bool down : {false, true}) {
    auto scenario = while_(scenario::CacheDown{.down = down}, {0}, 150ms);
    scenario.traffic.incidents[0].at = 120ms;
    scenario.traffic.incidents[0].lasts = 50ms;
    scenario.strategies[0].guards.local_cache =
        scenario::LocalCache{.processes = 2, .message = Constant{50ms}};
    int arrived = 0;
    for (const auto& removal : record(scenario).of(local_del))
      arrived += removal.task == Task::tell;
    CHECK(arrived == (down ? 0 : 1));
  }
}

// A write at 100 ms queues; the flush of 140 ms finds nobody, and goes on at 150 ms.
TEST_CASE("who flushes the queue of a cache that is away waits for its return") {
  auto scenario = while_(scenario::CacheDown{}, {0}, 150ms);
  scenario.traffic.incidents[0].at = 120ms;
  scenario.traffic.incidents[0].lasts = 30ms;
  scenario.strategies[0].write = scenario::WriteBehind{.interval = 40ms};
  const auto seen = record(scenario);
  REQUIRE(seen.of(queue_take).size() >= 1);
  CHECK(seen.of(queue_take)[0].at == at(150ms));
  CHECK(seen.of(db_write).size() == 1);
}

TEST_CASE("a database that is down rejects queries after the time that they would have taken") {
  const auto seen = record(while_(scenario::DatabaseDown{}));
  CHECK(seen.rejected == 1);
  CHECK(seen.queries.size() == 1);
  CHECK(responses(seen) == Moments{at(111ms), at(212ms)});
  CHECK(seen.served[0].failed);
  CHECK_FALSE(seen.served[1].failed);
}

// Two queries at 101 ms, one connection: one is served until 111 ms, the other waits at 105 ms.
TEST_CASE("an outage rejects the queries that wait, and lets those that are served end") {
  auto scenario = while_(scenario::DatabaseDown{}, {Decimal::one}, 150ms);
  scenario.traffic.incidents[0].at = 105ms;
  scenario.database.connections = 1;
  repeat_flow(scenario, 2);
  const auto seen = record(scenario);
  CHECK(seen.rejected == 1);
  CHECK(responses(seen) == Moments{at(112ms), at(115ms)});
}

TEST_CASE("with half of its connections a database serves half as many at a time") {
  auto scenario = while_(scenario::DatabaseCapacity{{Decimal::one / 2}}, {Decimal::one}, 150ms);
  scenario.traffic.incidents[0].lasts = 65ms;  // until 115 ms
  scenario.database.connections = 2;
  repeat_flow(scenario, 3);
  const auto seen = record(scenario);
  Moments starts;
  for (const auto& query : seen.queries) starts.push_back(query.at);
  CHECK(starts == Moments{at(101ms), at(111ms), at(115ms)});
}

// Of one processor each of two queries has half: 5 ms of its 10 until 111 ms, the rest alone.
TEST_CASE("with half of its processors a database that slows down takes twice as long") {
  auto scenario = while_(scenario::DatabaseCapacity{{Decimal::one / 2}}, {Decimal::one}, 150ms);
  scenario.database.connections = 2;
  scenario.database.overload = scenario::Overload::slow;
  repeat_flow(scenario, 2);
  CHECK(responses(record(scenario)) == Moments{at(122ms), at(122ms)});
  scenario.traffic.incidents[0].lasts = 61ms;
  CHECK(responses(record(scenario)) == Moments{at(117ms), at(117ms)});
}

TEST_CASE("operations that are not let in fail at once, and do nothing") {
  const auto seen = record(warm_while(scenario::Admit{{0}}));
  CHECK(responses(seen) == Moments{at(100ms), at(201ms)});
  CHECK(seen.served[0].failed);
  CHECK_FALSE(seen.served[1].failed);
  CHECK(seen.effects.size() == 1);
}

TEST_CASE("of a share of the keys the entries are gone, of the same keys each time") {
  const auto left = [](const std::vector<int>& percents) {
    auto scenario = steady({0}, 50ms);
    scenario.keys.count = 10'000;
    scenario.traffic.prefill = true;
    scenario.traffic.incidents.clear();
    for (const int percent : percents)
      scenario.traffic.incidents.push_back(
          {.at = 10ms, .deed = scenario::Flush{{percent * Decimal::one / 100}}, .lasts = {}});
    Recorder recorder;
    const auto strategy = strategy::compose(scenario.strategies[0], 0);
    const KeySampler keys(scenario.keys);
    Clock clock(scenario, strategy, keys, scenario.seed, recorder);
    CHECK(clock.run([](SimTime) { return true; }));
    return clock.world().cache.present();
  };
  const auto quarter_gone = left({25});
  CHECK(quarter_gone > 7300);  // four standard deviations are 173
  CHECK(quarter_gone < 7700);
  CHECK(left({25, 25, 10}) == quarter_gone);
  CHECK(left({25, 50}) == left({50}));
  CHECK(left({100}) == 0);
}

TEST_CASE("what is not used leaves a run as it was") {
  auto scenario = steady({Decimal::one / 2}, 2s);
  const auto digest = record(scenario).digest;
  scenario.traffic.incidents = {
      {.at = 3s, .deed = scenario::CacheDown{}, .lasts = 1s},
      {.at = 3s, .deed = scenario::DatabaseCapacity{{Decimal::one / 2}}, .lasts = {}}};
  CHECK(record(scenario).digest == digest);
}

}  // namespace
}  // namespace cacherace::engine
