#include "sim/judge/metric/meter.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <limits>

#include "sim/core/stream.hpp"
#include "sim/judge/statistics/statistics.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::WithinRel;
using test::prop;

constexpr SimTime at(Duration d) { return start_of_time + d; }

std::optional<double> value_of(const Meter& meter, Metric metric, std::uint64_t residue = 0) {
  return meter.metrics(residue, {})[metric];
}

TEST_CASE("lookups are counted as INFO does, whatever the key holds") {
  Meter meter({.rows = 1, .stale_area = true}, at(0s), at(1s));
  const auto happens = [&](EffectKind kind, const Reply& reply) {
    meter.effect({.client = 0, .at = at(500ms), .effect = {.kind = kind}, .reply = reply});
  };
  happens(EffectKind::cache_get, {.found = true, .version = 1});
  happens(EffectKind::cache_get, {});
  happens(EffectKind::cache_get_version, {.found = true});
  happens(EffectKind::cache_get_mark, {});
  happens(EffectKind::cache_lease_get, {.found = true, .refused = true, .version = 1});
  happens(EffectKind::cache_set, {.found = true});
  happens(EffectKind::cache_del, {.found = true});
  CHECK(value_of(meter, Metric::keyspace_hits) == 2);
  CHECK(value_of(meter, Metric::keyspace_misses) == 3);
}

TEST_CASE("what has no basis has no value") {
  const Meter idle({.rows = 1}, at(0s), at(1s));
  for (const MetricRow& row : metric_rows) {
    CAPTURE(row.name);
    const auto value = value_of(idle, row.id);
    const bool has_none = row.no_value.starts_with("there are no") ||
                          row.no_value.starts_with("there is no");  // and here is nothing
    CHECK(value == (has_none ? std::nullopt : std::optional<double>(0)));
  }
}

Happened happened(EffectKind kind, Duration when, Duration invoked, Reply reply,
                  ClientId client = 0, Version version = 0) {
  return {.client = client,
          .serves = kind == EffectKind::db_write || kind == EffectKind::cache_del
                        ? OperationKind::write
                        : OperationKind::read,
          .at = at(when),
          .invoked = at(invoked),
          .effect = {.kind = kind, .key = 0, .version = version},
          .reply = reply};
}

Served served(ClientId client, OperationKind kind, Duration invoked, Duration responded, bool hit) {
  return {.client = client,
          .kind = kind,
          .invoked = at(invoked),
          .responded = at(responded),
          .hit = hit};
}

Served failed(ClientId client, OperationKind kind, Duration invoked) {
  return {.client = client,
          .kind = kind,
          .invoked = at(invoked),
          .responded = at(invoked),
          .failed = true};
}

TEST_CASE("a read that fails is a miss, and took longer than all that were answered") {
  Meter meter({.rows = 1}, at(0s), at(10s));
  for (int i = 0; i < 98; ++i) meter.finished(served(0, OperationKind::read, 1s, 1001ms, true));
  CHECK(value_of(meter, Metric::read_us_p99) == 1000);
  meter.finished(failed(0, OperationKind::read, 2s));
  meter.finished(failed(0, OperationKind::read, 2s));
  meter.finished(failed(0, OperationKind::write, 2s));
  CHECK(value_of(meter, Metric::reads) == 100);
  CHECK(value_of(meter, Metric::writes) == 1);
  CHECK(value_of(meter, Metric::misses) == 2);
  CHECK(value_of(meter, Metric::hit_ratio) == 0.98);
  CHECK(value_of(meter, Metric::errors) == 3);
  CHECK(value_of(meter, Metric::error_ratio) == 3.0 / 101);
  CHECK(value_of(meter, Metric::goodput) == 9.8);
  CHECK(value_of(meter, Metric::read_us_p95) == 1000);
  CHECK(value_of(meter, Metric::read_us_p99) == std::numeric_limits<double>::infinity());
}

