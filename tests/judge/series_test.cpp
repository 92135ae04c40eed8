#include "sim/judge/metric/series.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/prop.hpp"

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;
using test::prop;

constexpr SimTime at(Duration d) { return start_of_time + d; }

/// A series on a meter of one row, over [0, end).
struct Recorded {
  Meter meter;
  Series series;

  explicit Recorded(const Buckets& buckets)
      : meter({.rows = 1}, start_of_time, at(buckets.end)), series(buckets, meter, meter) {}

  Curve curve(std::string_view name) const {
    for (auto& curve : series.curves())
      if (curve.name == name) return curve;
    FAIL("no curve " << name);
    return {};
  }
  double metric(Metric metric) const { return meter.metrics(0, {})[metric].value(); }
};

// Some moments below `end` in multiples of `unit`, ascending.
std::vector<Duration> moments(Duration unit, Duration end, std::size_t count_max) {
  const auto count = *rc::gen::inRange<std::size_t>(0, count_max + 1);
  auto units = *rc::gen::container<std::vector<std::int64_t>>(
      count, rc::gen::inRange<std::int64_t>(0, end / unit));
  std::sort(units.begin(), units.end());
  std::vector<Duration> moments;
  for (const auto n : units) moments.push_back(n * unit);
  return moments;
}

// The least and the most of value(t) over the multiples of `unit` in each bucket.
template <typename Value>
void check_extremes(const Buckets& buckets, Duration unit, Value value, const Curve& curve) {
  for (std::size_t bucket = 0; bucket < buckets.count(); ++bucket) {
    double least = 1e18, most = -1;
    for (SimTime t = buckets.start_of(bucket); t < buckets.start_of(bucket + 1); t += unit) {
      least = std::min(least, value(t));
      most = std::max(most, value(t));
    }
    RC_ASSERT(curve.min[bucket] == least);
    RC_ASSERT(curve.max[bucket] == most);
  }
}

TEST_CASE("a curve of steps has the extremes of looking at every nanosecond") {
  prop("extremes are those of every nanosecond", [] {
    const Buckets buckets{.width = Duration(*rc::gen::inRange(1, 30)),
                          .end = Duration(*rc::gen::inRange(1, 100))};
    std::vector<std::uint64_t> by_ns(static_cast<std::size_t>(buckets.end.count()), 0);
    StepCurve curve(buckets);
    for (const Duration when : moments(1ns, 120ns, 20)) {
      const auto value = *rc::gen::inRange<std::uint64_t>(0, 9);
      curve.set(at(when), value);
      for (auto t = static_cast<std::size_t>(when.count()); t < by_ns.size(); ++t) by_ns[t] = value;
    }
    curve.close();
    const Curve found{.name = {},
                      .min = {curve.min().begin(), curve.min().end()},
                      .mean = {},
                      .max = {curve.max().begin(), curve.max().end()}};
    check_extremes(
        buckets, 1ns,
        [&](SimTime t) {
          return static_cast<double>(by_ns[static_cast<std::size_t>((t - at(0ns)).count())]);
        },
        found);
  });
}

TEST_CASE("db_qps is the count of the last second, also while nothing happens") {
  prop("extremes and peak are those of every moment", [] {
    const Buckets buckets{.width = *rc::gen::inRange(1, 40) * 100ms,
                          .end = *rc::gen::inRange(10, 80) * 100ms};
    Recorded recorded(buckets);
    const auto starts = moments(100ms, buckets.end + 1s, 60);
    for (const Duration start : starts) recorded.series.query_started({.at = at(start)});
    recorded.series.close();
    const Curve curve = recorded.curve("db_qps");
    check_extremes(
        buckets, 100ms,
        [&](SimTime t) {
          return static_cast<double>(std::count_if(starts.begin(), starts.end(), [&](Duration s) {
            return at(s) <= t && t < at(s) + 1s;
          }));
        },
        curve);
    RC_ASSERT(**std::max_element(curve.max.begin(), curve.max.end()) ==
              recorded.metric(Metric::db_qps_peak));
  });
}

TEST_CASE("queries that take a connection over at once are no gap, queues go up and down") {
  Recorded recorded({.width = 1s, .end = 3s});
  auto& series = recorded.series;
  series.query_started({.at = at(100ms), .in_flight = 1});
  series.query_queued(1, at(200ms));
  series.query_queued(2, at(300ms));
  series.query_ended(0, at(1100ms));
  series.query_started({.at = at(1100ms), .in_flight = 1, .queued = 1});
  series.query_ended(0, at(1900ms));
  series.query_started({.at = at(1900ms), .in_flight = 1});
  series.query_ended(0, at(2500ms));
  series.close();
  const auto in_flight = recorded.curve("db_in_flight");
  CHECK(in_flight.min == Curve::Values{0, 1, 0});
  CHECK(in_flight.max == Curve::Values{1, 1, 1});
  const auto queue = recorded.curve("db_queue");
  CHECK(queue.min == Curve::Values{0, 0, 0});
  CHECK(queue.max == Curve::Values{2, 2, 0});
}

