// How a read is answered.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

constexpr std::int64_t beta_max = 100;

constexpr auto reactions = std::to_array<Spelling<PlainRead::Unanswered>>(
    {{"load", PlainRead::Unanswered::load}, {"fail", PlainRead::Unanswered::fail}});

void check_ages(StaleWhileRevalidate& out, const Given& given, Collector& problems) {
  if (!given["soft"] || !given["hard"] || out.soft < out.hard) return;
  problems.meaning(*given["soft"],
                   "\"soft\" is not shorter than \"hard\", so no entry is ever stale",
                   "an entry is fresh until \"soft\", then stale, and gone after \"hard\"");
}

template <typename T>
auto refresh_lock(std::optional<Duration> T::* member) {
  return option("refresh_lock", member, positive_durations(),
                "TTL of the lock that a refresh takes, so that only one runs at a time; with a "
                "lock load, the load's lock is taken and this cannot be set")
      .standing_for(written(refresh_lock_default));
}

SlotChoice<Read> plain() {
  return made<Read, PlainRead>(
      {.slot = "read",
       .name = "plain",
       .summary = "Asks the cache first and loads on a miss: the read half of cache-aside.",
       .steps = R"(cache.get key
hit:  answer with the entry
miss: load and fill; answer with the row)",
       .removes = {{"database load", "a hit does not reach the database"},
                   {"latency", "a hit takes one round trip to the cache"}},
       .remains = {{"stale repopulate",
                    "a commit and its delete fit between the reader's db.read and its cache.set"},
                   {"stampede",
                    "all clients that miss a key load it, unless the load slot limits "
                    "this"},
                   {"penetration", "a key without a row misses every time; see expiry negative"}},
       .sources = {"Cache Invalidation Is Still Hard: the patterns, cache-aside",
                   "near/nearcore#14987: the race, met in production"},
       .scenario = R"({
  "title": "A plain read",
  "strategies": { "cache-aside": { "read": "plain" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "cache-aside": { "no-stale-residue": "violated" } }
})"},
      R"({ "unanswered": "fail" })",
      option("unanswered", &PlainRead::unanswered, words(reactions, "reaction"),
             "what a read does when the cache gives no answer: it loads the row, or fails"));
}

SlotChoice<Read> direct() {
  return made<Read, DirectRead>(
      {.slot = "read",
       .name = "direct",
       .summary = "Bypasses the cache and reads the row every time. Nothing is stored.",
       .steps = R"(db.read key
answer with the row)",
       .removes = {{"commit-to-delete window", "no entry is read"},
                   {"stale repopulate", "this read stores nothing"}},
       .remains = {{"database load", "every read is a query"},
                   {"latency", "every read takes the time of a query"},
                   {"staleness by design", "if reads go to a replica: by its lag"}},
       .sources = {"Cache Invalidation Is Still Hard: what not to cache"},
       .scenario = R"({
  "title": "Past the cache",
  "strategies": { "no cache": { "read": "direct" } },
  // No entry is left that could be old, and no read hits.
  "expect": { "no cache": { "no-stale-residue": "vacuous", "hit_ratio": "== 0" } }
})"});
}

SlotChoice<Read> stale_while_revalidate() {
  return made<Read, StaleWhileRevalidate>(
      {.slot = "read",
       .name = "stale-while-revalidate",
       .summary = "Between soft and hard expiry, answers with the old entry and refreshes it.",
       .steps = R"(cache.get key
age up to soft: answer with the entry
age up to hard: answer with the entry; in the background:
                  cache.lock key, or leave it to the holder
                  cache.get key        # another may have refreshed it meanwhile
                  db.read key
                  # window: a commit and its invalidation fit in here
                  fill
                  cache.unlock key
older, or miss: load and fill; answer with the row)",
       .removes = {{"stampede",
                    "at expiry, on keys that are read at least once between soft and hard, and "
                    "refreshed in time; one refresh of a key at a time"},
                   {"latency", "reads of such keys never wait for the database"}},
       .remains =
           {{"staleness by design",
             "the bound is hard, not soft: a refresh may fail or be late, and a key that is not "
             "read is not refreshed"},
            {"stale repopulate", "a refresh that overlaps a write is a late fill like any other"},
            {"stampede", "on the first miss, after a delete, and past hard"}},
       .sources = {"RFC 5861: stale-while-revalidate",
                   "Cache Invalidation Is Still Hard: soft and hard expiry",
                   "Laravel: Cache::flexible"},
       .scenario = R"({
  "title": "Stale while revalidating",
  "strategies": {
    "swr": {
      "read": { "stale-while-revalidate": { "soft": "1s", "hard": "5s" } },
      "load": "single-flight",
      "write": "none"
    }
  },
  // The bound is the hard expiry and the time from a snapshot to its fill.
  "expect": { "swr": { "staleness_us_max": "<= 5.1s" } }
})"},
      R"({ "soft": "60s", "hard": "300s" })", check_ages,
      needed("soft", &StaleWhileRevalidate::soft, positive_durations(), R"("60s")",
             "age from which an entry is refreshed"),
      needed("hard", &StaleWhileRevalidate::hard, positive_durations(), R"("300s")",
             "age from which it is gone, above soft; replaces the TTL of the expiry slot"),
      refresh_lock(&StaleWhileRevalidate::refresh_lock));
}

