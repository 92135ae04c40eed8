// What stands before or beside the cache.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

constexpr std::uint64_t bits_max = 100'000'000;
constexpr std::uint32_t hashes_max = 64;

constexpr auto firsts = std::to_array<Spelling<LocalCache::First>>(
    {{"shared", LocalCache::First::shared}, {"local", LocalCache::First::local}});

constexpr auto disconnects = std::to_array<Spelling<LocalCache::Disconnect>>(
    {{"flush", LocalCache::Disconnect::flush}, {"keep", LocalCache::Disconnect::keep}});

SlotChoice<Guard> bloom_filter() {
  return made<Guard, BloomFilter>(
      {.slot = "guards",
       .name = "bloom-filter",
       .summary = "Answers \"no row\" for keys that were never added to a filter.",
       .steps = R"(filter.check key
absent: answer "no row"
else:   read as usual
a write that creates: filter.add key, then db.write key
# window, the other way round: the row exists, but readers are told that it does not)",
       .removes = {{"penetration",
                    "also for random keys, except for false positives: for n keys, m bits and k "
                    "hashes a share of (1 - e^(-k * n / m))^k, 0.8 % at ten bits a key"}},
       .remains = {{"penetration", "of the false positives"},
                   {"memory",
                    "of the filter; it must grow with the number of keys, or false "
                    "positives increase"},
                   {"wasted loads", "for deleted rows: a key cannot be removed from the filter"}},
       .sources = {"Bloom: Space/Time Trade-offs in Hash Coding with Allowable Errors, CACM 13(7), "
                   "1970",
                   "Cache Invalidation Is Still Hard: cache penetration"},
       .scenario = R"({
  "title": "A filter before the cache",
  "keys": { "count": 1000, "absent": "10%" },
  "strategies": {
    "filter": { "guards": [ { "bloom-filter": { "bits": 10000, "hashes": 7 } } ] }
  }
})"},
      R"({ "bits": 100000, "hashes": 7 })",
      needed("bits", &BloomFilter::bits, counts<std::uint64_t>(1, bits_max), "100000",
             "size of the filter"),
      option("hashes", &BloomFilter::hashes, counts<std::uint32_t>(1, hashes_max),
             "bits that a key sets"));
}

SlotChoice<Guard> hold_off() {
  return made<Guard, HoldOff>(
      {.slot = "guards",
       .name = "hold-off",
       .summary = "Refuses fills of a key for some time after its delete.",
       .steps = R"(writer's cache.del key: removes the entry and holds the key off
reader's fill: cache.set-unless-held key row     # refused for that time
# window: a reader that is slower than the hold-off)",
       .removes = {{"stale repopulate",
                    "of readers whose fill follows their db.read by less than the hold-off"},
                   {"refill between delete and commit",
                    "if the commit and the slowest fill both fall within the hold-off"},
                   {"replica-lag refill",
                    "if the lag and the slowest fill together take less than the hold-off"}},
       .remains = {{"stampede", "every read of the key loads while the hold-off lasts"},
                   {"stale repopulate", "of readers slower than the hold-off"},
                   {"resurrection after eviction", "of the key, when its hold-off is evicted"}},
       .sources =
           {"MediaWiki, WANObjectCache: HOLDOFF_TTL 11 s = commit delay 3 s + read lag 7 s + "
            "1 s"},
       .scenario = R"({
  "title": "Hold fills off after a delete",
  "strategies": { "hold off": { "guards": [ { "hold-off": { "for": "11s" } } ] } },
  // No reader is so slow here that its fill would come after the hold-off.
  "race": { "timing": "latencies", "pause_max": "1s" }
})"},
      R"({ "for": "11s" })",
      option("for", &HoldOff::time, positive_durations(),
             "after a delete, fills are refused for that long"));
}

SlotChoice<Guard> remote_marker() {
  return made<Guard, RemoteMarker>(
      {.slot = "guards",
       .name = "remote-marker",
       .summary = "A mark sends readers to the primary while the replica is behind.",
       .steps = R"(write: cache.mark key ttl
       db.write key         # at the primary
       cache.del key
       db.apply key         # at the replica, after the lag; takes the mark away
read, on a miss: cache.get-mark key
       mark: db.read key at the primary
       none: db.read key at the replica
# window: the first of two writes is applied, and takes the mark of the second away)",
       .removes = {{"replica-lag refill",
                    "with one writer at a time, while the mark exists and outlives the lag"}},
       .remains = {{"replica-lag refill",
                    "with several writers of a key; or when the mark is "
                    "evicted, or expires before the replica has caught up"},
                   {"stale repopulate", "of readers that loaded before the write"},
                   {"latency", "every miss takes another round trip, every write too"}},
       .sources = {"Nishtala et al.: Scaling Memcache at Facebook, NSDI 2013, section 5"},
       .scenario = R"({
  "title": "A mark for the replica's lag",
  "database": { "replicas": { "count": 1, "lag": "0ms..500ms" } },
  "strategies": { "marked": { "guards": [ { "remote-marker": { "ttl": "10s" } } ] } }
})"},
      R"({ "ttl": "10s" })",
      option("ttl", &RemoteMarker::ttl, positive_durations(),
             "TTL of the mark; longer than the lag"));
}

SlotChoice<Guard> local_cache() {
  return made<Guard, LocalCache>(
      {.slot = "guards",
       .name = "local-cache",
       .summary = "A first-level cache in each process, invalidated by messages.",
       .steps = R"(read:  local.get key
       miss: cache.get key, or load and fill
             # window: an invalidation arrives here, and finds nothing to delete
             local.set key
write: db.write key
       cache.del key, local.del key      # first local: the other way round
       one that stores: cache.set key, local.del key
       `message` later, in every other process: local.del key
cache restarts: every process drops its entries   # unless disconnect is keep)",
       .removes = {{"latency", "a local hit takes no round trip"}},
       .remains =
           {{"divergence of first and second level",
             "until the message arrives; or until the local TTL ends, if the message is lost "
             "or overtakes the local.set of a read in progress; with first local: also in the "
             "writer's process, if a reader fills from the shared cache before the delete there"},
            {"stale repopulate", "of the shared cache, as without this guard"},
            {"memory", "each process holds its own copy"}},
       .sources = {"ZiggyCreatures/FusionCache#613: first level first",
                   "redis/lettuce#3481: the message comes before the local set"},
       .scenario = R"({
  "title": "Two levels",
  "strategies": {
    "two levels": { "guards": [ { "local-cache": { "processes": 2, "ttl": "1s" } } ] }
  }
})"},
      R"({ "processes": 2, "ttl": "1s" })",
      option("processes", &LocalCache::processes, counts<std::uint32_t>(1, processes_max),
             "clients are spread over them"),
      option("ttl", &LocalCache::ttl, positive_durations(), "TTL of a local entry"),
      option("message", &LocalCache::message, latencies(),
             "until an invalidation reaches the other processes"),
      option("first", &LocalCache::first, words(firsts, "cache"),
             "which cache a writer deletes first"),
      option("disconnect", &LocalCache::disconnect, words(disconnects, "reaction to a disconnect"),
             "what happens to local entries when the cache restarts, which breaks the connection "
             "that carries the messages. keep: the messages that are in flight are lost; flush: "
             "the local entries are dropped, too"));
}

}  // namespace

std::vector<SlotChoice<Guard>> guard_choices() {
  return {bloom_filter(), hold_off(), remote_marker(), local_cache()};
}

}  // namespace cacherace::scenario
