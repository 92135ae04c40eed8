#include "sim/world/access.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

namespace cacherace::world {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;

constexpr SimTime at(Duration d) { return start_of_time + d; }

Words words(std::uint64_t seed = 1) { return {seed, 0, Purpose::eviction}; }

TEST_CASE("the LRU clock does not tell accesses within one tick apart") {
  CHECK(lru_clock(at(lru_resolution - 1ns)) == 0);
  CHECK(lru_clock(at(lru_resolution)) == 1);
  CHECK(lru_idle(lru_clock(at(5 * lru_resolution)), lru_clock(at(8 * lru_resolution))) == 3);
}

TEST_CASE("the LRU clock goes round after 2^24 ticks, and idle times go on, one tick short") {
  const Duration round = (Duration::rep{lru_clock_max} + 1) * lru_resolution;
  CHECK(lru_clock(at(round - 1ns)) == lru_clock_max);
  CHECK(lru_clock(at(round)) == 0);
  const auto before = lru_clock(at(round - 10 * lru_resolution));
  CHECK(lru_idle(before, lru_clock(at(round - lru_resolution))) == 9);
  CHECK(lru_idle(before, lru_clock(at(round + 5 * lru_resolution))) == 14);  // not 15
}

TEST_CASE("the LFU counter of an entry without accesses falls by 1 per decay time, down to 0") {
  const LfuSettings minutely{.log_factor = 10, .decay_time = 1min};
  const LfuBits bits = lfu_new(at(59s));
  CHECK(lfu_counter(bits, at(59s), minutely) == 5);
  CHECK(lfu_counter(bits, at(60s), minutely) == 4);  // whole minutes of the clock
  CHECK(lfu_counter(bits, at(4min), minutely) == 1);
  CHECK(lfu_counter(bits, at(24h), minutely) == 0);

  CHECK(lfu_counter(bits, at(9min), {.log_factor = 10, .decay_time = 5min}) == 4);
  CHECK(lfu_counter(bits, at(10min), {.log_factor = 10, .decay_time = 5min}) == 3);
  CHECK(lfu_counter(bits, at(24h), {.log_factor = 10, .decay_time = 0min}) == 5);
}

TEST_CASE("the LFU clock goes round after 2^16 minutes, and loses one then") {
  const LfuSettings minutely{.log_factor = 10, .decay_time = 1min};
  CHECK(lfu_counter(lfu_new(at(65'535min)), at(65'536min), minutely) == 5);
  CHECK(lfu_counter(lfu_new(at(65'535min)), at(65'538min), minutely) == 3);
}

TEST_CASE("an access first lets the LFU counter decay, then counts") {
  const LfuSettings always{.log_factor = 0, .decay_time = 1min};
  Words random = words();
  LfuBits bits = lfu_new(at(0s));
  for (int i = 0; i < 10; ++i) bits = lfu_accessed(bits, at(0s), always, random);
  CHECK(lfu_counter(bits, at(0s), always) == 15);
  bits = lfu_accessed(bits, at(3min), always, random);
  CHECK(lfu_counter(bits, at(3min), always) == 13);
  CHECK(lfu_counter(bits, at(4min), always) == 12);  // decays from the last access on
}

TEST_CASE("an LFU counter of 5 or less grows with each access, without a draw") {
  const LfuSettings settings{.log_factor = 1'000'000, .decay_time = 1min};
  Words random = words();
  LfuBits bits = lfu_new(at(0s));
  for (std::uint32_t count = 1; count <= 6; ++count) {
    bits = lfu_accessed(bits, at(5min), settings, random);
    CHECK(lfu_counter(bits, at(5min), settings) == count);
  }
  CHECK(random == words());
}

// Mean counter after that many accesses, over `trials` entries.
double mean_counter(std::uint32_t log_factor, int accesses, int trials) {
  const LfuSettings settings{.log_factor = log_factor, .decay_time = 1min};
  Words random = words(log_factor);
  double sum = 0;
  for (int trial = 0; trial < trials; ++trial) {
    LfuBits bits = lfu_new(at(0s));
    for (int i = 0; i < accesses; ++i) bits = lfu_accessed(bits, at(0s), settings, random);
    sum += lfu_counter(bits, at(0s), settings);
  }
  return sum / trials;
}

struct Counter {
  std::uint32_t log_factor;
  int accesses;
  int trials;
  double mean, rounding;
};

// The means are those of an independent program that follows Redis's source. A counter n above 5
// has a standard deviation of sqrt(n / 3): growing from i takes about i · factor accesses, with an
// equal deviation; these add up to factor · sqrt(n³ / 3) accesses, of which n takes factor · n.
TEST_CASE("LFU counters grow as the logarithm that redis.conf shows") {
  const auto row =
      GENERATE(Counter{10, 100, 400, 9.7, .05}, Counter{10, 1'000, 400, 19.5, .05},
               Counter{10, 100'000, 100, 147, .5}, Counter{100, 100, 400, 6.8, .05},
               Counter{100, 1'000, 400, 9.9, .05}, Counter{100, 100'000, 100, 49.9, .05},
               Counter{100, 1'000'000, 40, 146, .5});
  CAPTURE(row.log_factor, row.accesses);
  const double error = std::sqrt((row.mean - 5) / 3 / row.trials);
  CHECK_THAT(mean_counter(row.log_factor, row.accesses, row.trials),
             WithinAbs(row.mean, row.rounding + 4 * error));
}

TEST_CASE("LFU counters count each access at factor 0, and stay at 255 when they are there") {
  CHECK(mean_counter(0, 100, 1) == 105);
  CHECK(mean_counter(0, 1'000, 1) == 255);
  CHECK(mean_counter(1, 100'000, 1) == 255);
  CHECK(mean_counter(10, 1'000'000, 4) == 255);
}

}  // namespace
}  // namespace cacherace::world