SlotChoice<Read> refresh_ahead() {
  return made<Read, RefreshAhead>(
      {.slot = "read",
       .name = "refresh-ahead",
       .summary = "Refreshes an entry in the background before its TTL ends.",
       .steps = R"(cache.get key
hit:  answer with the entry; if older than threshold * TTL, in the background:
        cache.lock key, or leave it to the holder
        cache.get key        # another may have refreshed it meanwhile
        db.read key
        # window: a commit and its invalidation fit in here
        fill
        cache.unlock key
miss: load and fill; answer with the row)",
       .removes = {{"stampede",
                    "at expiry, on keys that are read in the last part of their TTL, if a "
                    "refresh takes less time than the rest of the TTL"},
                   {"latency", "reads of such keys never wait for the database"}},
       .remains = {{"stale repopulate",
                    "a refresh that overlaps an invalidation puts the old version back"},
                   {"wasted loads", "refreshes of entries that are not read again"},
                   {"stampede", "on the first miss, and after a delete"}},
       .sources = {"Cache Invalidation Is Still Hard: refresh-ahead",
                   "ben-manes/caffeine#193: a refresh undoes an invalidation",
                   "ben-manes/caffeine#175: refreshes that take longer than their interval"},
       .scenario = R"({
  "title": "Refresh ahead of expiry",
  "strategies": {
    "refresh ahead": {
      "read": { "refresh-ahead": { "threshold": 0.8 } },
      "write": "none",
      "expiry": { "ttl": "5s" }
    }
  },
  "expect": { "refresh ahead": { "staleness_us_max": "<= 5.1s" } }
})"},
      R"({ "threshold": "80%" })",
      option("threshold", &RefreshAhead::threshold, shares(),
             "share of the TTL after which an entry is refreshed"),
      refresh_lock(&RefreshAhead::refresh_lock));
}

SlotChoice<Read> xfetch() {
  return made<Read, XFetch>(
      {.slot = "read",
       .name = "xfetch",
       .summary = "Loads before expiry with a probability that rises towards it.",
       .steps = R"(cache.get key          # the entry knows its load time d and its expiry
hit and now - d * beta * ln(U) < expiry: answer with the entry     # U uniform in (0, 1]
else:                                    load and fill; answer with the row)",
       .removes = {{"stampede",
                    "most of it, at the expiry of keys that are read many times during one load: "
                    "about e^(1/beta) loads per cycle, whatever the rate of reads; without any "
                    "coordination of the clients"}},
       .remains = {{"stampede", "on the first miss and after a delete: there is no entry yet"},
                   {"wasted loads",
                    "of such keys 2.7 loads per cycle on average for beta 1, 1.6 for beta 2"},
                   {"stale repopulate", "an early load is a fill like any other"}},
       .sources = {"Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede "
                   "Prevention, VLDB 8(8), 2015, doi 10.14778/2757807.2757813"},
       .scenario = R"({
  "title": "Probabilistic early expiry",
  "strategies": {
    "xfetch": {
      "read": { "xfetch": { "beta": 1 } },
      "write": "none",
      "expiry": { "ttl": "5s" }
    }
  },
  "expect": { "xfetch": { "staleness_us_max": "<= 5.1s" } }
})"},
      R"({ "beta": 1 })",
      option("beta", &XFetch::beta, numbers_up_to(beta_max),
             "above 1, earlier loads and fewer of them at once; below, the reverse"));
}

SlotChoice<Read> stale_if_error() {
  return made<Read, StaleIfError>(
      {.slot = "read",
       .name = "stale-if-error",
       .summary = "Answers with an entry past its TTL when its load fails.",
       .steps = R"(cache.get key
within its TTL: answer with the entry
else:           load
                loaded: fill; answer with the row
                failed: answer with the entry, if it is no older than TTL + keep; else fail)",
       .removes = {{"errors",
                    "reads of keys that were cached within the last TTL + keep succeed "
                    "while the database rejects queries"}},
       .remains = {{"staleness by design", "up to TTL + keep, while loads fail"},
                   {"memory", "entries stay for TTL + keep"},
                   {"stampede", "every load is still tried: it does not shield the database"},
                   {"stale repopulate", "as in a plain read"}},
       .sources = {"RFC 5861: stale-if-error"},
       .scenario = R"({
  "title": "Old answers instead of errors",
  "database": { "connections": 2, "queue_max": 0 },
  "keys": { "count": 100 },
  "strategies": {
    "fail":   { "expiry": { "ttl": "1s" } },
    "answer": { "read": { "stale-if-error": { "keep": "60s" } }, "expiry": { "ttl": "1s" } }
  },
  "expect": { "fail": { "errors": ">= 1" } }
})"},
      R"({ "keep": "10min" })",
      needed("keep", &StaleIfError::keep, positive_durations(), R"("10min")",
             "how long past its TTL an entry may answer when its load fails"));
}

}  // namespace

std::vector<SlotChoice<Read>> read_choices() {
  return {plain(), direct(), stale_while_revalidate(), refresh_ahead(), xfetch(), stale_if_error()};
}

}  // namespace cacherace::scenario
