// Strategies with one line too few: a property that the strategy satisfies finds each of them, in
// the same race.

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <vector>

#include "tests/races/seeded/faulty_protocols.hpp"
#include "tests/races/table/verdict_of.hpp"

namespace cacherace::test {
namespace {

using Kind = scenario::Operation::Kind;

struct Seeded {
  std::string_view fault;
  std::string_view strategy;
  std::string_view anomaly;
  void (*seed)(Strategy&);
};

/// A strategy of which one slot is chosen.
template <typename Choice>
Strategy with() {
  Strategy chosen;
  strategy::compose(Choice{}, chosen);
  return chosen;
}

const std::vector<Seeded>& seeded() {
  static const std::vector<Seeded> all{
      // Writes.
      {"no delete after the commit", "cache-aside", "refill between delete and commit",
       [](Strategy& s) { s.write = with<scenario::NoInvalidation>().write; }},
      {"no delete before the commit", "delete before the commit", "lost invalidation by a crash",
       [](Strategy& s) { s.write = with<scenario::NoInvalidation>().write; }},
      {"no delete in the transaction", "delete in the transaction", "lost invalidation by a crash",
       [](Strategy& s) { s.write = with<scenario::NoInvalidation>().write; }},
      {"no second delete", "double delete, before and after, in time", "stale repopulate",
       [](Strategy& s) { s.write = with<scenario::DeleteBefore>().write; }},
      {"no second delete", "double delete, both after, in time", "stale repopulate",
       [](Strategy& s) { s.write = strategy::delete_after_commit; }},
      {"the second delete dies with its process",
       "double delete, before and after, durable, in time", "old for good",
       [](Strategy& s) { s.second_delete.timer = scenario::DoubleDelete::Timer::process; }},
      {"nobody follows the log", "change data capture", "refill between delete and commit",
       [](Strategy& s) { s.follows_log = false; }},
      {"no INCR after the commit", "namespace version, random seed",
       "refill between delete and commit", [](Strategy& s) { s.invalidate = invalidate_nothing; }},
      {"a counter that is gone starts at one", "namespace version, random seed",
       "resurrection after eviction",
       [](Strategy& s) { s.seed = scenario::BumpVersion::Seed::one; }},
      {"KEYS without a delete", "delete by KEYS", "refill between delete and commit",
       [](Strategy& s) { s.invalidate = list_without_delete; }},
      {"SCAN without its cursor", "delete by SCAN", "unknown derived key",
       [](Strategy& s) { s.invalidate = scan_first_page; }},
      {"no set after the commit", "set after the commit", "refill between delete and commit",
       [](Strategy& s) { s.write = with<scenario::NoInvalidation>().write; }},
      {"the cache is not written", "write-through", "refill between delete and commit",
       [](Strategy& s) { s.write = with<scenario::NoInvalidation>().write; }},
      {"writers do not lock", "write-through, writers lock", "write-write inversion",
       [](Strategy& s) { s.write_through.lock.reset(); }},
      {"loads do not lock", "write-through, writers and loads lock", "stale repopulate",
       [](Strategy& s) { s.load = with<scenario::EveryReader>().load; }},
      {"the queue is not durable", "write-behind, durable", "lost write",
       [](Strategy& s) { s.layout.volatile_queue = true; }},

      // Reads and loads.
      {"an entry past its soft expiry does not answer", "stale while revalidate, in time",
       "stampede at expiry", [](Strategy& s) { s.read = with<scenario::XFetch>().read; }},
      {"an entry that is due does not answer", "refresh-ahead, in time", "stampede at expiry",
       [](Strategy& s) { s.read = with<scenario::XFetch>().read; }},
      {"every reader loads", "single-flight", "stampede",
       [](Strategy& s) { s.load = with<scenario::EveryReader>().load; }},
      {"the node of a key is the reader's process", "read-through", "stampede",
       [](Strategy& s) { s.load = strategy::single_flight; }},
      {"writers do not forget flights", "single-flight, forget, generation",
       "old answer to the author", [](Strategy& s) { s.forget = false; }},
      {"every reader loads", "lock, in time", "stampede",
       [](Strategy& s) { s.load = with<scenario::EveryReader>().load; }},
      {"no second look under the lock", "write-through, writers and loads lock",
       "replica-lag refill", [](Strategy& s) { s.load = lock_without_second_look; }},
      {"refused readers load", "lease, refused give up, in time", "stampede",
       [](Strategy& s) { s.lease.refused = scenario::Lease::Refused::load; }},

      // Fills, expiry and guards.
      {"a fill without its token", "lease", "stale repopulate",
       [](Strategy& s) { s.store = with<scenario::SetFill>().store; }},
      {"the delete comes before the commit", "lease", "stale repopulate",
       [](Strategy& s) { s.write = with<scenario::DeleteBefore>().write; }},
      {"a fill that does not look at the generation", "generation", "stale repopulate",
       [](Strategy& s) { s.store = with<scenario::SetFill>().store; }},
      {"a delete that begins no generation", "generation", "stale repopulate",
       [](Strategy& s) { s.leaves = Leaves::nothing; }},
      {"a late \"no row\" that does not look at the generation", "negative entries, generation",
       "late negative", [](Strategy& s) { s.store = with<scenario::SetFill>().store; }},
      {"a fill that overwrites", "set after the commit, fill by add", "stale repopulate",
       [](Strategy& s) { s.store = with<scenario::SetFill>().store; }},
      {"a fill that does not compare", "set after the commit, newest wins", "stale repopulate",
       [](Strategy& s) { s.store = with<scenario::SetFill>().store; }},
      {"a writer that does not compare", "set after the commit, newest wins",
       "write-write inversion", [](Strategy& s) { s.store = with<scenario::AddFill>().store; }},
      {"a delete without a tombstone", "tombstones, in time", "stale repopulate",
       [](Strategy& s) { s.leaves = Leaves::nothing; }},
      {"a tombstone without a version", "tombstones, in time", "stale repopulate",
       [](Strategy& s) { s.invalidate = delete_without_version; }},
      {"a delete that holds nothing off", "hold-off, in time", "stale repopulate",
       [](Strategy& s) { s.leaves = Leaves::nothing; }},
      {"a fill that ignores the hold-off", "hold-off, in time", "stale repopulate",
       [](Strategy& s) { s.store = set_whatever; }},
      {"nobody marks", "remote marker, lease, in time", "replica-lag refill",
       [](Strategy& s) { s.layout.markers = false; }},
      {"no TTL", "TTL alone", "old for good", [](Strategy& s) { s.ttl = Duration::max(); }},
      {"value and TTL in two commands", "TTL", "entry without TTL",
       [](Strategy& s) { s.store = with<scenario::SetThenExpire>().store; }},
  };
  return all;
}

TEST_CASE("a strategy with one line too few is found by a property that the strategy satisfies",
          "[race]") {
  for (const auto& [fault, strategy, about, seed] : seeded()) {
    CAPTURE(fault, strategy, about);
    const auto whole = explore(listed(strategy), anomaly(about));
    REQUIRE(whole);
    CHECK_NOT_VERDICT(*whole, Verdict::violated);
    auto faulty = composed(listed(strategy));
    seed(faulty);
    const auto outcome =
        explore(engine::Race(anomaly(about).plan, faulty), listed(strategy).in_time,
                *anomaly(about).property, anomaly(about).property->limit);
    CHECK_VERDICT(outcome, Verdict::violated);
  }
}

// ---- faults that need a race of their own ------------------------------------------------------

Outcome explored(const engine::Plan& plan, const Strategy& strategy,
                 const judge::Property& property, bool in_time = false) {
  return explore(engine::Race(plan, strategy), in_time, property, property.limit);
}

TEST_CASE(
    "an unlock that comes late, after it was tried again, frees the lock of another, unless "
    "it is checked",
    "[race]") {
  // There is no row: nothing is ever stored, and every read takes the lock.
  const engine::Plan plan{.rows = {"user:7"},
                          .starts = {scenario::KeyStart::absent},
                          .scripts = {{"reader-1", {{Kind::read, 0}, {Kind::read, 0}}},
                                      {"reader-2", {{Kind::read, 0}}}},
                          .faults = {.lose = 1}};
  auto locked = composed(listed("lock without TTL"));
  locked.retries = 1;
  CHECK_VERDICT(explored(plan, locked, judge::mutual_exclusion, true), Verdict::proven);
  locked.lock.release = scenario::Lock::Release::unchecked;
  CHECK_VERDICT(explored(plan, locked, judge::mutual_exclusion, true), Verdict::violated);
}

TEST_CASE("a lock that nobody releases, and one without TTL whose holder dies, stay for good",
          "[race]") {
  const engine::Plan reader{.rows = {"user:7"},
                            .starts = {scenario::KeyStart::cold},
                            .scripts = {{"reader", {{Kind::read, 0}}}}};
  auto locked = composed(listed("lock without TTL"));
  locked.ttl = std::chrono::seconds(60);
  CHECK_VERDICT(explored(reader, locked, judge::every_key_expires), Verdict::proven);
  auto faulty = locked;
  faulty.load = lock_without_unlock;
  CHECK_VERDICT(explored(reader, faulty, judge::every_key_expires), Verdict::violated);

  auto mortal = reader;
  mortal.faults.crash = 1;
  CHECK_VERDICT(explored(mortal, locked, judge::every_key_expires), Verdict::violated);
  locked.lock.ttl = std::chrono::seconds(5);
  CHECK_VERDICT(explored(mortal, locked, judge::every_key_expires), Verdict::proven);
}

TEST_CASE("a writer that stores must tell its own process, too", "[race]") {
  const engine::Plan author{
      .rows = {"user:7"},
      .starts = {scenario::KeyStart::cold},
      .scripts = {{"author", {{Kind::read, 0}, {Kind::write, 0}, {Kind::read, 0}}}}};
  auto levels = composed(listed("two levels, shared first"));
  levels.write = with<scenario::SetAfter>().write;
  CHECK_VERDICT(explored(author, levels, judge::read_your_writes), Verdict::proven);
  levels.write = set_without_copies;
  CHECK_VERDICT(explored(author, levels, judge::read_your_writes), Verdict::violated);
}

TEST_CASE("an author reads its own write only if its process's copy is deleted, too", "[race]") {
  const engine::Plan author{
      .rows = {"user:7"},
      .starts = {scenario::KeyStart::cold},
      .scripts = {{"author", {{Kind::read, 0}, {Kind::write, 0}, {Kind::read, 0}}}}};
  auto levels = composed(listed("two levels, shared first"));
  CHECK_VERDICT(explored(author, levels, judge::read_your_writes), Verdict::proven);
  levels.invalidate = delete_shared_only;
  CHECK_VERDICT(explored(author, levels, judge::read_your_writes), Verdict::violated);
}

}  // namespace
}  // namespace cacherace::test
