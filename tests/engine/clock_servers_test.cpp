// The cache server and the database under the clock engine: small runs that can be computed by
// hand.

#include "tests/engine/recorder.hpp"

namespace cacherace::engine {
namespace {

using enum EffectKind;
using Moments = std::vector<SimTime>;

constexpr Share always{Decimal::one};

// Arrivals at 100 ms, 200 ms, … and as much later as the offset.
scenario::Flow flow(Share reads, Duration offset = 0ms) {
  return {.name = "also",
          .load = scenario::OpenLoop{{10 * Decimal::one}, scenario::ConstantArrivals{}},
          .reads = reads,
          .from = offset};
}

// ---- the cache server: one command at a time ---------------------------------------------------

TEST_CASE("a command keeps the server busy, and the next one waits for it") {
  auto scenario = steady(always);
  scenario.traffic.prefill = true;
  scenario.cache.command = 2ms;
  scenario.traffic.flows.push_back(flow(always, 200us));
  const auto seen = record(scenario);
  CHECK(seen.moments(cache_get) == Moments{at(100ms + 500us), at(102ms + 500us)});
  CHECK(seen.blocked ==
        std::vector<Recorder::Blocked>{{2ms, at(100ms + 500us)}, {2ms, at(102ms + 500us)}});
  REQUIRE(seen.served.size() == 2);
  CHECK(seen.served[0].responded == at(103ms));
  CHECK(seen.served[1].responded == at(105ms));
}

TEST_CASE("KEYS looks at every entry while all who come after it wait") {
  auto scenario = steady({0});
  scenario.strategies[0].write = scenario::DeleteByKeys{};
  scenario.keys.count = 5;
  scenario.traffic.prefill = true;
  scenario.cache.per_key = 1ms;
  scenario.traffic.flows.push_back(flow(always, 7ms));
  const auto seen = record(scenario);
  CHECK(seen.moments(cache_keys) == Moments{at(106ms + 500us)});
  CHECK(seen.moments(cache_get) == Moments{at(111ms + 500us)});         // since 107.5 ms
  CHECK(seen.moments(cache_del_listed) == Moments{at(112ms + 500us)});  // sent at 112 ms
  CHECK(seen.blocked ==
        std::vector<Recorder::Blocked>{{5ms, at(106ms + 500us)}, {5ms, at(112ms + 500us)}});
  REQUIRE(seen.served.size() == 2);
  CHECK(seen.served[0].kind == OperationKind::read);
  CHECK(seen.served[0].hit);
  CHECK(seen.served[0].responded == at(112ms));
  CHECK(seen.served[1].responded == at(118ms));
}

TEST_CASE("an entry's memory, its eviction and a refusal are counted after the warm-up") {
  auto scenario = steady(always, 10s);
  scenario.keys.count = 50;
  scenario.keys.value = 1000;
  scenario.traffic.prefill = true;
  const Bytes entry = world::entry_bytes(1000, false);
  CHECK(record(scenario).server == ServerStats{.memory_max = 50 * entry});
  scenario.cache.maxmemory = 10 * entry;
  const auto refused = record(scenario);  // the prefill was, too, but before the run
  CHECK(refused.server.evicted == 0);
  CHECK(refused.server.memory_max == 11 * entry);
  CHECK(refused.server.out_of_memory == refused.moments(cache_set).size());
  for (const auto& happened : refused.of(cache_set)) CHECK(happened.reply.failed);
  for (const auto& done : refused.served) CHECK_FALSE(done.failed);
  scenario.cache.policy = scenario::Eviction::allkeys_lru;
  const auto evicting = record(scenario);
  CHECK(evicting.server.out_of_memory == 0);
  CHECK(evicting.server.memory_max == 11 * entry);
  CHECK(evicting.server.evicted > 50);  // of a hundred reads, four in five miss
  scenario.traffic.warmup = 9s;
  CHECK(record(scenario).server.evicted < 12);
}

TEST_CASE("the server's cycle removes what has expired, and that takes time") {
  auto scenario = steady(always, 340ms);
  scenario.keys.count = 5;
  scenario.keys.value = 1000;
  scenario.strategies[0].expiry.ttl = 50ms;
  scenario.traffic.prefill = true;
  scenario.traffic.flows[0].from = 200ms;  // one read at 300 ms
  const auto seen = record(scenario);
  CHECK(seen.server.expired == 5);
  const Duration took = 5 * (world::expiry_look_cost + world::expiry_removal_cost);
  CHECK(seen.blocked == std::vector<Recorder::Blocked>{{took, at(100ms)}});
  CHECK(seen.server.memory_max == 5 * world::entry_bytes(1000, true));
  CHECK_FALSE(seen.of(cache_get)[0].reply.expired);

  auto warm = scenario;
  warm.traffic.warmup = 150ms;
  CHECK(record(warm).server == ServerStats{.memory_max = world::entry_bytes(1000, true)});

  scenario.cache.active_expiry = false;
  const auto passive = record(scenario);
  CHECK(passive.server.expired == 0);
  CHECK(passive.blocked.empty());
  CHECK(passive.of(cache_get)[0].reply.expired);
}

// ---- timeouts, losses, deaths ------------------------------------------------------------------

TEST_CASE("a client that gives up goes on at its timeout; its write is committed all the same") {
  auto scenario = steady({0});
  scenario.clients.timeout = 4ms;
  const auto once = record(scenario);
  CHECK(once.timeouts == Moments{at(104ms)});
  CHECK(once.moments(db_write) == Moments{at(106ms)});
  CHECK(once.of(cache_del).empty());
  REQUIRE(once.served.size() == 1);
  CHECK(once.served[0].failed);
  CHECK(once.served[0].responded == at(104ms));

  scenario.clients.retries = 1;
  const auto twice = record(scenario);
  CHECK(twice.timeouts == Moments{at(104ms), at(108ms)});
  CHECK(twice.moments(db_write) == Moments{at(106ms), at(110ms)});
  CHECK(twice.of(db_write)[1].reply.version == 3);
  CHECK(twice.served[0].responded == at(108ms));
}

TEST_CASE("a get that comes too late for its client still takes effect") {
  auto scenario = steady(always);
  scenario.database.read = Constant{2ms};
  scenario.keys.count = 5;
  scenario.traffic.prefill = true;
  scenario.cache.per_key = 1ms;
  scenario.traffic.incidents = {{.at = 100ms, .deed = scenario::KeysCommand{"*"}}};
  scenario.clients.timeout = 3ms;
  const auto seen = record(scenario);
  CHECK(seen.timeouts == Moments{at(103ms)});
  CHECK(seen.moments(cache_get) == Moments{at(105ms)});
  CHECK(seen.of(cache_get)[0].task == Task::late);
  CHECK(seen.moments(db_read) == Moments{at(103ms)});
  CHECK(seen.moments(cache_set) == Moments{at(105ms + 500us)});
  REQUIRE(seen.served.size() == 1);
  CHECK(seen.served[0].responded == at(106ms));
  CHECK_FALSE(seen.served[0].failed);
}

TEST_CASE("a message that is lost is a timeout, and no effect") {
  auto scenario = steady(always);
  scenario.clients.timeout = 20ms;
  scenario.clients.lost = always;
  const auto seen = record(scenario);
  CHECK(seen.effects.size() == 1);
  CHECK(seen.moments(db_read) == Moments{at(120ms)});
  CHECK(seen.timeouts == Moments{at(120ms), at(150ms)});
  REQUIRE(seen.served.size() == 1);
  CHECK_FALSE(seen.served[0].failed);
  CHECK(seen.served[0].responded == at(150ms));
}

TEST_CASE("some messages lost: every operation ends, once, and the run with them") {
  for (const char* name : {"delete", "transaction", "single-flight", "keys", "lease"}) {
    auto scenario = steady({500'000'000}, 5s);
    scenario.keys.count = 3;
    scenario.traffic.flows[0].load = scenario::OpenLoop{{500 * Decimal::one}};
    scenario.clients.timeout = 8ms;
    scenario.clients.lost = {100'000'000};
    scenario.clients.crash = {20'000'000};
    scenario.database.connections = 2;
    scenario.database.queue_max = 4;
    auto& strategy = scenario.strategies[0];
    if (name == std::string_view("transaction")) strategy.write = scenario::DeleteInTransaction{};
    if (name == std::string_view("keys")) strategy.write = scenario::DeleteByKeys{};
    if (name == std::string_view("single-flight")) strategy.load = scenario::SingleFlight{};
    if (name == std::string_view("lease")) {
      strategy.load = scenario::Lease{};
      strategy.fill = scenario::LeaseSet{};
    }
    CAPTURE(name);
    const auto seen = record(scenario);
    auto reads = steady({500'000'000}, 5s);  // the same arrivals, with nothing going wrong
    reads.keys = scenario.keys;
    reads.traffic = scenario.traffic;
    CHECK(seen.served.size() == record(reads).served.size());
    CHECK(seen.timeouts.size() > 100);
    for (const auto& done : seen.served) CHECK(done.responded >= done.invoked);
  }
}

TEST_CASE("a client that dies within its transaction leaves the row to the next one") {
  auto scenario = steady({0}, 250ms);
  scenario.strategies[0].write = scenario::DeleteInTransaction{};
  scenario.clients.crash = always;  // before the second effect
  const auto seen = record(scenario);
  CHECK(seen.moments(db_begin) == Moments{at(106ms), at(206ms)});
  CHECK(seen.effects.size() == 2);
  REQUIRE(seen.served.size() == 2);
  CHECK(seen.served[1].failed);
  CHECK(seen.served[1].responded == at(206ms));
}

// ---- the database ------------------------------------------------------------------------------

TEST_CASE("an overloaded database that slows down takes everybody, and longer for each") {
  auto scenario = steady(always);
  scenario.database.connections = 1;
  scenario.database.overload = scenario::Overload::slow;
  scenario.traffic.flows.push_back(flow(always, 200us));
  const auto seen = record(scenario);
  REQUIRE(seen.queries.size() == 2);
  CHECK(seen.queries[1].at == at(101ms + 200us));
  CHECK(seen.queries[1].in_flight == 2);
  CHECK(seen.queries[1].waited == 0ms);
  CHECK(seen.moments(cache_set) == Moments{at(121ms + 300us), at(121ms + 500us)});
}

TEST_CASE("who begins a transaction waits for the row, and not in a connection") {
  auto scenario = steady({0});
  scenario.strategies[0].write = scenario::DeleteInTransaction{};
  scenario.traffic.flows.push_back(flow({0}, 1ms));
  SECTION("with connections for both") {
    const auto seen = record(scenario);
    CHECK(seen.moments(db_begin) == Moments{at(106ms), at(119ms)});
    CHECK(seen.moments(db_commit) == Moments{at(113ms), at(126ms)});
    CHECK(seen.served[1].responded == at(126ms));
  }
  SECTION("with one connection, which the one that waits for the row does not hold") {
    scenario.database.connections = 1;
    const auto seen = record(scenario);
    CHECK(seen.moments(db_begin) == Moments{at(106ms), at(119ms)});
    CHECK(seen.moments(db_commit) == Moments{at(113ms), at(126ms)});
    REQUIRE(seen.served.size() == 2);
    CHECK(seen.served[1].responded == at(126ms));
  }
}

TEST_CASE("a commit that is rejected ends its transaction, and frees the row") {
  auto scenario = steady({0}, 250ms);
  scenario.strategies[0].write = scenario::DeleteInTransaction{};
  scenario.database.connections = 1;
  scenario.database.queue_max = 0;
  scenario.traffic.flows.push_back(flow(always, 5ms + 500us));  // queries from 106.5 ms on
  const auto seen = record(scenario);
  CHECK(seen.rejected == 1);
  CHECK(seen.moments(db_begin) == Moments{at(106ms), at(206ms)});
  CHECK(seen.moments(db_commit) == Moments{at(213ms)});
  CHECK(seen.of(db_commit)[0].reply.version == 3);
  REQUIRE(seen.served.size() == 4);
  CHECK(seen.served[0].failed);
  CHECK(seen.served[0].responded == at(113ms));
}

TEST_CASE("a replica shows a commit when its lag is over, and says since when it was behind") {
  auto scenario = steady({0});
  scenario.strategies[0].read = scenario::DirectRead{};
  scenario.strategies[0].write = scenario::NoInvalidation{};
  scenario.database.replicas = {.count = 1, .lag = Constant{50ms}};
  scenario.traffic.duration = 180ms;
  scenario.traffic.flows.push_back(flow(always, 55ms));  // 155 ms
  scenario.traffic.flows.push_back(flow(always, 57ms));  // 157 ms
  const auto reads = record(scenario).of(db_read);
  REQUIRE(reads.size() == 2);
  CHECK(reads[0].reply.version == 1);
  CHECK(reads[0].reply.superseded_at == at(106ms));
  CHECK(reads[1].reply.version == 2);
  CHECK(reads[1].reply.superseded_at == never);
}

// ---- messages between processes -----------------------------------------------------------------

TEST_CASE("an invalidation message is lost like any other, and nobody notices") {
  auto scenario = steady({0}, 50s);
  scenario.strategies[0].guards.local_cache = scenario::LocalCache{.processes = 2};
  const auto told = [&] {
    const auto seen = record(scenario);
    const auto dels = seen.of(local_del);
    return std::ranges::count_if(dels, [](const auto& d) { return d.task == Task::tell; });
  };
  CHECK(told() == 499);  // of each write, one
  scenario.clients.timeout = 1s;
  CHECK(told() == 499);
  scenario.clients.lost = {Decimal::one / 2};
  const auto half = told();
  CHECK(half > 200);
  CHECK(half < 300);
  scenario.clients.lost = always;
  CHECK(told() == 0);
}

}  // namespace
}  // namespace cacherace::engine