// Each of these reads misses for one reason, and is counted under no other.
TEST_CASE("a miss is counted under the reason why nothing was found") {
  Meter meter({.rows = 1}, at(0s), at(10s));
  const auto looks = [&](Reply reply, OperationKind serves = OperationKind::read,
                         ClientId client = 0) {
    meter.effect({.client = client,
                  .serves = serves,
                  .at = at(1s),
                  .invoked = at(1s),
                  .effect = {.kind = EffectKind::cache_get},
                  .reply = reply});
  };
  const auto misses = [&](ClientId client = 0) {
    meter.finished(served(client, OperationKind::read, 1s, 2s, false));
  };
  const auto of = [&](Metric metric) { return value_of(meter, metric); };
  meter.starts_cached(0);

  // Found past its soft expiry, and loaded by itself; the entry is still there, and is deleted.
  looks({.found = true, .soft = true, .version = 1});
  misses();
  CHECK(of(Metric::misses_expired) == 1);
  meter.effect(happened(EffectKind::cache_del, 1s, 1s, {.found = true}, 1));
  looks({});
  misses();
  CHECK(of(Metric::misses_invalidated) == 1);

  // It looks again while it waits, and meets the end of the TTL then: others miss what has expired.
  meter.effect(happened(EffectKind::cache_set, 1s, 1s, {.found = true}, 1, 1));
  looks({.expired = true}, OperationKind::background, 2);
  looks({});
  misses();
  CHECK(of(Metric::misses_expired) == 2);

  // No answer in time, though the entry is there.
  meter.effect(happened(EffectKind::cache_set, 1s, 1s, {.found = true}, 1, 1));
  meter.timed_out({.client = 0, .kind = EffectKind::cache_get, .at = at(1s)});
  misses();
  CHECK(of(Metric::misses_unanswered) == 1);
  // A later look that is answered says more.
  meter.timed_out({.client = 0, .kind = EffectKind::cache_get, .at = at(1s)});
  looks({.expired = true});
  misses();
  CHECK(of(Metric::misses_expired) == 3);
  CHECK(of(Metric::misses_renamed) == 0);
  CHECK(of(Metric::misses_bypassed) == 0);
  CHECK(of(Metric::misses) == 5);
}

TEST_CASE(
    "an episode counts its loads though nothing is ever stored, and an early load is in one") {
  Meter meter({.rows = 1}, at(0s), at(10s));
  const auto does = [&](ClientId client, EffectKind kind, Reply reply) {
    meter.effect(happened(kind, 1s, 1s, reply, client, 1));
  };
  for (ClientId client = 0; client < 3; ++client) does(client, EffectKind::cache_get, {});
  for (ClientId client = 0; client < 3; ++client)
    does(client, EffectKind::db_read, {.found = true, .version = 1});
  CHECK(value_of(meter, Metric::loads_per_miss_episode_mean) == 3);

  // The second has waited while the first stored, misses again, and loads in the next episode.
  does(0, EffectKind::cache_set, {.found = true});
  does(1, EffectKind::cache_get, {});
  does(1, EffectKind::db_read, {.found = true, .version = 1});
  CHECK(value_of(meter, Metric::loads_per_miss_episode_mean) == 2);
  does(1, EffectKind::cache_set, {.found = true});

  // Found, and loaded early all the same.
  does(5, EffectKind::cache_get, {.found = true, .soft = true, .version = 1});
  does(5, EffectKind::db_read, {.found = true, .version = 1});
  CHECK(value_of(meter, Metric::loads_per_miss_episode_mean) == 5.0 / 3);
  CHECK(value_of(meter, Metric::loads_per_miss_episode_max) == 3);
}

TEST_CASE("staleness runs from the first newer commit to the read's invocation") {
  Meter meter({.rows = 1}, at(0s), at(100s));
  // Client 0 loads v1 and stores it; v2 and v3 are committed; client 1 hits v1.
  meter.effect(happened(EffectKind::db_read, 1s, 1s, {.found = true, .version = 1}, 0));
  meter.effect(happened(EffectKind::cache_set, 2s, 1s, {.found = true}, 0, 1));
  meter.finished(served(0, OperationKind::read, 1s, 2s, false));
  meter.effect(happened(EffectKind::db_write, 3s, 3s, {.found = true, .version = 2}, 2));
  meter.finished(served(2, OperationKind::write, 3s, 3s, false));
  meter.effect(happened(EffectKind::db_write, 5s, 5s, {.found = true, .version = 3}, 2));
  meter.finished(served(2, OperationKind::write, 5s, 5s, false));
  meter.effect(happened(EffectKind::cache_get, 11s, 10s, {.found = true, .version = 1}, 1));
  meter.finished(served(1, OperationKind::read, 10s, 12s, true));
  CHECK(value_of(meter, Metric::reads) == 2);
  CHECK(value_of(meter, Metric::hits) == 1);
  CHECK(value_of(meter, Metric::stale_reads) == 1);
  CHECK(value_of(meter, Metric::staleness_us_max) == 7e6);
  CHECK(value_of(meter, Metric::staleness_us_mean) == 3.5e6);
  CHECK(value_of(meter, Metric::versions_behind_max) == 2);
  CHECK(value_of(meter, Metric::stale_fills) == 0);
}

