// Arrivals of open flows: their mean rate, and their shape over bursts and days.

#include "sim/engine/arrivals/arrivals.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "sim/engine/arrivals/distributions.hpp"

namespace cacherace::engine {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;
using scenario::Arrivals;
using scenario::BurstyArrivals;
using scenario::DiurnalArrivals;

constexpr std::uint64_t seed = 7;
constexpr std::uint64_t stream = std::uint64_t{3} << 56;
constexpr auto exponential_phases = BurstyArrivals::Phases::exponential;

double seconds(Duration d) { return static_cast<double>(d.count()) / 1e9; }

// When operations arrive at `per_second`, from `from` on and for `length`; since `from`.
std::vector<Duration> arrivals_of(const Arrivals& kind, std::int64_t per_second, Duration length,
                                  Duration from = 0s) {
  const SimTime begin = start_of_time + from;
  ArrivalTimes times({.rate = {per_second * Decimal::one}, .arrivals = kind}, begin, begin + length,
                     seed, stream);
  std::vector<Duration> all;
  for (std::uint64_t i = 0;; ++i) {
    Arrival found = times.next(draw(seed, stream + i, Purpose::arrival, 0));
    while (!found.found) found = times.look_on();
    const SimTime next = found.at;
    if (next >= begin + length) return all;
    all.push_back(next - begin);
  }
}

// Pearson's statistic of where in a period arrivals fall, `expected` being the share of each part.
double chi_square(const std::vector<Duration>& arrivals, Duration period,
                  const std::vector<double>& expected) {
  std::vector<double> counts(expected.size());
  for (const Duration at : arrivals) {
    const double position = seconds(at % period) / seconds(period);
    ++counts[static_cast<std::size_t>(position * static_cast<double>(counts.size()))];
  }
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double wanted = expected[i] * static_cast<double>(arrivals.size());
    sum += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
  }
  return sum;
}

// Variance over mean of the numbers of arrivals in windows of that width: 1 for a Poisson flow.
double dispersion(const std::vector<Duration>& arrivals, Duration window, Duration length) {
  std::vector<double> counts(static_cast<std::size_t>(length / window));
  for (const Duration at : arrivals) ++counts[static_cast<std::size_t>(at / window)];
  double sum = 0, squares = 0;
  for (const double n : counts) {
    sum += n;
    squares += n * n;
  }
  const auto n = static_cast<double>(counts.size());
  return (squares / n - sum / n * sum / n) / (sum / n);
}

void check_mean(const std::vector<Duration>& arrivals, double wanted, double deviation) {
  CHECK_THAT(static_cast<double>(arrivals.size()), WithinAbs(wanted, 4 * deviation));
  CHECK(std::is_sorted(arrivals.begin(), arrivals.end()));
}

TEST_CASE("a bursty flow arrives in its on phases only, evenly over them, at its rate on average") {
  const auto arrivals = arrivals_of(BurstyArrivals{1s, 9s}, 200, 1000s, 3s);
  check_mean(arrivals, 200'000, std::sqrt(200'000));
  for (const Duration at : arrivals) CHECK(at % 10s < 1s);
  std::vector<double> within(100, 0);
  std::fill_n(within.begin(), 10, 0.1);
  std::vector<double> on(within.begin(), within.begin() + 10);
  std::vector<Duration> squeezed;
  for (const Duration at : arrivals) squeezed.push_back(at % 10s);
  CHECK(chi_square(squeezed, 1s, on) < 27.88);  // 99.9 % point, 9 degrees of freedom
}

TEST_CASE("fixed bursts are a steady flow, squeezed: exact to the nanosecond") {
  const auto steady = arrivals_of(scenario::PoissonArrivals{}, 50, 500s);
  const auto bursts = arrivals_of(BurstyArrivals{1500ms, 700ms}, 50, 500s);
  REQUIRE(std::abs(static_cast<double>(steady.size()) - static_cast<double>(bursts.size())) < 120);
  for (std::size_t i = 0; i < std::min(steady.size(), bursts.size()); ++i) {
    const long double cycles = static_cast<long double>(steady[i].count()) / 2.2e9L;
    const long double whole = std::floor(cycles);
    const long double wanted = whole * 2.2e9L + (cycles - whole) * 1.5e9L;
    CHECK(std::abs(static_cast<long double>(bursts[i].count()) - wanted) <= 2);
  }
}

TEST_CASE("drawn phases: the index of dispersion is that of an interrupted Poisson process") {
  constexpr double on = 2, off = 6, rate = 20;
  constexpr Duration length = 400'000s;
  const auto arrivals = arrivals_of(BurstyArrivals{2s, 6s, exponential_phases}, 20, length);
  const double ends = 1 / on + 1 / off;  // of phases, per second
  const double peak = rate * (on + off) / on;
  const auto exact = [&](double window) {
    return 1 +
           2 * peak / on / (ends * ends) * (1 - (1 - std::exp(-ends * window)) / (ends * window));
  };
  const double deviation = std::sqrt(rate * seconds(length) * exact(seconds(length)));
  check_mean(arrivals, rate * seconds(length), deviation);
  for (const auto& [window, width] : {std::pair{1s, 1.0}, {5s, 5.0}, {40s, 40.0}}) {
    const double found = dispersion(arrivals, window, length);
    CHECK_THAT(found / exact(width), WithinAbs(1, 0.06));
  }
  const auto poisson = arrivals_of(scenario::PoissonArrivals{}, 20, length);
  CHECK_THAT(dispersion(poisson, 5s, length), WithinAbs(1, 0.03));
}

