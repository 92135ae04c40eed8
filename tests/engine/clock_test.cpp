// The clock engine, observed effect by effect.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <tuple>

#include "sim/core/checked_time.hpp"
#include "tests/engine/recorder.hpp"

namespace cacherace::engine {
namespace {

TEST_CASE("a read that misses: half a cache latency, the query, half a cache latency") {
  const auto seen = record(steady({Decimal::one}));
  REQUIRE(seen.effects.size() == 3);
  CHECK(seen.effects[0].effect.kind == EffectKind::cache_get);
  CHECK(seen.effects[0].at == at(100ms + 500us));
  CHECK(seen.effects[1].effect.kind == EffectKind::db_read);
  CHECK(seen.effects[1].at == at(101ms));  // the snapshot: when service starts
  CHECK(seen.effects[2].effect.kind == EffectKind::cache_set);
  CHECK(seen.effects[2].at == at(111ms + 500us));
  REQUIRE(seen.served.size() == 1);
  CHECK(seen.served[0].responded == at(112ms));
  CHECK_FALSE(seen.served[0].hit);
}

TEST_CASE("a write commits when its service ends, and deletes half a cache latency later") {
  const auto seen = record(steady({0}));
  REQUIRE(seen.effects.size() == 2);
  CHECK(seen.effects[0].effect.kind == EffectKind::db_write);
  CHECK(seen.effects[0].at == at(106ms));
  CHECK(seen.effects[0].reply.version == 2);
  CHECK(seen.effects[1].effect.kind == EffectKind::cache_del);
  CHECK(seen.effects[1].at == at(106ms + 500us));
  CHECK(seen.effects[1].effect.version == 2);
  CHECK(seen.served[0].responded == at(107ms));
}

TEST_CASE("the second read hits, also an entry of the prefill") {
  const auto seen = record(steady({Decimal::one}, 250ms));
  REQUIRE(seen.served.size() == 2);
  CHECK(seen.served[1].hit);
  CHECK(seen.served[1].responded == at(201ms));
  auto prefilled = steady({Decimal::one});
  prefilled.traffic.prefill = true;
  CHECK(record(prefilled).served[0].hit);
}

TEST_CASE("queries wait for a connection, first come first served, and are rejected beyond") {
  auto scenario = steady({Decimal::one}, 100ms);
  scenario.traffic.flows[0].load =
      scenario::OpenLoop{{1000 * Decimal::one}, scenario::ConstantArrivals{}};
  scenario.database.connections = 1;
  scenario.database.queue_max = 3;
  const auto seen = record(scenario);
  CHECK(seen.longest_queue == 3);
  CHECK(seen.rejected > 0);
  int failed = 0;
  for (const auto& done : seen.served) failed += done.failed;
  CHECK(failed == seen.rejected);
  for (std::size_t i = 1; i < seen.queries.size(); ++i) {
    CHECK(seen.queries[i].in_flight == 1);
    CHECK(seen.queries[i].at >= seen.queries[i - 1].at + 10ms);
  }
}

TEST_CASE("a closed loop has one operation per client at a time, with think times between") {
  auto scenario = steady({Decimal::one}, 100ms);
  scenario.traffic.prefill = true;
  scenario.traffic.flows[0].load = scenario::ClosedLoop{.clients = 2, .think = Constant{9ms}};
  const auto seen = record(scenario);
  // Think 9 ms, read 1 ms: ten reads in 100 ms, of each client.
  CHECK(seen.served.size() == 20);
  for (const auto& done : seen.served) CHECK(done.responded - done.invoked == 1ms);
}

TEST_CASE("a flow's window holds its arrivals") {
  auto scenario = steady({Decimal::one}, 1s);
  scenario.traffic.flows[0].from = 300ms;
  scenario.traffic.flows[0].to = 600ms;
  const auto seen = record(scenario);
  REQUIRE(seen.served.size() == 2);  // 400 ms and 500 ms: the window's end is outside it
  CHECK(seen.served[0].invoked == at(400ms));
}

TEST_CASE("a pause delays the next effect") {
  auto scenario = steady({Decimal::one});
  scenario.clients.pause = {.share = {Decimal::one}, .length = Constant{2ms}};
  const auto seen = record(scenario);
  CHECK(seen.effects[0].at == at(100ms + 500us));  // nothing precedes the first effect
  CHECK(seen.effects[1].at == at(103ms));
}

// Requests from a list.
struct ListedRequests final : RequestSource {
  std::vector<Request> requests;
  std::size_t given = 0;
  std::optional<Request> next() override {
    if (given == requests.size()) return std::nullopt;
    return requests[given++];
  }
};

TEST_CASE("a trace says when, what and of which row; its requests share their second in order") {
  auto scenario = steady({Decimal::one}, 10s);
  scenario.keys.count = 5;
  scenario.traffic.prefill = true;
  scenario.traffic.flows[0].load = scenario::Trace{
      .path = {}, .format = scenario::Trace::Format::twitter, .speed = {2 * Decimal::one}};
  scenario.traffic.flows[0].from = 1s;
  ListedRequests trace;
  for (std::uint64_t i = 0; i < 4; ++i)
    trace.requests.push_back({static_cast<Key>(i), OperationKind::read, 6, i, 4});
  trace.requests.push_back({4, OperationKind::write, 7, 0, 1});
  trace.requests.push_back({4, OperationKind::write, 18, 0, 1});  // not before the end
  Recorder seen;
  const auto strategy = strategy::compose(scenario.strategies[0], 0);
  const KeySampler keys(scenario.keys);
  Clock clock(scenario, strategy, keys, scenario.seed, seen, {&trace});
  CHECK(clock.run([](SimTime) { return true; }));
  REQUIRE(seen.served.size() == 5);
  for (std::uint64_t i = 0; i < 4; ++i) {
    CHECK(seen.served[i].key == i);
    CHECK(seen.served[i].kind == OperationKind::read);
    CHECK(seen.served[i].invoked >= at(4s + i * 125ms));
    CHECK(seen.served[i].invoked < at(4s + (i + 1) * 125ms));
  }
  CHECK(seen.served[4].kind == OperationKind::write);
  CHECK(seen.served[4].invoked >= at(4s + 500ms));
  CHECK(seen.served[4].invoked < at(5s));
}

TEST_CASE("the moment of a request is exact, in order, and never beyond time") {
  scenario::Trace trace;
  const auto since = [&](std::uint64_t second, std::uint64_t index, std::uint64_t count,
                         std::uint64_t word) {
    return replayed(trace, start_of_time, {0, {}, second, index, count}, word) - start_of_time;
  };
  constexpr std::uint64_t last = ~std::uint64_t{0};
  CHECK(since(0, 0, 1, 0) == 0ns);
  CHECK(since(0, 0, 1, last) == 1s - 1ns);
  CHECK(since(3, 2, 3, 0) == 3s + 666'666'666ns);
  CHECK(since(0, 0, 3'000'000'000, last) <= since(0, 1, 3'000'000'000, 0));
  for (std::uint64_t i = 0; i + 1 < 7; ++i) CHECK(since(0, i, 7, last) <= since(0, i + 1, 7, 0));
  trace.speed = {1'500'000'000};
  CHECK(since(3, 0, 1, 0) == 2s);
  trace.speed = {1};  // a billionth
  CHECK(since(~std::uint32_t{0}, 0, 1, 0) > 8760h);
}

TEST_CASE("a queue of endless queries ends the run at the end of time, with the reason") {
  auto scenario = steady({Decimal::one}, 1s);
  scenario.traffic.flows[0].load =
      scenario::OpenLoop{{1000 * Decimal::one}, scenario::ConstantArrivals{}};
  scenario.database.read = Constant{8760h};
  scenario.database.connections = 1;
  scenario.database.queue_max = 2000;
  Recorder seen;
  const auto strategy = strategy::compose(scenario.strategies[0]);
  const KeySampler keys(scenario.keys);
  Clock clock(scenario, strategy, keys, scenario.seed, seen);
  try {
    clock.run([](SimTime) { return true; });
    FAIL("the run came to an end");
  } catch (const OutOfTime& late) {
    CHECK(late.pointer == "/database");
  }
  CHECK(seen.served.size() == 199);  // one a year
  for (const auto& done : seen.served) {
    CHECK(done.responded > done.invoked);
    CHECK(done.responded <= end_of_time);
  }
}

TEST_CASE("gaps between arrivals have no bias, however short they are") {
  auto scenario = steady({Decimal::one}, 10ms);
  scenario.traffic.prefill = true;
  scenario.traffic.flows[0].load = scenario::OpenLoop{{10'000'000 * Decimal::one}};
  const auto arrivals = static_cast<double>(record(scenario).served.size());
  CHECK(std::abs(arrivals - 100'000) < 4 * std::sqrt(100'000));
}

TEST_CASE("strategies meet the same requests with the same latencies") {
  scenario::Scenario scenario;
  scenario.keys.count = 50;
  scenario.traffic.duration = 5s;
  scenario.traffic.flows[0].reads = {500'000'000};
  scenario.strategies.resize(2);
  scenario.strategies[1].write = scenario::DeleteBefore{};
  const auto after = record(scenario);
  std::swap(scenario.strategies[0], scenario.strategies[1]);
  const auto before = record(scenario);
  // A write takes the same two latencies in either order, so it also responds at the same moment.
  const auto writes_of = [](const Recorder& seen) {
    std::vector<std::tuple<SimTime, Key, SimTime>> writes;
    for (const auto& done : seen.served)
      if (done.kind == OperationKind::write)
        writes.emplace_back(done.invoked, done.key, done.responded);
    std::sort(writes.begin(), writes.end());
    return writes;
  };
  CHECK(writes_of(after) == writes_of(before));
  CHECK(writes_of(after).size() > 1000);
}

TEST_CASE("adding a flow does not shift another's requests") {
  auto scenario = steady({500'000'000}, 3s);
  scenario.keys.count = 100;
  const auto alone = record(scenario);
  scenario.traffic.flows.push_back(
      {.name = "batch", .load = scenario::OpenLoop{{100 * Decimal::one}, {}}, .reads = {0}});
  const auto together = record(scenario);
  std::vector<std::pair<SimTime, Key>> wanted, found;
  for (const auto& done : alone.served) wanted.emplace_back(done.invoked, done.key);
  for (const auto& done : together.served) found.emplace_back(done.invoked, done.key);
  std::sort(wanted.begin(), wanted.end());
  std::sort(found.begin(), found.end());
  CHECK(std::includes(found.begin(), found.end(), wanted.begin(), wanted.end()));
}

TEST_CASE("ties fall either way, as the seed draws") {
  auto scenario = steady({500'000'000}, 20s);
  scenario.traffic.flows.push_back(scenario.traffic.flows[0]);  // arrives at the same moments
  int first_flow_first = 0, pairs = 0;
  const auto seen = record(scenario);
  for (std::size_t i = 1; i < seen.effects.size(); ++i)
    if (seen.effects[i].at == seen.effects[i - 1].at) {
      ++pairs;
      first_flow_first += seen.effects[i - 1].client < seen.effects[i].client;
    }
  CHECK(pairs > 50);
  CHECK(first_flow_first > 0);
  CHECK(first_flow_first < pairs);
}

TEST_CASE("the digest tells runs apart, and only runs that differ") {
  const auto scenario = steady({500'000'000}, 3s);
  const std::uint64_t first = record(scenario).digest;
  CHECK(record(scenario).digest == first);
  auto reseeded = scenario;
  reseeded.seed = 2;
  CHECK(record(reseeded).digest != first);
}

}  // namespace
}  // namespace cacherace::engine
