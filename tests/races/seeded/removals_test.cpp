// What each strategy removes, and what remains: of each the smallest race that shows it. The whole
// of it is docs/strategies.md.

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/races/race_builder.hpp"
#include "tests/races/table/verdict_of.hpp"

namespace cacherace::test {
namespace {

using Kind = scenario::Operation::Kind;

constexpr auto violated = Verdict::violated, proven = Verdict::proven, vacuous = Verdict::vacuous;

struct Row {
  std::string_view strategy, anomaly;
  Verdict verdict;
};

void check(const std::vector<Row>& rows) {
  for (const auto& [strategy, about, verdict] : rows) {
    CAPTURE(strategy, about);
    const auto outcome = explore(listed(strategy), anomaly(about));
    REQUIRE(outcome);
    CHECK_VERDICT(*outcome, verdict);
  }
}

TEST_CASE("delete after the commit leaves late fills, lost deletes and stampedes", "[race]") {
  check({{"cache-aside", "refill between delete and commit", proven},
         {"cache-aside", "write-write inversion", vacuous},  // no writer stores
         {"cache-aside", "stale repopulate", violated},
         {"cache-aside", "lost invalidation by a crash", violated},
         {"cache-aside", "lost invalidation by a message", violated},
         {"cache-aside", "stampede", violated},
         {"cache-aside", "stampede after a write", violated},
         {"cache-aside", "unknown derived key", violated}});
}

TEST_CASE("set after the commit leaves no miss, and lets writers overwrite each other", "[race]") {
  check({{"set after the commit", "stampede after a write", vacuous},  // nobody misses
         {"set after the commit", "stale repopulate", violated},
         {"set after the commit", "write-write inversion", violated},
         {"set after the commit", "lost invalidation by a crash", violated}});
}

TEST_CASE("a delete before the commit cannot be forgotten after it, and lets readers in between",
          "[race]") {
  for (const auto* strategy : {"delete before the commit", "delete in the transaction"})
    check({{strategy, "lost invalidation by a crash", vacuous},  // no entry is left to be old
           {strategy, "write-write inversion", vacuous},
           {strategy, "refill between delete and commit", violated},
           {strategy, "old answer after a write", violated}});
}

TEST_CASE("a TTL bounds how long an old entry lives, and nothing else", "[race]") {
  check({{"TTL alone", "old for good", proven},
         {"TTL alone", "stale repopulate", violated},
         {"TTL alone", "stampede at expiry", violated},
         {"TTL alone", "old answer after a write", violated},
         {"TTL", "old for good", proven},
         {"TTL", "stampede at expiry", violated},
         {"jittered TTL", "old for good", proven},
         {"jittered TTL", "stampede at expiry", violated},
         {"cache-aside", "old for good", violated}});
}

TEST_CASE("a second delete clears what was put back before it", "[race]") {
  for (const auto* strategy :
       {"double delete, before and after, in time", "double delete, both after, in time"})
    check({{strategy, "stale repopulate", vacuous},  // the last delete leaves no entry
           {strategy, "refill between delete and commit", vacuous},
           {strategy, "replica-lag refill", vacuous},
           {strategy, "old for good", violated}});  // the timer dies with its process
  check({{"double delete, before and after, durable, in time", "old for good", vacuous},
         {"double delete, before and after", "stale repopulate", violated},
         {"double delete, before and after", "refill between delete and commit", violated},
         {"double delete, both after", "stale repopulate", violated},
         {"double delete, both after", "replica-lag refill", violated},
         // Its crash is one between the commit and the first delete: no timer has been set by then.
         {"double delete, both after, durable", "lost invalidation by a crash", violated}});
}

TEST_CASE("read-through is one load at a time, and cancels none", "[race]") {
  check({{"read-through", "stampede", proven}, {"read-through", "stale repopulate", violated}});
}

TEST_CASE("write-through orders what takes its lock, and no more", "[race]") {
  check({{"write-through", "write-write inversion", violated},
         {"write-through", "stale repopulate", violated},
         {"write-through", "lost invalidation by a crash", violated},
         {"write-through, writers lock", "write-write inversion", proven},
         {"write-through, writers lock", "stale repopulate", violated},
         {"write-through, writers and loads lock", "write-write inversion", proven},
         {"write-through, writers and loads lock", "stale repopulate", proven},
         {"write-through, writers and loads lock for 5 s", "write-write inversion", violated},
         {"write-through, writers and loads lock for 5 s", "stale repopulate", violated},
         {"write-through, writers and loads lock, in time", "stale repopulate", proven},
         {"write-through, cache first", "dirty read", violated},
         {"write-through", "dirty read", vacuous},  // a version exists once it is committed
         // The transaction's row lock orders the writers.
         {"write-through, cache first", "write-write inversion", proven}});
}

TEST_CASE("write-behind is as durable as its queue", "[race]") {
  check({{"write-behind, volatile", "lost write", violated},
         {"write-behind, durable", "lost write", proven},
         {"write-behind, volatile", "stale repopulate", violated},
         {"write-behind, durable", "stale repopulate", violated},
         // The volatile queue is written with the entry; the durable one before it.
         {"write-behind, volatile", "write-write inversion", proven},
         {"write-behind, durable", "write-write inversion", violated},
         {"write-behind, volatile", "lost invalidation by a crash", proven},
         {"write-behind, durable", "lost invalidation by a crash", violated}});
}

TEST_CASE("refreshes in the background cross writes like any load", "[race]") {
  for (const auto* strategy : {"stale while revalidate", "refresh-ahead"})
    check({{strategy, "refill between delete and commit", violated},
           {strategy, "stampede at expiry", violated},  // past its TTL every reader loads
           {strategy, "lost mutual exclusion of refreshes", violated}});
  for (const auto* strategy : {"stale while revalidate, in time", "refresh-ahead, in time"})
    check({{strategy, "stampede at expiry", proven},
           {strategy, "lost mutual exclusion of refreshes", proven},
           {strategy, "refill between delete and commit", violated}});
  check({{"XFetch", "stampede at expiry", violated},
         {"XFetch", "stampede", violated},
         {"stale if error", "stampede at expiry", violated}});
}

TEST_CASE("a namespace version makes orphans of late fills", "[race]") {
  check({{"namespace version, random seed", "stale repopulate", proven},
         {"namespace version, random seed", "unknown derived key", proven},
         {"namespace version, random seed", "replica-lag refill", violated},
         {"namespace version, random seed", "resurrection after eviction", proven},
         {"namespace version, random seed", "resurrection after a flush", proven},
         {"namespace version, seed one", "stale repopulate", proven},
         {"namespace version, seed one", "resurrection after eviction", violated},
         {"namespace version, seed one", "resurrection after a flush", violated},
         {"namespace version, random seed", "lost invalidation by a crash", violated}});
}

TEST_CASE("KEYS and SCAN find what the writer does not know, and no late fill", "[race]") {
  for (const auto* strategy : {"delete by KEYS", "delete by SCAN"})
    check({{strategy, "unknown derived key", proven}, {strategy, "stale repopulate", violated}});
}

TEST_CASE("single-flight shares one load in a process, and its age", "[race]") {
  check({{"single-flight", "stampede", proven},
         {"single-flight in two processes", "stampede", violated},
         {"single-flight", "stale repopulate", violated},
         {"single-flight, forget", "stale repopulate", violated},  // its fill is still under way
         // An author joins a flight whose load preceded the write, unless writers forget flights.
         {"single-flight, generation", "old answer to the author", violated},
         {"single-flight, forget, generation", "old answer to the author", proven},
         {"generation", "old answer to the author", proven}});
}

TEST_CASE("a lock keeps out the second load, as long as it lasts and others wait", "[race]") {
  for (const auto* strategy : {"lock, in time", "lock, unchecked release, in time"})
    check({{strategy, "stampede", proven},
           {strategy, "lost mutual exclusion", proven},
           {strategy, "stale repopulate", violated}});  // writers do not take it
  check({{"lock of 5 s", "lost mutual exclusion", violated},
         {"lock of 5 s", "stampede", violated},
         {"lock without TTL", "lost mutual exclusion", proven},
         {"lock without TTL", "stampede", violated}});  // of those who give up
}

TEST_CASE("a lease is void once its key is deleted, if that follows the commit", "[race]") {
  check(
      {{"lease", "stale repopulate", proven},
       {"lease", "resurrection after eviction", proven},
       {"lease", "resurrection after a flush", proven},
       {"lease", "replica-lag refill", violated},
       {"lease", "lost invalidation by a crash", violated},
       {"lease", "stampede", violated},
       {"lease, in time", "stampede", proven},
       {"lease, refused give up, in time", "stampede", proven},
       {"lease, refused load", "stampede", violated},
       {"lease, stale area", "old answer to the author", violated},
       {"lease, delete before the commit", "stale repopulate", violated},
       {"lease, delete before the commit, in time", "refill between delete and commit", violated}});
}

TEST_CASE("a comparison in the cache holds as long as there is something to compare", "[race]") {
  check({{"set after the commit, newest wins", "write-write inversion", proven},
         {"set after the commit, newest wins", "stale repopulate", proven},
         {"set after the commit, newest wins", "resurrection after eviction", violated},
         {"newest wins", "stale repopulate", violated},  // the delete takes the version with it
         {"set after the commit, fill by add", "stale repopulate", proven},
         {"set after the commit, fill by add", "write-write inversion", violated},
         {"set after the commit, fill by add", "resurrection after eviction", violated},
         {"fill by add", "stale repopulate", violated},
         {"tombstones, in time", "stale repopulate", proven},
         {"tombstones, in time", "resurrection after eviction", violated},
         {"tombstones", "stale repopulate", violated},
         {"generation", "stale repopulate", proven},
         {"generation", "resurrection after eviction", violated},
         {"generation", "resurrection after a flush", violated},
         {"generation", "replica-lag refill", violated},
         {"generation, delete before the commit", "stale repopulate", violated}});
}

TEST_CASE("a late \"no row\" hides a row that was just created", "[race]") {
  check({{"negative entries", "late negative", violated},
         {"negative entries, generation", "late negative", proven},
         {"cache-aside", "late negative", proven},
         {"Bloom filter", "late negative", proven}});
}

TEST_CASE("change data capture forgets no commit, and stops no late fill", "[race]") {
  check({{"change data capture", "lost invalidation by a crash", vacuous},  // no entry is left
         {"change data capture", "lost invalidation by a message", vacuous},
         {"change data capture", "refill between delete and commit", proven},
         {"change data capture", "stale repopulate", violated},
         {"change data capture", "replica-lag refill", violated},
         {"change data capture", "old answer after a write", violated},
         {"change data capture", "old answer to the author", violated}});
}

TEST_CASE("a first level drifts from the second, in whichever order they are deleted", "[race]") {
  for (const auto* strategy : {"two levels, shared first", "two levels, local first"})
    check({{strategy, "divergence of first and second level", violated},
           {strategy, "refill between delete and commit", violated},
           {strategy, "old answer after a write", violated},
           {strategy, "answers that go back", violated}});
}

TEST_CASE("a writer that stores deletes what else it knows of the row", "[race]") {
  using scenario::KeyStart;
  for (const auto* stores : {"set after the commit", "write-through", "write-through, cache first",
                             "write-through, writers lock"}) {
    CAPTURE(stores);
    auto strategy = composed(listed(stores));
    engine::Plan aggregate = readers_and_writers({.readers = 0, .start = KeyStart::warm});
    aggregate.derived = aggregate.known = 1;
    aggregate.starts.push_back(KeyStart::warm);
    CHECK(count(engine::Race(aggregate, strategy), judge::no_stale_residue).violating == 0);
    aggregate.known = 0;
    CHECK(count(engine::Race(aggregate, strategy), judge::no_stale_residue).violating == 1);

    const auto levels = composed(listed("two levels, shared first"));
    strategy.local_cache = levels.local_cache;
    strategy.layout.local_caches = true;
    strategy.layout.processes = levels.layout.processes;
    engine::Plan author = readers_and_writers({.readers = 0, .start = KeyStart::warm});
    author.scripts = {{"author", {{Kind::read, 0}, {Kind::write, 0}, {Kind::read, 0}}}};
    const auto counted = count(engine::Race(author, strategy), judge::read_your_writes);
    CHECK(counted.arose);
    CHECK(counted.violating == 0);
  }
}

TEST_CASE("in one process, deleting the second level first leaves fewer old entries", "[race]") {
  const auto of_one_process = [](std::string_view name) {
    auto strategy = composed(listed(name));
    strategy.layout.processes = 1;
    return engine::Race(readers_and_writers({.start = scenario::KeyStart::warm}), strategy);
  };
  const auto shared = count(of_one_process("two levels, shared first"), judge::no_stale_residue);
  CHECK(shared.coverage.schedules == 41);
  CHECK(shared.violating == 3);
  const auto local = count(of_one_process("two levels, local first"), judge::no_stale_residue);
  CHECK(local.coverage.schedules == 31);
  CHECK(local.violating == 12);
}

TEST_CASE("a mark sends readers to the primary, for one writer at a time", "[race]") {
  check({{"lease, in time", "replica-lag refill", violated},
         {"remote marker, lease, in time", "replica-lag refill", proven},
         {"remote marker, lease", "replica-lag refill", violated},  // the mark expires
         {"remote marker", "replica-lag refill", violated},         // of a load before the write
         {"remote marker, lease, in time", "replica-lag refill, two writers", violated}});
}

TEST_CASE("a hold-off covers every fill that begins before it ends", "[race]") {
  check(
      {{"hold-off, in time", "stale repopulate", vacuous},  // nothing is stored after the delete
       {"hold-off, in time", "replica-lag refill", vacuous},
       {"hold-off, delete before the commit, in time", "refill between delete and commit", vacuous},
       {"hold-off, in time", "stampede after a write", violated},
       {"hold-off, in time", "resurrection after eviction", violated},
       {"hold-off", "stale repopulate", violated}});
}

TEST_CASE("an entry gets its TTL with its value, or perhaps never", "[race]") {
  check({{"set after the commit, TTL dropped", "TTL lost by a write", violated},
         {"set after the commit, TTL kept", "TTL lost by a write", violated},  // of no entry
         {"TTL", "TTL lost by a write", proven},
         {"TTL", "entry without TTL", proven},
         {"set, then expire", "entry without TTL", violated},
         {"set, then expire", "old for good", violated}});
}

TEST_CASE("without a cache there is no old entry, and every read is a load", "[race]") {
  check({{"no cache", "stale repopulate", vacuous},
         {"no cache", "old answer to the author", proven},
         {"no cache", "stampede", violated}});
}

}  // namespace
}  // namespace cacherace::test
