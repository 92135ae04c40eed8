// When entries end by time.

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {
namespace {

constexpr ChoiceOption ttl{"ttl", "duration", "", "of an entry, from the moment it is stored"};

Choice none() {
  return {
      .slot = "expiry",
      .name = "none",
      .summary = "Entries never expire.",
      .steps = R"(cache.set key row)",
      .options = {},
      .removes = {{"avalanche", "by expiry; flushes and restarts remain"},
                  {"stampede", "at expiry; that after a delete remains"}},
      .remains = {{"stale repopulate",
                   "an old entry stays until the next write of its key, an eviction or a flush"},
                  {"memory", "entries that are never read again"}},
      .sources = {"Cache Invalidation Is Still Hard: with no TTL, it is wrong forever"},
      .scenario = R"({
  "title": "Without expiry",
  "strategies": { "for good": { "expiry": "none" } },
  "expect": { "for good": { "no-stale-residue": "violated" } }
})"};
}

Choice fixed() {
  return {.slot = "expiry",
          .name = "fixed",
          .summary = "Every entry lives for the same time: the backstop of every other strategy.",
          .steps = R"(cache.set key row ttl
ttl later: cache.expire key)",
          .options = {ttl},
          .removes =
              {{"lost invalidation",
                "limits the duration: an old version is served for at most the TTL, plus the time "
                "from its db.read to its set, plus the lag of a replica if it was read there"},
               {"stale repopulate",
                "limits the duration: the same bound as after a lost invalidation"}},
          .remains = {{"stampede", "at each expiry of a hot key"},
                      {"avalanche", "keys that were stored together expire together"}},
          .sources = {"Cache Invalidation Is Still Hard: the TTL is your backstop",
                      "apache/gravitino#13099: a TTL that every access extends never ends"},
          .scenario = R"({
  "title": "A fixed TTL",
  "strategies": { "ttl 5s": { "write": "none", "expiry": { "ttl": "5s" } } },
  "expect": { "ttl 5s": { "staleness_us_max": "<= 5.1s" } }
})"};
}

Choice jitter() {
  return {
      .slot = "expiry",
      .name = "jitter",
      .summary = "Draws each TTL from a range around its mean.",
      .steps = R"(cache.set key row T     # T uniform in ttl * (1 - jitter) to ttl * (1 + jitter)
T later: cache.expire key)",
      .options = {ttl,
                  {"jitter", "share", "", "half the width of the range, as a share of the TTL"}},
      .removes = {{"avalanche",
                   "keys that were stored together expire over 2 * jitter * TTL; a flush is "
                   "not spread"}},
      .remains = {{"stampede", "on one key: it still expires at a single moment"},
                  {"staleness by design", "the bound is TTL * (1 + jitter)"}},
      .sources = {"Cache Invalidation Is Still Hard: jittered TTLs"},
      .scenario = R"({
  "title": "A jittered TTL",
  "strategies": {
    "4s to 6s": { "write": "none", "expiry": { "ttl": "5s", "jitter": "20%" } }
  },
  "expect": { "4s to 6s": { "staleness_us_max": "<= 6.1s" } }
})"};
}

Choice negative() {
  return {
      .slot = "expiry",
      .name = "negative",
      .summary = "Also caches \"no row\", with a separate TTL.",
      .steps = R"(db.read key: no row
# window: the row is created, and its writer deletes the entry
cache.set key "no row" negative)",
      .options = {{"negative", "duration", "", "TTL of \"no row\""},
                  {"ttl", "duration", "none", "of an entry with a row; none: it never expires"}},
      .removes = {{"penetration",
                   "for keys that are read repeatedly: each reaches the database about once "
                   "per negative TTL"}},
      .remains = {{"penetration", "for random keys: each is read only once; see bloom-filter"},
                  {"stale repopulate",
                   "a late \"no row\" hides a row that was just created; "
                   "and writers must invalidate when they create"},
                  {"memory", "entries of keys that do not exist"}},
      .sources = {"Cache Invalidation Is Still Hard: cache penetration",
                  "Systemorph/MeshWeaver#3980: a late \"not found\""},
      .scenario = R"({
  "title": "Negative entries",
  "keys": { "count": 1000, "absent": "10%" },
  "strategies": {
    "hits only": { "expiry": { "ttl": "60s" } },
    "negative":  { "expiry": { "ttl": "60s", "negative": "5s" } }
  }
})"};
}

}  // namespace

std::vector<Choice> expiry_choices() { return {none(), fixed(), jitter(), negative()}; }

}  // namespace cacherace::harness
