// Every choice of every slot, by its name and with its options.

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "sim/json/parse.hpp"
#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/file/load.hpp"
#include "tests/scenario/full_example.hpp"
#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

// A strategy of the full example.
Strategy full(std::string_view name) {
  Collector problems("full.json");
  const auto document = json::parse(full_example, problems);
  REQUIRE(document);
  const auto all = strategies(*document->root().find("strategies"), problems);
  REQUIRE(all);
  for (const Strategy& each : *all)
    if (each.name == name) return each;
  FAIL("the full example has no strategy " << name);
  return {};
}

// A strategy with these slots, which may ask for replicas.
Strategy one(std::string_view slots) {
  const auto text = fmt::format(
      R"({{"database": {{"replicas": {{"count": 1}}}}, "strategies": {{"a": {{{}}}}}}})", slots);
  const auto loaded = load(text, "x.json");
  if (!loaded.has_value()) FAIL(to_text(loaded.error().front()));
  return loaded->strategies[0];
}

template <typename T, typename Slot>
T as(const Slot& slot) {
  REQUIRE(std::holds_alternative<T>(slot));
  return std::get<T>(slot);
}

TEST_CASE("a slot that is left out is the baseline's") {
  const Strategy s = full("cache-aside");
  CHECK(s.name == "cache-aside");
  as<PlainRead>(s.read);
  as<EveryReader>(s.load);
  as<SetFill>(s.fill);
  as<DeleteAfter>(s.write);
  CHECK_FALSE(s.expiry.ttl);
  CHECK(s.expiry.jitter.billionths == 0);
  CHECK_FALSE(s.expiry.negative);
  CHECK_FALSE(s.guards.bloom_filter);
  CHECK_FALSE(s.guards.hold_off);
  CHECK_FALSE(s.guards.remote_marker);
  CHECK_FALSE(s.guards.local_cache);
}

TEST_CASE("choices without options, by name and as an object") {
  as<PlainRead>(one(R"("read": {"plain": {}})").read);
  as<DirectRead>(one(R"("read": "direct")").read);
  as<EveryReader>(one(R"("load": "every-reader")").load);
  as<SetFill>(one(R"("fill": "set")").fill);
  as<SetThenExpire>(one(R"("fill": "set-then-expire", "expiry": {"ttl": "1s"})").fill);
  as<AddFill>(one(R"("fill": {"add": {}})").fill);
  as<GenerationCheck>(one(R"("fill": "generation")").fill);
  as<LeaseSet>(one(R"("load": "lease", "fill": "lease-set")").fill);
  as<DeleteAfter>(one(R"("write": "delete-after")").write);
  as<DeleteBefore>(one(R"("write": {"delete-before": {}})").write);
  as<DeleteInTransaction>(one(R"("write": "delete-in-transaction")").write);
  as<SetAfter>(one(R"("write": "set-after")").write);
  as<NoInvalidation>(one(R"("write": "none")").write);
  as<DeleteByKeys>(one(R"("write": "delete-by-keys")").write);
  CHECK_FALSE(one(R"("expiry": "none", "guards": [])").expiry.ttl);
}