TEST_CASE("a diurnal flow swings as a cosine around its rate") {
  constexpr Duration period = 100s;
  for (const double peak : {1.0, 1.3, 2.0}) {
    CAPTURE(peak);
    const DiurnalArrivals day{period, {static_cast<std::int64_t>(peak * 1e9)}};
    const auto arrivals = arrivals_of(day, 400, 10 * period, 17s);
    check_mean(arrivals, 400'000, std::sqrt(400'000));
    std::vector<double> expected;
    const auto reached = [&](double x) {
      return x - (peak - 1) * std::sin(2 * std::numbers::pi * x) / (2 * std::numbers::pi);
    };
    for (int hour = 0; hour < 24; ++hour)
      expected.push_back(reached((hour + 1) / 24.0) - reached(hour / 24.0));
    CHECK(chi_square(arrivals, period, expected) < 49.73);  // 99.9 %, 23 degrees of freedom
  }
}

TEST_CASE("the share of the peak agrees with the library's cosine") {
  for (const std::int64_t peak : {1'000'000'000, 1'250'000'000, 2'000'000'000}) {
    const DiurnalArrivals day{24h, {peak}};
    const double swing = static_cast<double>(peak) / 1e9 - 1;
    for (Duration since = 0s; since < 50h; since += 317s) {
      const double turn = 2 * std::numbers::pi * seconds(since) / 86'400;
      CHECK_THAT(static_cast<double>(share_of_peak(day, since)) / std::exp2(32),
                 WithinAbs((1 - swing * std::cos(turn)) / (1 + swing), 1e-8));
    }
  }
  CHECK(share_of_peak({24h, {2'000'000'000}}, 0s) == 0);
  CHECK(share_of_peak({24h, {1'000'000'000}}, 5h) == std::uint64_t{1} << 32);
}

TEST_CASE("a flow whose window ends in a trough or an off phase ends") {
  CHECK(arrivals_of(DiurnalArrivals{8760h}, 1'000'000, 1s).empty());
  const auto burst = arrivals_of(BurstyArrivals{1ms, 1h}, 1, 1s);  // that of an hour
  check_mean(burst, 3600, 60);
  CHECK(burst.back() < 1ms);
  CHECK(arrivals_of(BurstyArrivals{1ms, 1ms, exponential_phases}, 1, 3600s).size() > 3000);
}

TEST_CASE("years without an operation are skipped, or looked through a little at a time") {
  constexpr Rate once_in_decades{1};
  const auto looks_through = [&](const Arrivals& kind, Rate rate, Duration length) {
    const SimTime end = start_of_time + length;
    ArrivalTimes times({.rate = rate, .arrivals = kind}, start_of_time, end, seed, stream);
    Arrival next = times.next(draw(seed, stream, Purpose::arrival, 0));
    int looks = 1;
    for (; !next.found; ++looks) {
      const Arrival further = times.look_on();
      CHECK(further.at >= next.at);
      next = further;
    }
    return looks;
  };
  CHECK(looks_through(BurstyArrivals{1ms, 1ms}, once_in_decades, 8760h) == 1);
  CHECK(looks_through(BurstyArrivals{8760h, 8760h}, once_in_decades, 8760h) == 1);
  // Cycles of two milliseconds on average, of which a look goes through some four thousand.
  const int looks =
      looks_through(BurstyArrivals{1ms, 1ms, exponential_phases}, once_in_decades, 1h);
  CHECK(looks > 3600 * 500 / 4096 * 9 / 10);
  CHECK(looks < 3600 * 500 / 4096 * 11 / 10);
  CHECK(looks_through(DiurnalArrivals{8760h}, {1'000'000 * Decimal::one}, 5s) > 1000);
}

TEST_CASE("looks that end early find operations at the rate of the flow") {
  // Ten thousand drawn cycles between two operations on average.
  constexpr Duration length = 10h;
  ArrivalTimes times(
      {.rate = {Decimal::one / 20}, .arrivals = BurstyArrivals{1ms, 1ms, exponential_phases}},
      start_of_time, start_of_time + length, seed, stream);
  std::vector<Duration> all;
  bool ended_early = false;
  for (std::uint64_t i = 0;; ++i) {
    Arrival next = times.next(draw(seed, stream + i, Purpose::arrival, 0));
    for (; !next.found; next = times.look_on()) ended_early = true;
    if (next.at >= start_of_time + length) break;
    all.push_back(next.at - start_of_time);
  }
  CHECK(ended_early);
  check_mean(all, 1800, std::sqrt(1800));
}

TEST_CASE("another seed or flow has other bursts") {
  const scenario::OpenLoop load{.rate = {Decimal::one},
                                .arrivals = BurstyArrivals{1s, 1s, exponential_phases}};
  const auto first = [&](std::uint64_t with_seed, std::uint64_t of) {
    ArrivalTimes times(load, start_of_time, start_of_time + 1h, with_seed, of);
    SimTime last;
    for (int i = 0; i < 100; ++i) last = times.next({std::uint64_t{1} << 63, 0}).at;
    return last;
  };
  CHECK(first(1, stream) == first(1, stream));
  CHECK(first(1, stream) != first(2, stream));
  CHECK(first(1, stream) != first(1, 0));
}

}  // namespace
}  // namespace cacherace::engine
