// The plain search and an independent program count the same schedules and violations, in races
// that nobody chose.

#include "tests/races/oracle.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "tests/races/race_builder.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::oracle {
namespace {

constexpr std::uint64_t schedules_max = 50'000;
// A bound on the effects of all clients, so that few races have more schedules than that.
constexpr std::size_t effects_max = 13;
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
constexpr int races = 4'000;
#else  // tens of times slower
constexpr int races = 200;
#endif

std::size_t effects_most(const Race& race) {
  std::size_t effects = 0;
  for (const auto& operations : race.clients)
    for (const Operation& operation : operations) effects += operation.writes ? 2 : 3;
  return effects;
}

// As a scenario demands.
bool touches_every_key(const Race& race) {
  std::array<bool, keys_max> touched{};
  for (const auto& operations : race.clients)
    for (const Operation& operation : operations) touched[operation.key] = true;
  return std::count(touched.begin(), touched.end(), true) ==
         static_cast<std::ptrdiff_t>(race.starts.size());
}

Race draw_race() {
  using rc::gen::element;
  Race race;
  race.starts.resize(*element(1u, 2u));
  for (Start& start : race.starts) start = *element(Start::cold, Start::warm, Start::absent);
  race.clients.resize(*element(2u, 2u, 3u));
  for (auto& operations : race.clients) {
    operations.resize(*element(1u, 2u));
    for (Operation& operation : operations) {
      operation.writes = *element(false, false, true);
      operation.key = *element(std::size_t{0}, race.starts.size() - 1);
    }
  }
  race.write = *element(Write::delete_after, Write::delete_before, Write::set_after, Write::none);
  race.ttl = *element(false, true);
  return race;
}

// For shrinking: without one operation each, or with something simpler in one place.
std::vector<Race> simpler(const Race& race) {
  std::vector<Race> found;
  const auto changed = [&](auto change) {
    found.push_back(race);
    change(found.back());
  };
  for (std::size_t client = 0; client < race.clients.size(); ++client) {
    const auto& operations = race.clients[client];
    if (race.clients.size() + operations.size() == 2) continue;  // the last one
    for (std::size_t i = 0; i < operations.size(); ++i)
      changed([&](Race& r) {
        auto& fewer = r.clients[client];
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (fewer.empty()) r.clients.erase(r.clients.begin() + static_cast<std::ptrdiff_t>(client));
      });
  }
  if (race.ttl) changed([](Race& r) { r.ttl = false; });
  if (race.starts.size() == 2)
    changed([](Race& r) {
      r.starts.pop_back();
      for (auto& operations : r.clients)
        for (Operation& operation : operations) operation.key = 0;
    });
  for (std::size_t key = 0; key < race.starts.size(); ++key)
    if (race.starts[key] != Start::cold) changed([&](Race& r) { r.starts[key] = Start::cold; });
  if (race.write != Write::delete_after) changed([](Race& r) { r.write = Write::delete_after; });
  std::erase_if(found, std::not_fn(touches_every_key));
  return found;
}

scenario::Write write_slot(Write write) {
  switch (write) {
    case Write::delete_after:
      return scenario::DeleteAfter{};
    case Write::delete_before:
      return scenario::DeleteBefore{};
    case Write::set_after:
      return scenario::SetAfter{};
    case Write::none:
      return scenario::NoInvalidation{};
  }
  return {};
}

scenario::KeyStart key_start(Start start) {
  if (start == Start::cold) return scenario::KeyStart::cold;
  return start == Start::warm ? scenario::KeyStart::warm : scenario::KeyStart::absent;
}

engine::Race as_searched(const Race& race) {
  engine::Plan plan;
  for (std::size_t key = 0; key < race.starts.size(); ++key) {
    plan.keys.push_back(key == 0 ? "a" : "b");
    plan.starts.push_back(key_start(race.starts[key]));
  }
  for (const auto& operations : race.clients) {
    plan.scripts.push_back({fmt::format("c{}", plan.scripts.size() + 1), {}});
    for (const Operation& operation : operations)
      plan.scripts.back().operations.push_back(
          {operation.writes ? OperationKind::write : OperationKind::read,
           static_cast<Key>(operation.key)});
  }
  scenario::Expiry expiry;
  if (race.ttl) expiry.ttl = std::chrono::seconds{5};
  return test::race(plan, write_slot(race.write), expiry);
}

void judge(Judged& judged, const judge::Property& property, const History& history) {
  const auto judgement = property.judge(history);
  judged.arose += judgement.arose;
  judged.violating += judgement.finding.has_value();
}

// What the program makes of the race; nothing if it has too many schedules.
std::optional<Counts> searched(const Race& race) {
  Counts counts;
  const auto coverage = search::enumerate(as_searched(race), {}, [&](const History& history) {
    judge(counts.no_stale_residue, judge::no_stale_residue, history);
    judge(counts.read_your_writes, judge::read_your_writes, history);
    judge(counts.monotonic_reads, judge::monotonic_reads, history);
    return ++counts.schedules <= schedules_max;
  });
  if (counts.schedules > schedules_max) return std::nullopt;
  RC_ASSERT(coverage.schedules == counts.schedules);
  counts.transitions = coverage.transitions;
  return counts;
}

void add(Judged& sum, const Judged& race) {
  sum.arose += race.arose > 0;
  sum.violating += race.violating > 0;
}

}  // namespace
}  // namespace cacherace::oracle

template <>
struct rc::Arbitrary<cacherace::oracle::Race> {
  static Gen<cacherace::oracle::Race> arbitrary() {
    using namespace cacherace::oracle;
    const auto small = gen::suchThat(gen::exec(draw_race), [](const Race& race) {
      return effects_most(race) <= effects_max && touches_every_key(race);
    });
    return gen::shrink(gen::noShrink(small),
                       [](const Race& race) { return seq::fromContainer(simpler(race)); });
  }
};

namespace cacherace::oracle {
namespace {

TEST_CASE("the search counts what an independent program counts, in any small race", "[race]") {
  std::uint64_t compared = 0, too_large = 0, with_ttl = 0;
  Counts sum;  // of schedules and transitions; else of races
  test::prop("search and oracle agree",
             [&](const Race& race) {
               const auto expected = explore(race, schedules_max);
               const auto found = searched(race);
               RC_ASSERT(found.has_value() == expected.has_value());
               ++(expected ? compared : too_large);
               if (!expected) return;
               RC_ASSERT(*found == *expected);
               with_ttl += race.ttl;
               sum.schedules += expected->schedules;
               sum.transitions += expected->transitions;
               add(sum.no_stale_residue, expected->no_stale_residue);
               add(sum.read_your_writes, expected->read_your_writes);
               add(sum.monotonic_reads, expected->monotonic_reads);
             },
             {.cases = races});
  // Lest they agree on nothing worth the name. Few races break monotonic-reads.
  CAPTURE(compared, too_large, with_ttl, sum);
  CHECK(compared > races * 9 / 10);
  CHECK(with_ttl > races / 4);
  for (const Judged& races_with :
       {sum.no_stale_residue, sum.read_your_writes, sum.monotonic_reads}) {
    CHECK((races_with.violating > 0 || races < 1'000));
    CHECK(races_with.arose > races_with.violating);
  }
}

}  // namespace
}  // namespace cacherace::oracle
