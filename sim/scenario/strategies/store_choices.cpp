// How a write keeps the cache in step: by storing what it writes, or not at all.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

constexpr std::uint32_t batch_max = 1'000'000;

constexpr auto ttls = std::to_array<Spelling<SetAfter::Ttl>>(
    {{"new", SetAfter::Ttl::fresh}, {"keep", SetAfter::Ttl::kept}, {"none", SetAfter::Ttl::none}});

constexpr auto orders = std::to_array<Spelling<WriteThrough::Order>>(
    {{"database-first", WriteThrough::Order::database_first},
     {"cache-first", WriteThrough::Order::cache_first}});

constexpr auto queues = std::to_array<Spelling<WriteBehind::Queue>>(
    {{"volatile", WriteBehind::Queue::in_cache}, {"durable", WriteBehind::Queue::durable}});

std::optional<Lock> lock_of_writers(const Node& node, Collector& problems) {
  static const SlotChoice<Load> lock = lock_choice();
  Fields options(node, problems, lock.form.example);
  return std::get<Lock>(lock.form.decode(options, problems));
}

OptionKind<Lock> locks() { return {lock_of_writers, "options of load lock", defined("lock"), {}}; }

SlotChoice<Write> none() {
  return made<Write, NoInvalidation>(
      {.slot = "write",
       .name = "none",
       .summary = "Commits and leaves the cache alone: only expiry removes the old version.",
       .steps = R"(db.write key
# window: every hit is stale until the entry expires)",
       .removes = {{"lost invalidation", "there is no invalidation to lose"},
                   {"write-write inversion", "writers store nothing, so none can store too late"},
                   {"latency", "a write is its commit"}},
       .remains = {{"staleness by design",
                    "with a TTL: up to the TTL and the time from the reader's db.read to its set; "
                    "without one: for good"},
                   {"stampede", "at each expiry of a hot key"}},
       .sources = {"Cache Invalidation Is Still Hard: TTL, the most underrated strategy",
                   "apache/gravitino#13099: a TTL that every access extends never ends"},
       .scenario = R"({
  "title": "TTL alone",
  "strategies": { "ttl 5s": { "write": "none", "expiry": { "ttl": "5s" } } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "ttl 5s": { "no-stale-residue": "violated", "staleness_us_max": "<= 5.1s" } }
})"});
}

SlotChoice<Write> set_after() {
  return made<Write, SetAfter>(
      {.slot = "write",
       .name = "set-after",
       .summary = "Commits, then stores the committed version.",
       .steps = R"(db.write key
# window: another writer commits and stores a newer version
cache.set key version ttl     # ttl keep: with KEEPTTL; ttl none: without a TTL)",
       .removes = {{"stampede", "after a write: there is an entry, and no miss"}},
       .remains = {{"write-write inversion", "2 of the 6 schedules of two writers"},
                   {"stale repopulate",
                    "with fill set: a late fill overwrites the newer version; see add"},
                   {"commit-to-delete window", "from the commit to the set"},
                   {"lost invalidation",
                    "if a writer crashes after its commit, or its set is lost"},
                   {"entry without TTL",
                    "with ttl none, because a set clears the TTL; with ttl keep, if there was "
                    "no entry"},
                   {"memory", "entries that are never read"}},
       .sources = {"Cache Invalidation Is Still Hard: delete, don't update",
                   "Redis documentation: SET, KEEPTTL", "potatolondon/djangae#575"},
       .scenario = R"({
  "title": "Set after the commit",
  "strategies": { "set after": { "write": "set-after" } },
  "race": { "clients": [ { "name": "writer", "count": 2, "do": ["write user:7"] } ] },
  "expect": { "set after": { "no-stale-residue": "violated" } }
})"},
      R"({ "ttl": "new" })",
      option("ttl", &SetAfter::ttl, words(ttls, "TTL of a store"),
             "TTL of the entry afterwards: a new one, as expiry says; the one that it had, or none "
             "if there was no entry (KEEPTTL); or none, because a set clears it"));
}

