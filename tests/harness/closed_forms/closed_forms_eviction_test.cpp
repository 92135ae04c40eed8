// Closed forms of what is evicted: hit ratios at maxmemory against Che's approximation, and against
// figures of Redis's sampled LRU; how fast a counter of LFU grows.
// Requests are independent, of 10,000 keys by Zipf; C entries fit.

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "sim/world/access.hpp"
#include "sim/world/memory.hpp"
#include "tests/harness/closed_forms/closed_form.hpp"

namespace cacherace::harness {
namespace {

struct Load {
  const char* zipf;
  double exponent;
  int capacity;
  double lru, random;  // hit ratios
};

const Load flat{"0.8", .8, 500, .3312, .2937};
const Load steep{"1", 1, 1000, .6756, .6309};

std::vector<double> shares(double exponent) {
  std::vector<double> share(10'000);
  double total = 0;
  for (std::size_t i = 0; i < share.size(); ++i)
    total += share[i] = std::pow(static_cast<double>(i + 1), -exponent);
  for (double& one : share) one /= total;
  return share;
}

// Che, Tung, Wang 2002; for FIFO and random Fricker, Robert, Roberts 2012. `stays(p t)` is the
// probability that a key with share p is in the cache; t is such that the cache is full.
template <typename Stays>
double che(const Load& load, Stays stays) {
  const auto share = shares(load.exponent);
  double low = 0, high = 1e9;
  for (int step = 0; step < 200; ++step) {
    const double t = (low + high) / 2;
    double filled = 0;
    for (const double p : share) filled += stays(p * t);
    (filled < load.capacity ? low : high) = t;
  }
  double hits = 0;
  for (const double p : share) hits += p * stays(p * low);
  return hits;
}

double che_lru(const Load& load) {
  return che(load, [](double x) { return 1 - std::exp(-x); });
}

double che_random(const Load& load) {
  return che(load, [](double x) { return x / (1 + x); });
}

// One request a second, so that each access has a tick of the LRU clock of its own.
std::vector<double> hit_ratio(const Load& load, const std::string& cache, bool expires,
                              int measured_s) {
  constexpr int warmup_s = 10'000;
  const auto maxmemory =
      static_cast<std::uint64_t>(load.capacity) * world::entry_bytes(1024, expires);
  const std::string expiry = expires ? R"({"ttl": "8000h"})" : R"("none")";
  return Replicates(
             fmt::format(R"({{
            "cache": {{"latency": "2ns", "maxmemory": "{}b", "active_expiry": false, {}}},
            "database": {{"read": "1ns"}},
            "keys": {{"count": 10000, "popularity": {{"zipf": {}}}, "value": "1kb"}},
            "strategies": {{"bounded": {{"expiry": {}}}}},
            "traffic": {{"duration": "{}s", "warmup": "{}s",
                        "flows": [{{"name": "web", "rate": "1/s", "reads": 1}}]}}}})",
                         maxmemory, cache, load.zipf, expiry, warmup_s + measured_s, warmup_s),
             10)
      .of(Metric::hit_ratio);
}

TEST_CASE("LRU hits as often as Che says", "[slow]") {
  const Load load = GENERATE(flat, steep);
  CAPTURE(load.zipf);
  CHECK(std::abs(che_lru(load) - load.lru) < 5e-5);
  // Samples of 20 come within 0.0005 of a true LRU.
  check_within(hit_ratio(load, R"("policy": "allkeys-lru", "samples": 20)", false, 90'000),
               che_lru(load));
}

TEST_CASE("random eviction and FIFO hit as often as Che's method says", "[slow]") {
  const Load load = GENERATE(flat, steep);
  CAPTURE(load.zipf);
  CHECK(std::abs(che_random(load) - load.random) < 5e-5);
  check_within(hit_ratio(load, R"("policy": "allkeys-random")", false, 90'000), che_random(load));
  // With one TTL for all, the nearest expiry is that of the oldest entry.
  check_within(hit_ratio(load, R"("policy": "volatile-ttl")", true, 90'000), che_random(load));
}

TEST_CASE("fewer samples hit less often, as a replica of Redis's LRU does", "[slow]") {
  // Of one run of four million requests each: uncertain by about 0.0001.
  struct Published {
    Load load;
    double samples_3, samples_5, samples_10;
  };
  const auto published =
      GENERATE(Published{flat, .3277, .3300, .3313}, Published{steep, .6708, .6736, .6749});
  CAPTURE(published.load.zipf);
  const auto sampled = [&](int samples) {
    return hit_ratio(published.load,
                     fmt::format(R"("policy": "allkeys-lru", "samples": {})", samples), false,
                     200'000);
  };
  const auto most = sampled(10);
  check_within(most, published.samples_10);
  // The same requests under each number of samples: they differ by less than they vary, so that
  // the intervals are narrow enough to tell three samples from five, and five from ten.
  const auto beside_most = [&](std::vector<double> few) {
    for (std::size_t i = 0; i < few.size(); ++i) few[i] -= most[i] - published.samples_10;
    return few;
  };
  check_within(beside_most(sampled(3)), published.samples_3);
  check_within(beside_most(sampled(5)), published.samples_5);
}

struct Growth {
  std::uint32_t factor, by;
  int entries;
};

TEST_CASE("an LFU counter grows from 5 to 5 + n by n + f n (n - 1) / 2 hits", "[slow]") {
  // From 5 + i to the next it takes f i + 1 on average, with a standard deviation of about as much:
  // the sum varies by about 2 / sqrt(3 n). At 255 a counter is full.
  const Growth row = GENERATE(Growth{0, 250, 2}, Growth{1, 50, 4'000}, Growth{10, 10, 20'000},
                              Growth{100, 10, 20'000}, Growth{10, 250, 800});
  CAPTURE(row.factor, row.by);
  const double n = row.by, form = n + row.factor * n * (n - 1) / 2;
  if (row.factor == 10 && row.by == 250) CHECK(form == 311'500);
  const world::LfuSettings settings{.log_factor = row.factor, .decay_time = Duration{0}};
  const SimTime now{};
  Words random(1, row.factor, Purpose::eviction);
  std::vector<double> hits(static_cast<std::size_t>(row.entries));
  for (double& one : hits) {
    world::LfuBits bits = world::lfu_new(now);
    for (; world::lfu_counter(bits, now, settings) < world::lfu_counter_start + row.by; ++one)
      bits = world::lfu_accessed(bits, now, settings, random);
  }
  check_within(hits, form);
}

}  // namespace
}  // namespace cacherace::harness