TEST_CASE("what the filter answers is not stale, whoever read before under the same number") {
  Meter meter({.rows = 1}, at(0s), at(100s));
  meter.effect(happened(EffectKind::db_write, 3s, 3s, {.found = true, .version = 2}, 1));
  meter.effect(happened(EffectKind::cache_get, 5s, 5s, {.found = true, .version = 1}, 0));
  meter.finished(served(0, OperationKind::read, 5s, 6s, true));
  meter.effect(happened(EffectKind::filter_check, 7s, 7s, {}, 0));
  meter.finished(served(0, OperationKind::read, 7s, 8s, true));
  CHECK(value_of(meter, Metric::reads) == 2);
  CHECK(value_of(meter, Metric::stale_reads) == 1);
}

TEST_CASE("a read of a version that is never committed is a phantom read, and stale") {
  Meter meter({.rows = 2}, at(0s), at(100s));
  const auto hit = [&](Duration when, Version version) {
    meter.effect(happened(EffectKind::cache_get, when, when, {.found = true, .version = version}));
    meter.finished(served(0, OperationKind::read, when, when + 1s, true));
  };
  hit(1s, 2);
  hit(2s, 2);
  CHECK(value_of(meter, Metric::phantom_reads) == 2);
  meter.effect(happened(EffectKind::db_commit, 4s, 4s, {.found = true, .version = 2}, 1));
  CHECK(value_of(meter, Metric::phantom_reads) == 0);  // it was on its way
  hit(5s, 3);                                          // rolled back
  meter.effect(happened(EffectKind::db_commit, 7s, 7s, {.found = true, .version = 4}, 1));
  hit(8s, 4);
  CHECK(value_of(meter, Metric::phantom_reads) == 1);
  CHECK(value_of(meter, Metric::stale_reads) == 1);
  CHECK(value_of(meter, Metric::stale_read_ratio) == 0.25);
  CHECK(value_of(meter, Metric::staleness_us_max) == 0);
}

TEST_CASE("a version that is committed between the get and the response is no phantom") {
  Meter meter({.rows = 1}, at(0s), at(100s));
  meter.effect(happened(EffectKind::cache_get, 1s, 1s, {.found = true, .version = 2}));
  meter.effect(happened(EffectKind::db_commit, 2s, 2s, {.found = true, .version = 2}, 1));
  meter.finished(served(0, OperationKind::read, 1s, 3s, true));
  CHECK(value_of(meter, Metric::phantom_reads) == 0);
}

TEST_CASE("a hit invoked before the newer commit is not stale") {
  Meter meter({.rows = 1}, at(0s), at(100s));
  meter.effect(happened(EffectKind::db_write, 3s, 3s, {.found = true, .version = 2}, 2));
  meter.effect(happened(EffectKind::cache_get, 4s, 2s, {.found = true, .version = 1}, 1));
  meter.finished(served(1, OperationKind::read, 2s, 5s, true));
  CHECK(value_of(meter, Metric::stale_reads) == 0);
}

TEST_CASE("a stale fill stores a version after a newer one was invalidated") {
  Meter meter({.rows = 1}, at(0s), at(100s));
  meter.effect(happened(EffectKind::db_read, 1s, 1s, {.found = true, .version = 1}, 0));
  meter.effect(happened(EffectKind::db_write, 2s, 2s, {.found = true, .version = 2}, 1));
  meter.effect(happened(EffectKind::cache_set, 3s, 1s, {.found = true}, 0,
                        1));  // the delete will clean it up
  CHECK(value_of(meter, Metric::stale_fills) == 0);
  meter.effect(happened(EffectKind::cache_del, 4s, 2s, {}, 1, 2));
  meter.effect(happened(EffectKind::cache_set, 5s, 1s, {.found = true}, 0, 1));
  CHECK(value_of(meter, Metric::stale_fills) == 1);
}

TEST_CASE("operations count by invocation, queries by their moment, within the window") {
  Meter meter({.rows = 1}, at(10s), at(20s));
  for (const Duration when : {9s, 10s, 19s, 20s}) {
    meter.finished(served(0, OperationKind::read, when, when + 5s, false));
    meter.query_started({.kind = EffectKind::db_read, .at = at(when), .waited = 1ms});
  }
  CHECK(value_of(meter, Metric::reads) == 2);
  CHECK(value_of(meter, Metric::db_reads) == 2);
  CHECK(value_of(meter, Metric::db_qps_mean) == 0.2);
  CHECK(value_of(meter, Metric::read_us_p50) == 5e6);
  CHECK(value_of(meter, Metric::db_wait_us_mean) == 1000);
}

TEST_CASE("the peak is the highest count in any one second") {
  Meter meter({.rows = 1}, at(0s), at(100s));
  // Three within a second across the border between two whole seconds; the fourth is a second after
  // the first.
  for (const Duration when : {900ms, 1100ms, 1899ms, 1900ms})
    meter.query_started({.kind = EffectKind::db_write, .at = at(when)});
  CHECK(value_of(meter, Metric::db_qps_peak) == 3);
}

