// Who reads the database after a miss.

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {
namespace {

Choice every_reader() {
  return {
      .slot = "load",
      .name = "every-reader",
      .summary = "Each reader that misses loads the row itself, then fills.",
      .steps = R"(db.read key
# window: a commit and its delete fit in here
fill)",
      .options = {},
      .removes = {{"waiter convoy", "no client waits for another one"}},
      .remains = {{"stampede",
                   "if a load takes d and a key is read r times a second, it is loaded about 1 + "
                   "r * d times, and each load is slower once queries queue"},
                  {"stale repopulate", "the later the fill, the more likely"}},
      .sources = {"Cache Invalidation Is Still Hard: cache stampede"},
      .scenario = R"({
  "title": "Every reader loads",
  "strategies": { "each for itself": { "load": "every-reader" } },
  "expect": { "each for itself": { "no-stale-residue": "violated" } }
})"};
}

Choice single_flight() {
  return {
      .slot = "load",
      .name = "single-flight",
      .summary = "One load per key and process at a time; clients that miss meanwhile wait.",
      .steps = R"(flight.join key             # in the reader's own process
there is one: flight.wait; answer with its row
first:        db.read key
              # window: a commit and its delete; later readers still join
              fill
              flight.finish
writer, with forget, after its invalidation: flight.forget key)",
      .options = {{"processes", "count", "1",
                   "clients are spread over them; each has its own flights"},
                  {"forget", "true | false", "false",
                   "a writer forgets the key's flight when it invalidates"}},
      .removes = {{"stampede",
                   "within a process: one load at a time; n processes load up to n times"}},
      .remains =
          {{"stale repopulate", "the flight's fill can be late, too; forget does not cancel it"},
           {"read-your-writes",
            "a writer's next read may join a flight whose db.read came before its commit, unless "
            "writers forget flights"},
           {"waiter convoy",
            "a slow load delays all clients that joined, and if it fails, they "
            "all fail"}},
      .sources = {"golang.org/x/sync/singleflight", "golang/groupcache",
                  "Cache Invalidation Is Still Hard: single-flight"},
      .scenario = R"({
  "title": "One load per process",
  "strategies": {
    "single-flight": { "load": { "single-flight": { "processes": 2, "forget": true } } }
  },
  "expect": { "single-flight": { "no-stale-residue": "violated" } }
})"};
}

Choice lock() {
  return {
      .slot = "load",
      .name = "lock",
      .summary = "One load per key at a time, under a lock in the cache.",
      .steps = R"(cache.lock key token             # SET NX PX
got it: cache.get key            # again: another may have filled meanwhile
        miss: db.read key
              # window: a commit and its delete; or the lock's TTL ends, and another one loads
              fill
        cache.unlock key token   # unchecked: cache.unlock-any, regardless of the holder
not:    wait; cache.get key
        miss: cache.lock key again
        after give_up: db.read key, without a fill)",
      .options = {{"ttl", "duration | none", "",
                   "time after which the lock is free again; none: held until it is released"},
                  {"wait", "duration", "", "time between two checks of a waiter"},
                  {"give_up", "duration", "",
                   "time after which a waiter loads without the lock and does not fill"},
                  {"release", "checked | unchecked", "checked",
                   "checked: only the holder of the lock can release it"}},
      .removes = {{"stampede", "across processes, while a load takes less than the lock's TTL"}},
      .remains =
          {{"stale repopulate", "writers that only delete do not take the lock"},
           {"lost mutual exclusion",
            "a load longer than the TTL meets a second holder; released unchecked, the first then "
            "frees the lock of the second for a third"},
           {"waiter convoy",
            "after a crash of the holder, all clients that miss wait until the TTL ends or they "
            "give up; without a TTL, so does every later miss"},
           {"stampede", "of clients that give up at the same time"}},
      .sources = {"Cache Invalidation Is Still Hard: single-flight by SET NX",
                  "laravel/framework#26213, twentyhq/twenty#25661: a release that does not check",
                  "laravel/horizon#1738: a lock that keeps no TTL after a crash"},
      .scenario = R"({
  "title": "A lock around the load",
  "strategies": {
    "lock": { "load": { "lock": { "ttl": "5s", "wait": "50ms", "give_up": "2s" } } }
  },
  "expect": { "lock": { "no-stale-residue": "violated" } }
})"};
}

