// How a write keeps the cache in step: for a whole group of keys, or from the database's log.

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {
namespace {

Choice bump_version() {
  return {
      .slot = "write",
      .name = "bump-version",
      .summary = "Renames all keys of a group by raising a version that is part of them.",
      .steps = R"(read:  cache.get-version group             # absent: cache.seed-version group
       cache.get key, named with that version
       miss: db.read key
             cache.set key, named with that version
write: db.write key
       # window: readers still hit entries of the old name
       cache.bump-version group)",
      .options = {{"seed", "random | one", "random", "where a counter starts that is not there"}},
      .removes = {{"stale repopulate",
                   "of readers that took the version before the bump: they fill an orphan"},
                  {"blocked server", "one command for a group of any size; no KEYS, no SCAN"},
                  {"write-write inversion", "writers store nothing, so none can store too late"}},
      .remains =
          {{"resurrection after eviction",
            "with seed one: a counter that is evicted or flushed counts up to old names again; a "
            "random seed makes that unlikely"},
           {"commit-to-delete window", "as long as it takes from the commit to the bump"},
           {"replica-lag refill",
            "who takes the version after the bump and loads from a replica "
            "that is behind"},
           {"lost invalidation", "a writer that crashes after its commit, or a bump that is lost"},
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
})"};
}

Choice delete_by_keys() {
  return {
      .slot = "write",
      .name = "delete-by-keys",
      .summary = "Lists a group's keys with KEYS and deletes what was listed.",
      .steps = R"(db.write key
cache.keys group        # the server looks at every key it has, and does nothing else meanwhile
# window: an entry that is stored now is not on the list
cache.del-listed)",
      .options = {},
      .removes = {{"lost invalidation",
                   "of entries whose keys the writer does not know by name, if they were there "
                   "when it looked"}},
      .remains = {{"blocked server",
                   "for the time of a walk through all keys: about a quarter of "
                   "a second for a million of them on Redis 7.0"},
                  {"stale repopulate", "a late fill, between the list and the delete or after it"},
                  {"commit-to-delete window", "grows by the walk"},
                  {"avalanche", "of the group: every key of it misses at once"},
                  {"database load", "entries stored anew during the walk are deleted, too"}},
      .sources = {"Cache Invalidation Is Still Hard: never run KEYS",
                  "spring-projects/spring-framework#36806: a clear that deletes new entries"},
      .scenario = R"({
  "title": "Delete what KEYS lists",
  "keys": { "count": 1000, "groups": 10 },
  "strategies": { "keys": { "write": "delete-by-keys" } }
})"};
}

Choice delete_by_scan() {
  return {.slot = "write",
          .name = "delete-by-scan",
          .summary = "Walks through the keys with SCAN, a few at a time, and deletes a group's.",
          .steps = R"(db.write key
until the cursor is back at its start:
  cache.scan group cursor
  cache.del-listed
  # window: an entry that is stored behind the cursor stays)",
          .options = {{"count", "count", "10", "keys that one SCAN looks at"}},
          .removes =
              {{"blocked server", "other commands fit in between two pages"},
               {"lost invalidation",
                "of entries whose keys the writer does not know by name, if they are there during "
                "the whole walk"}},
          .remains = {{"stale repopulate", "a late fill behind the cursor"},
                      {"commit-to-delete window",
                       "as long as the walk: keys / count pages, each a round trip"},
                      {"latency", "a write takes the whole walk"},
                      {"avalanche", "of the group, spread over the walk"}},
          .sources = {"Redis documentation: SCAN, its guarantees"},
          .scenario = R"({
  "title": "Delete what SCAN finds",
  "keys": { "count": 1000, "groups": 10 },
  "strategies": { "scan": { "write": { "delete-by-scan": { "count": 100 } } } }
})"};
}

Choice cdc() {
  return {
      .slot = "write",
      .name = "cdc",
      .summary = "The writer only commits; a reader of the database's change log deletes.",
      .steps = R"(db.write key                # also enters the change log
# window: readers hit the old version for the lag
`lag` later, a client of its own: cache.del key     # at least once, in the order of commits)",
      .options = {{"lag", "latency", "100ms", "from the commit to the delete"}},
      .removes =
          {{"lost invalidation",
            "a commit that is in the log is deleted for in the end, whoever wrote it and whether "
            "it still runs; if the log is read from where its reader had stopped"},
           {"refill between delete and commit", "nothing is deleted before the commit"},
           {"write-write inversion", "writers store nothing, so none can store too late"}},
      .remains = {{"commit-to-delete window", "longer, by the lag"},
                  {"stale repopulate", "loaded before the commit, stored after the delete"},
                  {"replica-lag refill", "a replica that is further behind than the log's reader"},
                  {"read-your-writes", "a writer's next read hits the old entry, for the lag"}},
      .sources = {"Nishtala et al.: Scaling Memcache at Facebook, NSDI 2013, section 4.1, mcsqueal",
                  "Logflare/logflare#3924: late fills, fenced against the log",
                  "Logflare/logflare#3883: loads from a replica behind the log"},
      .scenario = R"({
  "title": "Deletes from the change log",
  "strategies": { "cdc": { "write": { "cdc": { "lag": "100ms" } } } },
  "expect": { "cdc": { "no-stale-residue": "violated" } }
})"};
}

}  // namespace

std::vector<Choice> group_choices() {
  return {bump_version(), delete_by_keys(), delete_by_scan(), cdc()};
}

}  // namespace cacherace::harness