TEST_CASE("the peak of another window is its highest count, a second") {
  const auto peak = [](Duration window) {
    Meter meter({.rows = 1}, at(0s), at(10s), window);
    for (const Duration when : {0ms, 100ms, 199ms, 200ms, 5000ms, 6000ms, 6999ms, 7000ms})
      meter.query_started({.kind = EffectKind::db_read, .at = at(when)});
    return value_of(meter, Metric::db_qps_peak);
  };
  CHECK(peak(1ns) == 1e9);
  CHECK(peak(100ms) == 20);  // 100 ms is a window after 0
  CHECK(peak(200ms) == 15);
  CHECK(peak(2s) == 2);  // the first four; the last three make less
  CHECK(peak(10s) == 0.8);
  CHECK_FALSE(peak(10'001ms));
}

TEST_CASE("the peak is that of counting in a window from each query on") {
  prop("windows that begin with a query hold the most", [] {
    const Duration window(*rc::gen::inRange(1, 60));
    const Duration warmup(*rc::gen::inRange(0, 40));
    auto starts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 120));
    std::sort(starts.begin(), starts.end());
    Meter meter({.rows = 1}, at(warmup), at(100ns), window);
    for (const int start : starts)
      meter.query_started({.kind = EffectKind::db_read, .at = at(Duration(start))});
    std::ptrdiff_t most = 0;
    for (Duration from = warmup; from < 100ns; ++from)
      most = std::max(most, std::count_if(starts.begin(), starts.end(), [&](int start) {
                        return from <= Duration(start) &&
                               Duration(start) < std::min<Duration>(from + window, 100ns);
                      }));
    RC_ASSERT(value_of(meter, Metric::db_qps_peak) ==
              static_cast<double>(most) * (1e9 / static_cast<double>(window.count())));
  });
}

TEST_CASE("a window below a second has no busiest second") {
  Meter meter({.rows = 1}, at(0s), at(999ms));
  meter.query_started({.kind = EffectKind::db_write, .at = at(1ms)});
  CHECK_FALSE(value_of(meter, Metric::db_qps_peak));
  CHECK(value_of(meter, Metric::db_writes) == 1);
}

TEST_CASE("percentiles are within 0.8 % above the exact nearest rank, the maximum is exact") {
  Histogram histogram;
  std::vector<Duration> exact;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const Draw random = draw(3, 3, Purpose::effect, i);
    const Duration value(static_cast<std::int64_t>(random.first >> (20 + random.second % 44)));
    histogram.add(value);
    exact.push_back(value);
  }
  std::sort(exact.begin(), exact.end());
  for (const std::uint32_t per_mille : {1U, 500U, 900U, 990U, 999U, 1000U}) {
    const auto rank = (exact.size() * per_mille + 999) / 1000;
    const auto wanted = static_cast<double>(exact[rank - 1].count());
    const auto found = static_cast<double>(histogram.percentile(per_mille).count());
    CAPTURE(per_mille);
    CHECK(found >= wanted);
    CHECK(found <= wanted * 1.008);
  }
  CHECK(histogram.percentile(1000) == exact.back());
  CHECK(histogram.max() == exact.back());
}

TEST_CASE("intervals are Student's") {
  // Tables: t(0.975; 4) = 2.776445, t(0.9995; 4) = 8.610302.
  const std::vector<double> sample{1, 2, 3, 4, 5};
  const double standard_error = std::sqrt(2.5 / 5);
  const auto result = estimate(sample);
  CHECK(result.mean == 3);
  CHECK_THAT(result.ci95->high, WithinRel(3 + 2.776445 * standard_error, 1e-6));
  CHECK_THAT(student_interval(sample, 0.999).low, WithinRel(3 - 8.610302 * standard_error, 1e-6));
  CHECK_FALSE(estimate({7}).ci95);
}

TEST_CASE("differences are paired: what the seeds have in common does not blur them") {
  // Differences 1, 2, 3, mean 2, standard error 1 / sqrt(3); t(0.975; 2) = 4.302653.
  const auto difference = paired_difference({101, 1002, 13, 7}, {100, 1000, 10, std::nullopt});
  REQUIRE(difference);
  CHECK(difference->mean == 2);
  CHECK_THAT(difference->ci95->low, WithinRel(2 - 4.302653 / std::sqrt(3.0), 1e-6));
  CHECK_FALSE(paired_difference({5, 6}, {4, std::nullopt})->ci95);
  CHECK_FALSE(paired_difference({5, std::nullopt}, {std::nullopt, 6}));
}

}  // namespace
}  // namespace cacherace::judge
