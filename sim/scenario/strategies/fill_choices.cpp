// How what was loaded is stored.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

SlotChoice<Fill> set() {
  return made<Fill, SetFill>(
      {.slot = "fill",
       .name = "set",
       .summary = "Stores the loaded version, whatever has happened since.",
       .steps = R"(cache.set key row ttl     # value and TTL in one command)",
       .removes = {{"entry without TTL", "if there is a TTL: it is set with the value"}},
       .remains = {{"stale repopulate",
                    "a late set undoes a delete, or overwrites a newer "
                    "value"},
                   {"replica-lag refill",
                    "the same, with a row that was already old when it "
                    "was read"}},
       .sources = {"Cache Invalidation Is Still Hard: Redis specifics, SET key value EX"},
       .scenario = R"({
  "title": "Fill by set",
  "strategies": { "set": { "fill": "set", "expiry": { "ttl": "60s" } } },
  "expect": { "set": { "no-stale-residue": "violated" } }
})"});
}

SlotChoice<Fill> set_then_expire() {
  return made<Fill, SetThenExpire>(
      {.slot = "fill",
       .name = "set-then-expire",
       .summary = "Stores the value, then gives it its TTL in a second command.",
       .steps = R"(cache.set key row
# window: a client that crashes here leaves an entry that never expires
cache.set-ttl key ttl)",
       .removes = {},
       .remains = {{"entry without TTL",
                    "when the client crashes, or the second command is lost: the backstop is "
                    "missing when it is needed"},
                   {"stale repopulate", "as with set, and in that case without an end"},
                   {"latency", "a fill takes a second round trip"}},
       .sources = {"Cache Invalidation Is Still Hard: Redis specifics, a crash between SET and "
                   "EXPIRE",
                   "laravel/horizon#1738: the same with SETNX and EXPIRE"},
       .scenario = R"({
  "title": "Set, then expire",
  "strategies": {
    "one command":  { "fill": "set", "expiry": { "ttl": "60s" } },
    "two commands": { "fill": "set-then-expire", "expiry": { "ttl": "60s" } }
  },
  "expect": { "*": { "no-stale-residue": "violated" } }
})"});
}

SlotChoice<Fill> add() {
  return made<Fill, AddFill>(
      {.slot = "fill",
       .name = "add",
       .summary = "Stores only if there is no entry.",
       .steps = R"(cache.add key row ttl     # refused if there is an entry)",
       .removes = {{"stale repopulate",
                    "if writers store what they commit (write set-after), as long as their "
                    "entry exists"}},
       .remains = {{"stale repopulate", "with deletes, as with set: a delete leaves no entry"},
                   {"resurrection after eviction",
                    "the writer's entry is evicted or expires before a slow fill arrives"},
                   {"write-write inversion", "writers still overwrite each other"}},
       .sources = {"Shopify/identity_cache#154: add, and a marker that a delete leaves"},
       .scenario = R"({
  "title": "Fill by add",
  "strategies": { "add": { "fill": "add", "write": "set-after" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "add": { "no-stale-residue": "proven" } }
})"});
}

SlotChoice<Fill> set_if_newer() {
  return made<Fill, SetIfNewer>(
      {.slot = "fill",
       .name = "set-if-newer",
       .summary = "Stores only over an older version, its own tombstone, or nothing.",
       .steps = R"(cache.set-if-newer key row ttl     # compares and stores in one command
with tombstones: a cache.del leaves the version of its commit behind for that long)",
       .removes =
           {{"stale repopulate",
             "if writers store what they commit (write set-after); or if they delete after the "
             "commit, and tombstones outlive the time from any reader's db.read to its fill"},
            {"write-write inversion", "with write set-after, whose sets compare versions too"}},
       .remains = {{"stale repopulate",
                    "with deletes and without tombstones: a delete erases the version that "
                    "would refuse the old row"},
                   {"resurrection after eviction",
                    "an evicted entry or tombstone no longer refuses anything"},
                   {"memory", "of the tombstones"}},
       .sources = {"MystenLabs/sui#20450: an eviction defeats newest-wins"},
       .scenario = R"({
  "title": "Newest wins",
  "strategies": { "newest wins": { "fill": "set-if-newer", "write": "set-after" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "newest wins": { "no-stale-residue": "proven" } }
})"},
      R"({ "tombstones": "10s" })",
      option("tombstones", &SetIfNewer::tombstones, positive_durations(),
             "how long a delete leaves its version behind, so that older ones are not stored; "
             "none: it leaves nothing"));
}

SlotChoice<Fill> generation() {
  return made<Fill, GenerationCheck>(
      {.slot = "fill",
       .name = "generation",
       .summary = "Stores only if no delete of the key has come since the miss.",
       .steps = R"(cache.get key                 # a miss also tells the key's generation
db.read key
cache.set-if-generation key row ttl     # refused if the generation has changed
writer's cache.del key: removes the entry and gives the key a new generation)",
       .removes = {{"stale repopulate",
                    "if the delete follows the commit: it outdates every earlier miss"}},
       .remains = {{"refill between delete and commit",
                    "a miss after the delete and before the commit is still valid"},
                   {"resurrection after eviction",
                    "if a generation is evicted, flushed or expires between miss and fill, and "
                    "restarts at the same value"},
                   {"lost invalidation", "without a delete, no miss becomes outdated"},
                   {"replica-lag refill", "a generation does not say how old the replica's row is"},
                   {"memory", "a generation for each key that was ever deleted"}},
       .sources = {"near/nearcore#14987: fixed by a snapshot of the generation",
                   "utopia-php/cache#75: generations must outlive the slowest reader",
                   "RedHatInsights/insights-host-inventory#4920: their lookups count as misses"},
       .scenario = R"({
  "title": "Generations",
  "strategies": { "generation": { "fill": "generation" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "generation": { "no-stale-residue": "proven" } }
})"});
}

SlotChoice<Fill> lease_set() {
  return made<Fill, LeaseSet>(
      {.slot = "fill",
       .name = "lease-set",
       .summary = "Stores only with the token of a live lease.",
       .steps =
           R"(cache.lease-set key row token     # refused if the token was voided or is too old)",
       .removes = {{"stale repopulate", "if the delete follows the commit"},
                   {"resurrection after eviction",
                    "a lost token refuses the fill: this costs one more miss, but stores no old "
                    "value"}},
       .remains = {{"refill between delete and commit",
                    "a token from after the delete and before the commit is still valid"},
                   {"lost invalidation", "without a delete, no token is voided"},
                   {"replica-lag refill", "a token does not say how old the replica's row is"}},
       .sources = {"Nishtala et al.: Scaling Memcache at Facebook, NSDI 2013, section 3.2.1"},
       .scenario = R"({
  "title": "Fill by lease",
  "strategies": { "lease": { "load": "lease", "fill": "lease-set" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "lease": { "no-stale-residue": "proven" } }
})"});
}

}  // namespace

std::vector<SlotChoice<Fill>> fill_choices() {
  return {set(), set_then_expire(), add(), set_if_newer(), generation(), lease_set()};
}

}  // namespace cacherace::scenario