TEST_CASE("ways of reading") {
  const auto swr = as<StaleWhileRevalidate>(full("swr").read);
  CHECK(swr.soft == 60s);
  CHECK(swr.hard == 300s);
  CHECK(as<RefreshAhead>(full("ahead").read).threshold.billionths == 900'000'000);
  CHECK(as<XFetch>(full("newer").read).beta.billionths == 1'500'000'000);
  CHECK(as<StaleIfError>(full("error").read).keep == 10min);

  const std::string_view ttl = R"("expiry": {"ttl": "60s"}, "read": )";
  CHECK(as<RefreshAhead>(one(fmt::format(R"({}"refresh-ahead")", ttl)).read).threshold.billionths ==
        800'000'000);
  CHECK(as<XFetch>(one(fmt::format(R"({}"xfetch")", ttl)).read).beta.billionths == Decimal::one);
}

TEST_CASE("ways of loading") {
  const auto flight = as<SingleFlight>(full("swr").load);
  CHECK(flight.processes == 3);
  CHECK(flight.forget);
  const auto lock = as<Lock>(full("lock").load);
  CHECK(lock.ttl == 5s);
  CHECK(lock.wait == 50ms);
  CHECK(lock.give_up == 2s);
  CHECK(lock.release == Lock::Release::checked);
  const auto lease = as<Lease>(full("lease").load);
  CHECK(lease.rate == 5s);
  CHECK(lease.refused == Lease::Refused::retry);
  CHECK(lease.wait == 20ms);
  CHECK(lease.give_up == 1s);
  CHECK(lease.stale == 10s);
  CHECK(as<ReadThrough>(full("newer").load).nodes == 3);

  CHECK(as<SingleFlight>(one(R"("load": "single-flight")").load).processes == 1);
  CHECK_FALSE(as<SingleFlight>(one(R"("load": "single-flight")").load).forget);
  const auto bare = as<Lease>(one(R"("load": "lease")").load);
  CHECK(bare.rate == 10s);
  CHECK(bare.refused == Lease::Refused::retry);
  CHECK(bare.wait == 50ms);
  CHECK(bare.give_up == 2s);
  CHECK_FALSE(bare.stale);
  const auto times = [](const std::string& options) {
    const auto of = as<Lease>(one(R"("load": {"lease": {)" + options + "}}").load);
    return std::pair(of.rate, of.token_ttl);
  };
  CHECK(times("") == std::pair<Duration, Duration>(10s, 10s));
  CHECK(times(R"("rate": "1s")") == std::pair<Duration, Duration>(1s, 10s));
  CHECK(times(R"("rate": "20s")") == std::pair<Duration, Duration>(20s, 20s));
  CHECK(times(R"("token_ttl": "5s")") == std::pair<Duration, Duration>(5s, 5s));
  CHECK(times(R"("token_ttl": "30s")") == std::pair<Duration, Duration>(10s, 30s));
  CHECK(as<Lease>(one(R"("load": {"lease": {"refused": "load"}})").load).refused ==
        Lease::Refused::load);
  CHECK(as<Lease>(one(R"("load": {"lease": {"refused": "give-up"}})").load).refused ==
        Lease::Refused::give_up);
  CHECK(as<ReadThrough>(one(R"("load": "read-through")").load).nodes == 1);
}

TEST_CASE("a lease load stores by lease set, stated or not") {
  as<LeaseSet>(one(R"("load": "lease")").fill);
  as<LeaseSet>(full("lease").fill);
}

TEST_CASE("a set if newer may leave tombstones") {
  CHECK(as<SetIfNewer>(full("newer").fill).tombstones == 10s);
  CHECK_FALSE(as<SetIfNewer>(one(R"("fill": "set-if-newer")").fill).tombstones);
}

TEST_CASE("ways of writing") {
  const auto twice = as<DoubleDelete>(full("dd").write);
  CHECK(twice.first == DoubleDelete::First::after);
  CHECK(twice.delay == 1s);
  CHECK(twice.timer == DoubleDelete::Timer::durable);
  const auto through = as<WriteThrough>(full("lock").write);
  REQUIRE(through.lock);
  CHECK_FALSE(through.lock->ttl);
  CHECK(through.lock->wait == 10ms);
  CHECK(through.lock->give_up == 1s);
  CHECK(through.lock->release == Lock::Release::unchecked);
  CHECK(through.order == WriteThrough::Order::cache_first);
  const auto behind = as<WriteBehind>(full("behind").write);
  CHECK(behind.queue == WriteBehind::Queue::durable);
  CHECK(behind.interval == 2s);
  CHECK(behind.batch == 10);
  CHECK_FALSE(behind.coalesce);
  CHECK(as<BumpVersion>(full("version").write).seed == BumpVersion::Seed::one);
  CHECK(as<DeleteByScan>(full("error").write).count == 100);
  CHECK(as<ChangeDataCapture>(full("lease").write).lag == Latency(Uniform{0s, 1s}));
}

TEST_CASE("ways of writing, by default") {
  const auto twice = as<DoubleDelete>(one(R"("write": {"double-delete": {"delay": "0s"}})").write);
  CHECK(twice.first == DoubleDelete::First::before);
  CHECK(twice.delay == 0s);
  CHECK(twice.timer == DoubleDelete::Timer::process);
  const auto through = as<WriteThrough>(one(R"("write": "write-through")").write);
  CHECK_FALSE(through.lock);
  CHECK(through.order == WriteThrough::Order::database_first);
  const auto behind = as<WriteBehind>(one(R"("write": "write-behind")").write);
  CHECK(behind.queue == WriteBehind::Queue::in_cache);
  CHECK(behind.interval == 1s);
  CHECK(behind.batch == 1000);
  CHECK(behind.coalesce);
  CHECK(as<BumpVersion>(one(R"("write": "bump-version")").write).seed == BumpVersion::Seed::random);
  CHECK(as<DeleteByScan>(one(R"("write": "delete-by-scan")").write).count == 10);
  CHECK(as<ChangeDataCapture>(one(R"("write": "cdc")").write).lag == Latency(Constant{100ms}));
}

TEST_CASE("expiry, of rows and of absent ones") {
  const Expiry expiry = full("ttl").expiry;
  CHECK(expiry.ttl == 60s);
  CHECK(expiry.jitter.billionths == 100'000'000);
  CHECK(expiry.negative == 5s);
  const Expiry negative = full("dd").expiry;
  CHECK_FALSE(negative.ttl);
  CHECK(negative.negative == 5s);
}

TEST_CASE("guards") {
  const Guards lease = full("lease").guards;
  REQUIRE(lease.bloom_filter);
  CHECK(lease.bloom_filter->bits == 1000);
  CHECK(lease.bloom_filter->hashes == 5);
  REQUIRE(lease.remote_marker);
  CHECK(lease.remote_marker->ttl == 5s);
  CHECK_FALSE(lease.hold_off);
  CHECK_FALSE(lease.local_cache);
  const Guards ahead = full("ahead").guards;
  REQUIRE(ahead.hold_off);
  CHECK(ahead.hold_off->time == 5s);
  const Guards swr = full("swr").guards;
  REQUIRE(swr.local_cache);
  CHECK(swr.local_cache->processes == 3);
  CHECK(swr.local_cache->ttl == 2s);
  CHECK(swr.local_cache->message == Latency(Constant{1ms}));
  CHECK(swr.local_cache->first == LocalCache::First::local);
}

TEST_CASE("guards, by default") {
  const Guards guards = one(R"("guards": [{"bloom-filter": {"bits": 9}}, "hold-off",
                                          "remote-marker", "local-cache"])")
                            .guards;
  CHECK(guards.bloom_filter->hashes == 7);
  CHECK(guards.hold_off->time == 11s);
  CHECK(guards.remote_marker->ttl == 10s);
  CHECK(guards.local_cache->processes == 2);
  CHECK(guards.local_cache->ttl == 1s);
  CHECK(guards.local_cache->message == Latency(Uniform{200us, 1ms}));
  CHECK(guards.local_cache->first == LocalCache::First::shared);
}

}  // namespace
}  // namespace cacherace::scenario
