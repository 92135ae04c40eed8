// What befalls the cache server and the application in a run, computed by hand.

#include "tests/engine/recorder.hpp"

namespace cacherace::engine {
namespace {

using enum EffectKind;
using Moments = std::vector<SimTime>;

// Five keys, all cached; reads at 100 ms, 200 ms, …
scenario::Scenario warm(Duration duration, const scenario::Deed& deed, Duration when = 50ms) {
  auto scenario = steady({Decimal::one}, duration);
  scenario.keys.count = 5;
  scenario.traffic.prefill = true;
  scenario.traffic.incidents = {{.at = when, .deed = deed}};
  return scenario;
}

std::vector<bool> hits(const Recorder& seen) {
  std::vector<bool> hits;
  for (const auto& done : seen.served) hits.push_back(done.hit);
  return hits;
}

TEST_CASE("a flush empties the cache, and takes time for each entry") {
  auto scenario = warm(150ms, scenario::Flush{}, 100ms);
  scenario.cache.per_key = 1ms;
  const auto seen = record(scenario);
  CHECK(seen.blocked == std::vector<Recorder::Blocked>{{5ms, at(100ms)}});
  REQUIRE(seen.of(cache_flush).size() == 1);
  CHECK(seen.of(cache_flush)[0].reply.count == 5);
  CHECK(seen.moments(cache_get) == Moments{at(105ms)});  // since 100.5 ms
  CHECK(hits(seen) == std::vector{false});
}

TEST_CASE("a restart empties the cache at once") {
  auto scenario = warm(150ms, scenario::CacheRestart{}, 100ms);
  scenario.cache.per_key = 1ms;
  const auto seen = record(scenario);
  CHECK(seen.blocked.empty());
  CHECK(seen.moments(cache_get) == Moments{at(100ms + 500us)});
  CHECK(hits(seen) == std::vector{false});
}

TEST_CASE("a restart loses the writes that were queued in the cache only") {
  for (const auto queue :
       {scenario::WriteBehind::Queue::in_cache, scenario::WriteBehind::Queue::durable}) {
    auto scenario = warm(150ms, scenario::CacheRestart{}, 120ms);
    scenario.traffic.flows[0].reads = {0};
    scenario.strategies[0].write = scenario::WriteBehind{.queue = queue, .interval = 50ms};
    const bool in_cache = queue == scenario::WriteBehind::Queue::in_cache;
    const auto seen = record(scenario);
    CHECK(seen.of(cache_restart)[0].reply.lost_writes == (in_cache ? 1 : 0));
    CHECK(seen.of(db_write).size() == (in_cache ? 0 : 1));
  }
}

// A write at 100 ms deletes and sends its message, which takes 50 ms.
TEST_CASE("a restart loses the messages under way where processes keep their copies") {
  using Disconnect = scenario::LocalCache::Disconnect;
  for (const auto disconnect : {Disconnect::flush, Disconnect::keep}) {
    auto scenario = warm(150ms, scenario::CacheRestart{}, 140ms);
    scenario.traffic.flows[0].reads = {0};
    scenario.strategies[0].guards.local_cache =
        scenario::LocalCache{.processes = 2, .message = Constant{50ms}, .disconnect = disconnect};
    int arrived = 0;
    for (const auto& removal : record(scenario).of(local_del))
      arrived += removal.task == Task::tell;
    CHECK(arrived == (disconnect == Disconnect::flush ? 1 : 0));
  }
}

// Writes at 100 ms and 250 ms: the flush that its batch of one ended left nothing queued.
TEST_CASE("a write into an empty queue is flushed an interval later, whenever the last flush was") {
  auto scenario = steady({0}, 150ms);
  scenario.strategies[0].write = scenario::WriteBehind{.interval = 100ms, .batch = 1};
  scenario.traffic.flows.push_back(scenario.traffic.flows[0]);
  scenario.traffic.duration = 350ms;
  scenario.traffic.flows[0].to = 150ms;
  scenario.traffic.flows[1].from = 150ms;  // its first write is at 250 ms
  const auto seen = record(scenario);
  REQUIRE(seen.of(cache_write).size() >= 2);
  REQUIRE(seen.of(queue_take).size() >= 2);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(seen.of(queue_take)[i].at - seen.of(cache_write)[i].at >= 100ms);
}

TEST_CASE("somebody's KEYS blocks the server for every entry") {
  auto scenario = warm(150ms, scenario::KeysCommand{"user:*"}, 100ms);
  scenario.cache.per_key = 1ms;
  const auto seen = record(scenario);
  CHECK(seen.blocked == std::vector<Recorder::Blocked>{{5ms, at(100ms)}});
  CHECK(seen.moments(cache_get) == Moments{at(105ms)});
  CHECK(hits(seen) == std::vector{true});
  CHECK(seen.served[0].responded == at(105ms + 500us));
}

TEST_CASE("a longer block while the server is busy adds to it") {
  auto scenario = warm(150ms, scenario::KeysCommand{"user:*"}, 100ms);
  scenario.traffic.incidents.push_back({.at = 102ms, .deed = scenario::KeysCommand{"user:*"}});
  scenario.cache.per_key = 1ms;
  CHECK(record(scenario).moments(cache_get) == Moments{at(110ms)});
}

TEST_CASE("a new TTL holds for what is stored from then on") {
  auto scenario = warm(350ms, scenario::SetTtl{20ms});
  scenario.keys.count = 1;
  scenario.strategies[0].expiry.ttl = 150ms;
  const auto seen = record(scenario);
  CHECK(hits(seen) == std::vector{true, false, false});
  REQUIRE(seen.of(cache_set).size() == 2);
  CHECK(seen.of(cache_set)[0].effect.ttl == 20ms);
}

TEST_CASE("after a change of the key format every key misses, and the old entries stay in memory") {
  auto scenario = warm(250ms, scenario::ChangeKeyFormat{}, 150ms);
  scenario.keys.value = 1000;
  const auto seen = record(scenario);
  CHECK(hits(seen) == std::vector{true, false});
  CHECK(seen.server.memory_max == 6 * world::entry_bytes(1000, false));
}

TEST_CASE("what is stored under an old key format still expires") {
  auto scenario = warm(350ms, scenario::ChangeKeyFormat{}, 10ms);
  scenario.strategies[0].expiry.ttl = 150ms;
  scenario.traffic.flows[0].from = 200ms;  // one read at 300 ms
  CHECK(record(scenario).server.expired == 5);
}

TEST_CASE("reads that bypass the cache have no effect on it") {
  const auto seen = record(warm(250ms, scenario::Bypass{{Decimal::one}}, 150ms));
  CHECK(hits(seen) == std::vector{true, false});
  CHECK(seen.moments(cache_get) == Moments{at(100ms + 500us)});
  CHECK(seen.moments(db_read) == Moments{at(200ms)});
  CHECK(seen.of(cache_set).empty());
  CHECK(seen.served[1].responded == at(210ms));
}

TEST_CASE("an operator invalidates the keys of a group, one after another") {
  auto scenario = warm(150ms, scenario::InvalidateGroup{1});
  scenario.keys.groups = 2;
  const auto seen = record(scenario);
  const auto deletes = seen.of(cache_del);
  REQUIRE(deletes.size() == 2);
  CHECK(deletes[0].effect.key == 1);
  CHECK(deletes[0].at == at(50ms + 500us));
  CHECK(deletes[1].effect.key == 3);
  CHECK(deletes[1].at == at(51ms + 500us));
}

TEST_CASE("incidents at one moment happen in the order of the file, and after the traffic too") {
  auto scenario = warm(150ms, scenario::Flush{}, 400ms);
  scenario.traffic.incidents.push_back({.at = 400ms, .deed = scenario::CacheRestart{}});
  const auto seen = record(scenario);
  REQUIRE(seen.effects.size() == 3);
  CHECK(seen.effects[1].effect.kind == cache_flush);
  CHECK(seen.effects[2].effect.kind == cache_restart);
}

}  // namespace
}  // namespace cacherace::engine