SlotChoice<Write> write_through() {
  return made<Write, WriteThrough>(
      {.slot = "write",
       .name = "write-through",
       .summary = "Writes go through the cache, which answers when row and entry are written.",
       .steps = R"(with lock:      cache.lock key token    # or wait, and fail after give_up
database-first: db.write key
                # window, without lock: another writer, or a reader that fills
                cache.set key version
cache-first:    db.begin key
                cache.set key version
                # window: readers hit a version that is not committed, and may never be
                db.commit key
with lock:      cache.unlock key token)",
       .removes = {{"write-write inversion", "with lock, while no holder outlives the lock's TTL"},
                   {"stale repopulate",
                    "with lock, if loads take it too (load lock), while no holder outlives the "
                    "lock's TTL"}},
       .remains = {{"write-write inversion",
                    "without lock and database first: it is the same as set-after"},
                   {"stale repopulate", "without lock, or when loads do not take it"},
                   {"lost mutual exclusion", "a holder that is slower than the lock's TTL"},
                   {"lost invalidation", "if a writer crashes between db.write and cache.set"},
                   {"dirty read",
                    "with order cache-first: the value is served before its commit, and stays if "
                    "there is no commit"},
                   {"latency", "a write takes both writes, and the lock's two round trips"},
                   {"errors", "with lock: writers that wait longer than give_up"},
                   {"memory", "entries that are never read"}},
       .sources = {"Cache Invalidation Is Still Hard: write-through"},
       .scenario = R"({
  "title": "Write-through",
  "strategies": {
    "without lock": { "write": "write-through" },
    "with lock": {
      "load": { "lock": { "ttl": "5s", "wait": "50ms", "give_up": "2s" } },
      "write": { "write-through": { "lock": { "ttl": "5s", "wait": "50ms", "give_up": "2s" } } }
    }
  },
  "race": { "clients": [ { "name": "writer", "count": 2, "do": ["write user:7"] } ] },
  "expect": { "without lock": { "no-stale-residue": "violated" } }
})"},
      R"({ "order": "database-first" })",
      option("lock", &WriteThrough::lock, locks(),
             "writers take the key's lock; a load of the choice lock takes the same one"),
      option("order", &WriteThrough::order, words(orders, "order"),
             "which is written first: cache-first stores before it commits"));
}

SlotChoice<Write> write_behind() {
  return made<Write, WriteBehind>(
      {.slot = "write",
       .name = "write-behind",
       .summary = "Answers when the cache has the value; the database gets it later.",
       .steps =
           R"(queue volatile: cache.write key version     # stored and queued
queue durable:  queue.append key version
                cache.set key version
answer the write
# window: writes queued in the cache are lost with it
`interval` later, up to `batch` times:
  queue.take
  db.write key version
  cache.clean key version      # unless it was written again meanwhile)",
       .removes = {{"latency", "a write does not wait for the database"},
                   {"database load", "with coalesce: a key that is written often is one query"}},
       .remains = {{"lost write",
                    "with queue volatile: queued writes when the cache crashes or evicts them. A "
                    "durable queue is replayed, so it must be possible to apply writes twice, in "
                    "order for each key"},
                   {"write-write inversion",
                    "with queue durable: two writers queue in one order and store in the other"},
                   {"lost invalidation",
                    "with queue durable: a crash between queue.append and cache.set"},
                   {"stale repopulate", "a reader that misses before the flush loads the old row"}},
       .sources = {"Cache Invalidation Is Still Hard: write-behind",
                   "TopGunBuild/topgun#88: a write that is coalesced during its flush",
                   "brazilofmux/tinymux#1044: a commit error that is ignored"},
       .scenario = R"({
  "title": "Write-behind",
  "strategies": {
    "write-behind": { "write": { "write-behind": { "interval": "1s", "batch": 100 } } }
  },
  // A write takes one cache command; by default that is at most a millisecond.
  "expect": { "write-behind": { "write_us_p99": "<= 2ms" } }
})"},
      R"({ "queue": "durable", "interval": "1s" })",
      option("queue", &WriteBehind::queue, words(queues, "queue"),
             "volatile: the queue is in the cache and is lost with it"),
      option("interval", &WriteBehind::interval, durations(),
             "time from a write into an empty queue to its flush, and from one flush to the next "
             "while something is queued. A flush that leaves the queue empty stops the timer, even "
             "if its batch ended with the last write"),
      option("batch", &WriteBehind::batch, counts<std::uint32_t>(1, batch_max),
             "keys that one flush writes, one after another"),
      option("coalesce", &WriteBehind::coalesce, booleans(),
             "several queued writes of a key become one"));
}

}  // namespace

std::vector<SlotChoice<Write>> store_choices() {
  return {none(), set_after(), write_through(), write_behind()};
}

}  // namespace cacherace::scenario
