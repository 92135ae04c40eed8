#include "sim/world/active_expiry.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <vector>

#include "tests/support/prop.hpp"

namespace cacherace::world {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;

constexpr SimTime at(Duration d) { return start_of_time + d; }

// A server that holds `total` entries with a TTL, of which the first `dead` are expired.
struct Server {
  Server(SlotId total, SlotId dead, std::uint64_t seed = 1)
      : memory({}, Words(seed, 0, Purpose::eviction)) {
    for (SlotId slot = 0; slot < total; ++slot)
      memory.stored(slot, 1, slot < dead ? at(1s) : at(24h), at(0s));
  }
  ExpiryCycle cycle() {
    return expiry.run(memory, at(1min), [this](SlotId slot) { memory.removed(slot); });
  }

  Memory memory;
  ActiveExpiry expiry;
};

TEST_CASE("a cycle removes what is past its expiry, and only that") {
  Memory memory({}, Words(1, 0, Purpose::eviction));
  for (SlotId slot = 0; slot < 10; ++slot) memory.stored(slot, 1, at(slot * 1s), at(0s));
  memory.stored(10, 1, never, at(0s));
  ActiveExpiry expiry;
  std::vector<SlotId> removed;
  const auto cycle = expiry.run(memory, at(4s), [&](SlotId slot) {
    memory.removed(slot);
    removed.push_back(slot);
  });
  std::ranges::sort(removed);
  CHECK(removed == std::vector<SlotId>{0, 1, 2, 3});  // slot 4 is readable still
  CHECK(cycle.expired == 4);
}

TEST_CASE("a cycle without entries that have a TTL does nothing") {
  Memory memory({}, Words(1, 0, Purpose::eviction));
  memory.stored(0, 1, never, at(0s));
  CHECK(ActiveExpiry{}.run(memory, at(24h), [](SlotId) { FAIL(); }) == ExpiryCycle{});
}

TEST_CASE("a cycle ends after one sample when a tenth of it or less was expired") {
  const SlotId dead = GENERATE(0U, 1U, 2U, 3U);
  Server server(20, dead);  // a sample is all of them
  CHECK(server.cycle().looked_at == (dead == 3 ? 37 : 20));
  CHECK(server.memory.volatile_slots().size() == 20 - dead);
}

TEST_CASE("a cycle takes a quarter of its period at most, but for what 16 samples take") {
  Server server(100'000, 100'000);
  const ExpiryCycle cycle = server.cycle();
  CHECK(cycle.out_of_time);
  CHECK(cycle.took > expiry_cycle_max);
  CHECK(cycle.took <= expiry_cycle_max + 16 * 20 * (expiry_look_cost + expiry_removal_cost));
  CHECK(cycle.looked_at % (16 * 20) == 0);
  CHECK(cycle.expired == cycle.looked_at);
  CHECK(server.cycle().expired == cycle.expired);
}

// Probability that a sample of 20 holds no more than 2 expired entries, and so ends the cycle.
double sample_ends_cycle(double p) {
  return std::pow(1 - p, 20) + 20 * p * std::pow(1 - p, 19) + 190 * p * p * std::pow(1 - p, 18);
}

// A cycle looks at 20 entries over that probability on average. So a tenth of 10,000 entries takes
// 34 s to go, a quarter 4.6 s, and a half goes almost at once.
TEST_CASE("expired entries are removed at the rate at which samples of 20 go on") {
  constexpr SlotId total = 10'000;
  const double share = GENERATE(.05, .1, .15, .25, .4);
  CAPTURE(share);
  constexpr int seeds = 20;
  int cycles = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Server server(total, static_cast<SlotId>(total * share), seed);
    const std::size_t alive = static_cast<std::size_t>(total * (1 - share));
    for (; server.memory.volatile_slots().size() > alive; ++cycles) server.cycle();
  }
  // Of the samples in one round, those that end a cycle are binomial; the last cycle counts too.
  const double ends = sample_ends_cycle(share), samples = total / 20.0;
  const double error = std::sqrt(samples * ends * (1 - ends) / seeds);
  CHECK_THAT(static_cast<double>(cycles) / seeds, WithinAbs(samples * ends + 0.5, 0.5 + 4 * error));
}

struct Seen {
  SlotId dead;
  int seconds;
  std::size_t left;
};

// redis 7.0.15 with 10,000 entries with a TTL, of which `dead` expired at once: how many of these
// were still in memory after so many seconds.
TEST_CASE("mass expiry leaves as many dead entries in memory as a real server was seen to leave") {
  const auto seen =
      GENERATE(Seen{10'000, 1, 0}, Seen{5000, 1, 0}, Seen{2500, 2, 1532}, Seen{2500, 10, 0},
               Seen{1500, 5, 1124}, Seen{1500, 10, 690}, Seen{1000, 1, 975}, Seen{1000, 10, 721},
               Seen{1000, 20, 372}, Seen{1000, 30, 81});
  std::vector<std::size_t> left;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Server server(10'000, seen.dead, seed);
    for (int cycle = 0; cycle < 10 * seen.seconds; ++cycle) server.cycle();
    left.push_back(server.memory.volatile_slots().size() - (10'000 - seen.dead));
  }
  CAPTURE(seen.dead, seen.seconds, seen.left);
  const auto [least, most] = std::ranges::minmax(left);
  CHECK(least <= seen.left);
  CHECK(seen.left <= most);
}

TEST_CASE("while nothing else happens, every expired entry is found within one round") {
  test::prop("one round", [](std::uint16_t total, std::uint16_t dead, std::uint64_t seed) {
    total %= 500;
    dead %= 500;
    Server server(total, std::min(total, dead), seed);
    for (int cycle = 0; cycle < total / 20 + 1; ++cycle) server.cycle();
    RC_ASSERT(server.memory.volatile_slots().size() ==
              static_cast<std::size_t>(std::max(0, total - dead)));
  });
}

}  // namespace
}  // namespace cacherace::world
