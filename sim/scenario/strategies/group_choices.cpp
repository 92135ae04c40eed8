// How a write keeps the cache in step: for a whole group of keys, or from the database's log.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

constexpr std::uint32_t scan_max = 1'000'000;

constexpr auto seeds = std::to_array<Spelling<BumpVersion::Seed>>(
    {{"random", BumpVersion::Seed::random}, {"one", BumpVersion::Seed::one}});

SlotChoice<Write> bump_version() {
  return made<Write, BumpVersion>(
      {.slot = "write",
       .name = "bump-version",
       .summary = "Renames all keys of a group by raising a version that is part of them.",
       .steps = R"(read:  cache.get-version group             # absent: cache.seed-version group
       cache.get key, named with that version
       miss: db.read key
             cache.set key, named with that version
write: db.write key
       # window: readers still hit entries of the old name
       cache.bump-version group)",
       .removes = {{"stale repopulate",
                    "of readers that took the version before the bump: they fill an orphan"},
                   {"blocked server", "one command for a group of any size; no KEYS, no SCAN"},
                   {"write-write inversion", "writers store nothing, so none can store too late"}},
       .remains =
           {{"resurrection after eviction",
             "with seed one: a counter that is evicted or flushed counts up to old names again; a "
             "random seed makes that unlikely"},
            {"commit-to-delete window", "from the commit to the bump"},
            {"replica-lag refill",
             "if a reader takes the version after the bump and loads from a replica that is "
             "behind"},
            {"lost invalidation", "if a writer crashes after its commit, or its bump is lost"},
            {"avalanche", "of the group: every key of it misses at once"},
            {"memory", "orphans stay until they expire or are evicted"},
            {"latency", "every read takes a second round trip"}},
       .sources = {"Cache Invalidation Is Still Hard: versioned keys",
                   "symfony/symfony#28445, #28561: counters that restart",
                   "gordonmurray/firnflow#61, mnfst/llm-gateway#2762: the same, elsewhere"},
       .scenario = R"({
  "title": "Versions in the keys",
  "keys": { "count": 1000, "groups": 10 },
  "strategies": {
    "versioned": { "write": { "bump-version": { "seed": "random" } }, "expiry": { "ttl": "60s" } }
  },
  "expect": { "versioned": { "no-stale-residue": "proven" } }
})"},
      R"({ "seed": "random" })",
      option("seed", &BumpVersion::seed, words(seeds, "seed"),
             "initial value of a missing counter"));
}

SlotChoice<Write> delete_by_keys() {
  return made<Write, DeleteByKeys>(
      {.slot = "write",
       .name = "delete-by-keys",
       .summary = "Lists a group's keys with KEYS and deletes the listed keys.",
       .steps = R"(db.write key
cache.keys group        # the server checks every key it has, and does nothing else meanwhile
# window: an entry that is stored now is not on the list
cache.del-listed)",
       .removes = {{"lost invalidation",
                    "of entries whose keys the writer does not know by name, if they existed when "
                    "KEYS ran"}},
       .remains = {{"blocked server",
                    "during a scan of all keys: about a quarter of a second for a million keys on "
                    "Redis 7.0"},
                   {"stale repopulate",
                    "a late fill, between the list and the delete or after the "
                    "delete"},
                   {"commit-to-delete window", "grows by the time of the scan"},
                   {"avalanche", "of the group: every key of it misses at once"},
                   {"database load",
                    "new entries that are stored during the scan are deleted, too"}},
       .sources = {"Cache Invalidation Is Still Hard: never run KEYS",
                   "spring-projects/spring-framework#36806: a clear that deletes new entries"},
       .scenario = R"({
  "title": "Delete what KEYS lists",
  "keys": { "count": 1000, "groups": 10 },
  "strategies": { "keys": { "write": "delete-by-keys" } }
})"});
}

SlotChoice<Write> delete_by_scan() {
  return made<Write, DeleteByScan>(
      {.slot = "write",
       .name = "delete-by-scan",
       .summary = "Scans the keys with SCAN, a few at a time, and deletes those of a group.",
       .steps = R"(db.write key
until the cursor is back at its start:
  cache.scan group cursor
  cache.del-listed
  # window: an entry that is stored behind the cursor stays)",
       .removes =
           {{"blocked server", "other commands run between two pages"},
            {"lost invalidation",
             "of entries whose keys the writer does not know by name, if they exist during the "
             "whole scan"}},
       .remains = {{"stale repopulate", "a late fill behind the cursor"},
                   {"commit-to-delete window",
                    "as long as the scan: keys / count pages, each a round trip"},
                   {"latency", "a write takes as long as the whole scan"},
                   {"avalanche", "of the group, spread over the scan"}},
       .sources = {"Redis documentation: SCAN, its guarantees"},
       .scenario = R"({
  "title": "Delete what SCAN finds",
  "keys": { "count": 1000, "groups": 10 },
  "strategies": { "scan": { "write": { "delete-by-scan": { "count": 100 } } } }
})"},
      R"({ "count": 10 })",
      option("count", &DeleteByScan::count, counts<std::uint32_t>(1, scan_max),
             "keys of the scenario that one SCAN looks at, cached or not"));
}

SlotChoice<Write> cdc() {
  return made<Write, ChangeDataCapture>(
      {.slot = "write",
       .name = "cdc",
       .summary = "The writer only commits; a reader of the database's change log deletes.",
       .steps = R"(db.write key                # also enters the change log
# window: readers hit the old version for the lag
`lag` later, a separate client: cache.del key     # at least once, in the order of commits)",
       .removes =
           {{"lost invalidation",
             "every commit in the log is eventually followed by a delete, even if its writer has "
             "crashed; requires that the log reader resumes where it stopped"},
            {"refill between delete and commit", "nothing is deleted before the commit"},
            {"write-write inversion", "writers store nothing, so none can store too late"}},
       .remains = {{"commit-to-delete window", "longer by the lag"},
                   {"stale repopulate", "loaded before the commit, stored after the delete"},
                   {"replica-lag refill", "a replica that is further behind than the log's reader"},
                   {"read-your-writes", "a writer's next read hits the old entry, for the lag"}},
       .sources =
           {"Nishtala et al.: Scaling Memcache at Facebook, NSDI 2013, section 4.1, mcsqueal",
            "Logflare/logflare#3924: late fills, fenced against the log",
            "Logflare/logflare#3883: loads from a replica behind the log"},
       .scenario = R"({
  "title": "Deletes from the change log",
  "strategies": { "cdc": { "write": { "cdc": { "lag": "100ms" } } } },
  "expect": { "cdc": { "no-stale-residue": "violated" } }
})"},
      R"({ "lag": "100ms" })",
      option("lag", &ChangeDataCapture::lag, latencies(), "from the commit to the delete"));
}

}  // namespace

std::vector<SlotChoice<Write>> group_choices() {
  return {bump_version(), delete_by_keys(), delete_by_scan(), cdc()};
}

}  // namespace cacherace::scenario
