#include "sim/engine/arrivals/distributions.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <vector>

#include "sim/engine/arrivals/popularity.hpp"

namespace cacherace::engine {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

std::vector<double> sorted_sample(const scenario::Latency& latency, std::uint32_t n) {
  std::vector<double> sample_us;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Draw random = draw(11, 3, Purpose::effect, i);
    const Duration d = sample(latency, random.first, [&] { return random.second; });
    sample_us.push_back(static_cast<double>(d.count()) / 1000.0);
  }
  std::sort(sample_us.begin(), sample_us.end());
  return sample_us;
}

// The share of the sample at or below x differs from the distribution's by at most this
// (Kolmogorov-Smirnov, 0.1 %).
template <typename Cdf>
double largest_gap(const std::vector<double>& sorted, Cdf cdf) {
  double gap = 0;
  const auto n = static_cast<double>(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double exact = cdf(sorted[i]);
    gap =
        std::max({gap, exact - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - exact});
  }
  return gap;
}

constexpr std::uint32_t n = 100'000;
const double critical_gap = 1.95 / std::sqrt(n);

TEST_CASE("each latency has its distribution") {
  SECTION("constant") {
    const auto values = sorted_sample(scenario::Constant{5ms}, 10);
    CHECK(values.front() == 5000);
    CHECK(values.back() == 5000);
  }
  SECTION("uniform") {
    const auto values = sorted_sample(scenario::Uniform{5ms, 30ms}, n);
    CHECK(largest_gap(values, [](double x) { return (x - 5000) / 25000; }) < critical_gap);
    CHECK(values.front() >= 5000);
    CHECK(values.back() <= 30000);
  }
  SECTION("exponential") {
    const auto values = sorted_sample(scenario::Exponential{20ms, {}}, n);
    CHECK(largest_gap(values, [](double x) { return 1 - std::exp(-x / 20000); }) < critical_gap);
  }
  SECTION("exponential, cut") {
    const auto values = sorted_sample(scenario::Exponential{20ms, 30ms}, n);
    CHECK(values.back() == 30000);
  }
  SECTION("lognormal: half below the median, one in a hundred above p99") {
    const auto values = sorted_sample(scenario::Lognormal{5ms, 30ms, {}}, n);
    const double sigma = std::log(6.0) / 2.3263478740;
    CHECK(largest_gap(values, [&](double x) {
            return 0.5 * std::erfc(-std::log(x / 5000) / sigma / std::sqrt(2.0));
          }) < critical_gap);
  }
}

TEST_CASE("a uniform latency of two nanoseconds takes both, and nothing else") {
  int low = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto d = uniform({1ns, 2ns}, draw(1, 1, Purpose::effect, i).first);
    CHECK((d == 1ns || d == 2ns));
    low += d == 1ns;
  }
  CHECK(low > 400);
  CHECK(low < 600);
}

TEST_CASE("chances of nothing, of everything, and between") {
  CHECK_FALSE(chance({0}, 0));
  CHECK(chance({Decimal::one}, ~std::uint64_t{0}));
  int yes = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i)
    yes += chance({10'000'000}, draw(1, 2, Purpose::request, i).first);
  CHECK_THAT(yes, WithinAbs(1000, 5 * std::sqrt(990)));
}

std::vector<double> shares(const scenario::Popularity& popularity, Key keys, std::uint32_t draws) {
  const KeySampler sampler(popularity, keys);
  std::vector<double> counts(keys);
  for (std::uint32_t i = 0; i < draws; ++i)
    counts[sampler.sample(draw(5, 5, Purpose::request, i).first)] += 1.0 / draws;
  return counts;
}

TEST_CASE("Zipf: a key's share falls with its rank as it should") {
  constexpr Key keys = 1000;
  for (const double exponent : {0.5, 0.99, 1.5}) {
    const auto found = shares(
        scenario::Zipf{{static_cast<std::int64_t>(std::llround(exponent * 1e9))}}, keys, 400'000);
    double total = 0;
    for (Key k = 1; k <= keys; ++k) total += std::pow(k, -exponent);
    for (const Key rank : {1U, 2U, 3U, 10U, 100U, 1000U}) {
      const double exact = std::pow(rank, -exponent) / total;
      CAPTURE(exponent, rank);
      CHECK_THAT(found[rank - 1], WithinAbs(exact, 5 * std::sqrt(exact / 400'000)));
    }
  }
}

TEST_CASE("hot set and uniform") {
  const auto hot = shares(scenario::HotSet{{20'000'000}, {900'000'000}}, 100, 200'000);
  CHECK_THAT(hot[0] + hot[1], WithinRel(0.9, 0.01));
  CHECK_THAT(hot[50], WithinRel(0.1 / 98, 0.3));
  const auto alike = shares(scenario::UniformKeys{}, 10, 200'000);
  for (const double share : alike) CHECK_THAT(share, WithinRel(0.1, 0.04));
}

}  // namespace
}  // namespace cacherace::engine
