// Who reads the database after a miss.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

constexpr auto releases = std::to_array<Spelling<Lock::Release>>(
    {{"checked", Lock::Release::checked}, {"unchecked", Lock::Release::unchecked}});

constexpr auto refusals = std::to_array<Spelling<Lease::Refused>>({
    {"retry", Lease::Refused::retry},
    {"load", Lease::Refused::load},
    {"give-up", Lease::Refused::give_up},
});

// A duration, or "none".
std::optional<std::optional<Duration>> lock_ttl(const Node& node, Collector& problems) {
  std::optional<Duration> ttl;
  if (node.type == Node::Type::string && node.text == "none") return std::make_optional(ttl);
  ttl = duration(node, problems);
  if (!ttl) return std::nullopt;
  if (*ttl > Duration::zero()) return std::make_optional(ttl);
  problems.meaning(node, "a lock that holds for no time excludes no client",
                   "write \"none\" for a lock that holds until it is released");
  return std::nullopt;
}

OptionKind<std::optional<Duration>> lock_ttls() {
  return {lock_ttl, "duration above 0 | none",
          R"("oneOf": [{"$ref": "#/definitions/duration"}, {"type": "string", "enum": ["none"]}])",
          [](const std::optional<Duration>& ttl) { return ttl ? written(*ttl) : "none"; }};
}

// `wait` and `give_up` are null where they were left out.
void check_waiting(const Node* wait, const Node* give_up, Duration between, Duration limit,
                   Collector& problems) {
  const Node* at = wait != nullptr ? wait : give_up;
  if (at == nullptr || between <= limit) return;
  problems.meaning(*at, "\"wait\" is longer than \"give_up\", so no waiter would ever look again",
                   "write a shorter \"wait\" or a longer \"give_up\"");
}

void check_lock(Lock& out, const Given& given, Collector& problems) {
  if (given["wait"] && given["give_up"])
    check_waiting(given["wait"], given["give_up"], out.wait, out.give_up, problems);
}

void check_lease(Lease& out, const Given& given, Collector& problems) {
  if (!given["token_ttl"]) out.token_ttl = std::max(out.token_ttl, out.rate);
  if (!given["rate"]) out.rate = std::min(out.rate, out.token_ttl);
  if (given["rate"] && out.rate > out.token_ttl)
    problems.meaning(
        *given["rate"],
        "\"rate\" is longer than \"token_ttl\": after a token has ended nobody would get "
        "another, and every reader would wait",
        "write a shorter \"rate\" or a longer \"token_ttl\"");
  check_waiting(given["wait"], given["give_up"], out.wait, out.give_up, problems);
  for (const Node* waiting : {given["wait"], given["give_up"]}) {
    if (waiting == nullptr || out.refused == Lease::Refused::retry) continue;
    problems.meaning(*waiting, "a refused reader waits only where \"refused\" is \"retry\"",
                     "leave it out");
  }
}

SlotChoice<Load> every_reader() {
  return made<Load, EveryReader>(
      {.slot = "load",
       .name = "every-reader",
       .summary = "Each reader that misses loads the row itself, then fills.",
       .steps = R"(db.read key
# window: a commit and its delete fit in here
fill)",
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
})"});
}

SlotChoice<Load> single_flight() {
  return made<Load, SingleFlight>(
      {.slot = "load",
       .name = "single-flight",
       .summary = "One load per key and process at a time; clients that miss meanwhile wait.",
       .steps = R"(flight.join key             # in the reader's own process
there is one: flight.wait; answer with its row
first:        db.read key
              # window: a commit and its delete; later readers still join
              fill
              flight.finish
writer, with forget, after its invalidation: flight.forget key)",
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
})"},
      R"({ "processes": 4 })",
      option("processes", &SingleFlight::processes, counts<std::uint32_t>(1, processes_max),
             "clients are spread over them; each has its own flights"),
      option("forget", &SingleFlight::forget, booleans(),
             "a writer forgets the key's flight when it invalidates"));
}

}  // namespace

SlotChoice<Load> lock_choice() {
  return made<Load, Lock>(
      {.slot = "load",
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
})"},
      R"({ "ttl": "5s", "wait": "50ms", "give_up": "2s" })", check_lock,
      needed("ttl", &Lock::ttl, lock_ttls(), R"("5s")",
             "time after which the lock is free again; none: held until it is released"),
      needed("wait", &Lock::wait, positive_durations(), R"("50ms")",
             "time between two checks of a waiter, at most give_up"),
      needed("give_up", &Lock::give_up, positive_durations(), R"("2s")",
             "time after which a reader loads without the lock and does not fill, and a writer "
             "fails. It counts from when the client begins to wait and includes round trips to the "
             "cache: a waiter gives up instead of its first check at or after that time"),
      option("release", &Lock::release, words(releases, "release"),
             "checked: only the holder of the lock can release it"));
}

namespace {

SlotChoice<Load> lease() {
  return made<Load, Lease>(
      {.slot = "load",
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
})"},
      R"({ "rate": "10s" })", check_lease,
      option("rate", &Lease::rate, durations(),
             "at most one token per key is handed out in that time"),
      option(
          "token_ttl", &Lease::token_ttl, positive_durations(),
          "how long a token lives, unless it is used, voided by a delete, or replaced by the next "
          "one; no shorter than rate, and as long as that if only rate is given and longer"),
      option(
          "refused", &Lease::refused, words(refusals, "reaction to a refusal"),
          "what a reader without a token does: it tries again, loads and does not fill, or fails"),
      option("wait", &Lease::wait, positive_durations(),
             "with retry, time before a refused reader tries again; at most give_up"),
      option(
          "give_up", &Lease::give_up, positive_durations(),
          "with retry, time after which the reader loads and does not fill, counted as for a lock"),
      option("stale", &Lease::stale, positive_durations(),
             "how long a deleted value may still answer refused readers"));
}

SlotChoice<Load> read_through() {
  return made<Load, ReadThrough>(
      {.slot = "load",
       .name = "read-through",
       .summary = "The cache layer loads; the node that owns a key loads it once.",
       .steps = R"(flight.join key                  # in the node that owns the key
there is one: flight.wait; answer with its row
first:        db.read key
              # window: a commit and its delete fit in here
              fill
              flight.finish)",
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
})"},
      R"({ "nodes": 4 })",
      option("nodes", &ReadThrough::nodes, counts<std::uint32_t>(1, processes_max),
             "of the cache layer"));
}

}  // namespace

std::vector<SlotChoice<Load>> load_choices() {
  return {every_reader(), single_flight(), lock_choice(), lease(), read_through()};
}

}  // namespace cacherace::scenario