Choice lease() {
  return {
      .slot = "load",
      .name = "lease",
      .summary = "The first client to miss gets a token to fill; every delete voids it.",
      .steps = R"(cache.lease-get key
hit:     answer with the entry
token:   db.read key
         # window: a write fits in here, and its delete voids the token
         cache.lease-set key row token    # refused without a live token
refused: retry:   wait, then cache.lease-get key, until give_up
         load:    db.read key, without a fill
         give-up: fail
writer's cache.del key: removes the entry and voids the token; rate is counted on)",
      .options = {{"rate", "duration", "10s",
                   "at most one token per key is handed out in that time"},
                  {"token_ttl", "duration", "10s",
                   "how long a token lives, unless it is used, voided by a delete, or replaced by "
                   "the next one; no shorter than rate, and as long as that if only rate is given "
                   "and longer"},
                  {"refused", "retry | load | give-up", "retry",
                   "what a reader without a token does"},
                  {"wait", "duration", "50ms", "time before a refused reader tries again"},
                  {"give_up", "duration", "2s",
                   "time after which it loads without a token and does not "
                   "fill"},
                  {"stale", "duration", "none",
                   "how long a deleted value may still answer refused readers"}},
      .removes = {{"stampede",
                   "a key is loaded with a token at most once per rate; readers that give up "
                   "waiting, or do not wait, add further loads"},
                  {"stale repopulate",
                   "if the delete follows the commit: it voids every earlier token"}},
      .remains = {{"refill between delete and commit",
                   "a token from after the delete and before the commit is still valid"},
                  {"lost invalidation", "without a delete, no token is voided"},
                  {"replica-lag refill", "a token does not say how old the replica's row is"},
                  {"waiter convoy",
                   "after a crash of the token's holder, or a delete while a token is out, no "
                   "client gets another token until rate has passed: readers wait, or load for "
                   "themselves"},
                  {"staleness by design", "with stale: refused readers get the deleted value"}},
      .sources = {"Nishtala et al.: Scaling Memcache at Facebook, NSDI 2013, section 3.2.1: peak "
                  "database rate from 17,000 to 1,300 queries a second"},
      .scenario = R"({
  "title": "Leases",
  "strategies": { "lease": { "load": "lease" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "lease": { "no-stale-residue": "proven" } }
})"};
}

Choice read_through() {
  return {.slot = "load",
          .name = "read-through",
          .summary = "The cache layer loads; the node that owns a key loads it once.",
          .steps = R"(flight.join key                  # in the node that owns the key
there is one: flight.wait; answer with its row
first:        db.read key
              # window: a commit and its delete fit in here
              fill
              flight.finish)",
          .options = {{"nodes", "count", "1", "of the cache layer"}},
          .removes = {{"stampede",
                       "one load of a key at a time, however many processes ask, because one node "
                       "owns it"}},
          .remains = {{"stale repopulate", "an invalidation does not cancel a load in progress"},
                      {"waiter convoy", "a slow load delays all clients that asked for the key"}},
          .sources = {"Cache Invalidation Is Still Hard: read-through",
                      "google/guava#1881: invalidate() does not see an entry that is being loaded",
                      "golang/groupcache: a key has an owner"},
          .scenario = R"({
  "title": "The cache loads",
  "strategies": { "read-through": { "load": { "read-through": { "nodes": 2 } } } },
  "expect": { "read-through": { "no-stale-residue": "violated" } }
})"};
}

}  // namespace

std::vector<Choice> load_choices() {
  return {every_reader(), single_flight(), lock(), lease(), read_through()};
}

}  // namespace cacherace::harness