TEST_CASE("reads belong to the bucket in which they are invoked; failed ones are misses there") {
  Recorded recorded({.width = 1s, .end = 2500ms});
  auto& series = recorded.series;
  const auto read = [&](Duration invoked, Duration time, bool hit, bool failed = false) {
    series.effect({.client = 0,
                   .at = at(invoked),
                   .invoked = at(invoked),
                   .effect = {.kind = EffectKind::cache_get},
                   .reply = {.found = hit, .version = 1}});
    series.finished({.client = 0,
                     .invoked = at(invoked),
                     .responded = at(invoked + time),
                     .hit = hit,
                     .failed = failed});
  };
  read(100ms, 5ms, true);
  series.effect({.client = 1,
                 .at = at(400ms),
                 .effect = {.kind = EffectKind::db_write},
                 .reply = {.found = true, .version = 2}});
  read(900ms, 2s, false);
  read(950ms, 1ms, true, true);
  read(2400ms, 1ms, true);
  read(2500ms, 1ms, true);
  series.close();
  CHECK(recorded.curve("hit_ratio").mean == Curve::Values{1.0 / 3, std::nullopt, 1});
  CHECK(recorded.curve("error_ratio").mean == Curve::Values{1.0 / 3, std::nullopt, 0});
  CHECK(recorded.curve("stale_read_ratio").mean == Curve::Values{0, std::nullopt, 1});
  CHECK(recorded.curve("staleness_us").max == Curve::Values{0, std::nullopt, 2e6});
  CHECK(recorded.curve("read_us").mean == Curve::Values{1002500, std::nullopt, 1000});
  CHECK(recorded.curve("read_us").max == Curve::Values{2e6, std::nullopt, 1000});
}

TEST_CASE("the alarm names the end of the first window in which too few reads hit") {
  Recorded recorded({.width = 1s, .end = 10s});
  // Half a second into each: four hits, then from the fifth second on one of two.
  for (int second = 0; second < 10; ++second)
    for (const bool hit : {true, second < 5})
      recorded.series.finished(
          {.invoked = at(second * 1s), .responded = at(second * 1s), .hit = hit});
  const auto when = [&](std::size_t width, SimTime from, double limit) {
    return first_below(recorded.series, width, from, [=](double found) { return found >= limit; });
  };
  CHECK(when(1, at(0s), 0.9) == at(6s));
  CHECK(when(2, at(0s), 0.9) == at(6s));   // three of four
  CHECK(when(2, at(0s), 0.75) == at(7s));  // two of four
  CHECK(when(4, at(0s), 0.8) == at(7s));   // six of eight
  CHECK(when(2, at(5500ms), 0.9) == at(8s));
  CHECK_FALSE(when(1, at(0s), 0.5));
  CHECK_FALSE(when(11, at(0s), 0.9));
}

TEST_CASE("points of a distribution are exact, few, and end with the maximum") {
  prop("counts above each point are those of looking at every value", [] {
    const auto values = *rc::gen::container<std::vector<std::uint32_t>>(
        rc::gen::map(rc::gen::inRange<std::uint64_t>(0, 1ULL << 40),
                     [](std::uint64_t n) { return static_cast<std::uint32_t>(n >> (n % 32)); }));
    Histogram histogram;
    for (const auto value : values) histogram.add(Duration(value));
    const auto points = histogram.above(*rc::gen::element<std::size_t>(2, 3, 20, 120));
    RC_ASSERT(points.empty() == values.empty());
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i > 0) RC_ASSERT(points[i - 1].time < points[i].time);
      const auto above = std::count_if(values.begin(), values.end(), [&](std::uint32_t value) {
        return Duration(value) > points[i].time;
      });
      RC_ASSERT(static_cast<std::uint64_t>(above) == points[i].count);
    }
    if (!points.empty()) RC_ASSERT(points.back().time == histogram.max());
  });
}

TEST_CASE("points of a distribution are within their number, and leave no gap in bulk or tail") {
  Histogram histogram;
  constexpr std::int64_t count = 1'000'000;
  for (std::int64_t i = 1; i <= count; ++i)  // Pareto from 1 us to 1 s
    histogram.add(Duration(1'000 * (count / i)));
  const auto points = histogram.above(120);
  CHECK(points.size() <= 120);
  CHECK(points.size() > 60);
  for (std::size_t i = 1; i < points.size(); ++i) {
    CHECK(points[i].time.count() <= 3 * points[i - 1].time.count());
    CHECK(points[i - 1].count - points[i].count <= count / 2);
  }
}

TEST_CASE("merged histograms are one of all values") {
  Histogram all, some, others;
  for (std::int64_t i = 0; i < 5'000; ++i) {
    const Duration value(i * i * i % 100'003);
    all.add(value);
    (i % 3 == 0 ? some : others).add(value);
  }
  some.merge(others);
  CHECK(some.count() == all.count());
  CHECK(some.mean() == all.mean());
  CHECK(some.max() == all.max());
  for (std::uint32_t p = 0; p <= 1000; p += 10) CHECK(some.percentile(p) == all.percentile(p));
}

}  // namespace
}  // namespace cacherace::judge
