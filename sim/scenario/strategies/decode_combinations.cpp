// Choices that make no sense together. Each is refused, with the reason; whatever is not listed
// here is allowed.

#include <array>
#include <string_view>

#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

template <typename T, typename Slot>
bool is(const Slot& slot) {
  return std::holds_alternative<T>(slot);
}

bool sets_refresh_lock(const Read& read) {
  const auto* swr = std::get_if<StaleWhileRevalidate>(&read);
  const auto* ahead = std::get_if<RefreshAhead>(&read);
  return (swr != nullptr && swr->refresh_lock) || (ahead != nullptr && ahead->refresh_lock);
}
bool has_ttl(const Strategy& s) { return s.expiry.ttl || is<StaleWhileRevalidate>(s.read); }

bool counts_from_ttl(const Read& read) {
  return is<RefreshAhead>(read) || is<XFetch>(read) || is<StaleIfError>(read);
}

bool stores(const Write& write) {
  return is<SetAfter>(write) || is<WriteThrough>(write) || is<WriteBehind>(write);
}

bool gives_no_ttl(const Write& write) {
  const auto* sets = std::get_if<SetAfter>(&write);
  return sets != nullptr && sets->ttl != SetAfter::Ttl::fresh;
}

bool reads_twice(const Read& read) {
  return counts_from_ttl(read) || is<StaleWhileRevalidate>(read);
}

bool by_group(const Write& write) {
  return is<BumpVersion>(write) || is<DeleteByKeys>(write) || is<DeleteByScan>(write);
}

bool deletes(const Write& write) {
  return !stores(write) && !is<NoInvalidation>(write) && !by_group(write);
}

bool leaves_tombstones(const Fill& fill) {
  const auto* newer = std::get_if<SetIfNewer>(&fill);
  return newer != nullptr && newer->tombstones;
}

bool any_guard(const Guards& g) {
  return g.bloom_filter || g.hold_off || g.remote_marker || g.local_cache;
}

bool processes_differ(const Strategy& s) {
  const auto* flights = std::get_if<SingleFlight>(&s.load);
  const auto& local = s.guards.local_cache;
  return flights != nullptr && local && flights->processes != local->processes;
}

struct Rule {
  std::string_view slot;  // where it is reported
  bool (*broken)(const Strategy& s);
  std::string_view fact, fix;
};

constexpr std::string_view give_ttl = R"(add "expiry": { "ttl": "60s" })";
constexpr std::string_view nothing_cached =
    R"("direct" reads bypass the cache, so nothing is ever cached)";

constexpr auto rules = std::to_array<Rule>({
    // What a direct read never comes to.
    {"load", [](const Strategy& s) { return is<DirectRead>(s.read) && !is<EveryReader>(s.load); },
     R"("direct" reads bypass the cache, so none of them misses)", R"(leave "load" out)"},
    {"fill",
     [](const Strategy& s) {
       return is<DirectRead>(s.read) && !is<SetFill>(s.fill) && !is<Lease>(s.load);
     },
     nothing_cached, R"(leave "fill" out)"},
    {"expiry",
     [](const Strategy& s) {
       return is<DirectRead>(s.read) && (s.expiry.ttl || s.expiry.negative);
     },
     nothing_cached, R"(leave "expiry" out)"},
    {"guards", [](const Strategy& s) { return is<DirectRead>(s.read) && any_guard(s.guards); },
     nothing_cached, R"(leave "guards" out)"},

    // What needs a TTL, or brings its own.
    {"expiry",
     [](const Strategy& s) { return is<StaleWhileRevalidate>(s.read) && s.expiry.ttl.has_value(); },
     R"("hard" of "stale-while-revalidate" is the TTL already)", R"(leave "ttl" out)"},
    {"read", [](const Strategy& s) { return counts_from_ttl(s.read) && !s.expiry.ttl; },
     "this read depends on the end of an entry's TTL, and entries have none", give_ttl},
    {"fill", [](const Strategy& s) { return is<SetThenExpire>(s.fill) && !has_ttl(s); },
     R"("set-then-expire" has no TTL to set)", give_ttl},
    {"expiry", [](const Strategy& s) { return s.expiry.jitter.billionths > 0 && !has_ttl(s); },
     R"("jitter" spreads the TTL, and entries have none)", R"(add a "ttl" or leave "jitter" out)"},

    {"write", [](const Strategy& s) { return gives_no_ttl(s.write) && !has_ttl(s); },
     R"("ttl" of "set-after" is about the TTL of an entry, and entries have none)", give_ttl},
    {"write", [](const Strategy& s) { return gives_no_ttl(s.write) && reads_twice(s.read); },
     "this read depends on the TTL that a store sets, and this write sets none",
     R"(leave "ttl" of "set-after" out)"},

    // Locks.
    {"read", [](const Strategy& s) { return sets_refresh_lock(s.read) && is<Lock>(s.load); },
     R"(with a "lock" load, a refresh takes the lock of the load, with its "ttl")",
     R"(leave "refresh_lock" out)"},

    // Leases.
    {"fill", [](const Strategy& s) { return is<Lease>(s.load) && !is<LeaseSet>(s.fill); },
     R"(a lease is a right to fill, and this fill does not check it)",
     R"(leave "fill" out: a lease stores by "lease-set")"},
    {"fill", [](const Strategy& s) { return is<LeaseSet>(s.fill) && !is<Lease>(s.load); },
     R"("lease-set" stores with the token of a lease, but the load takes no lease)",
     R"(add "load": "lease")"},

    {"read", [](const Strategy& s) { return is<Lease>(s.load) && reads_twice(s.read); },
     "no token is handed out for a key that has an entry, so the entry could never be refreshed",
     R"(use "lock" or "single-flight")"},
    {"load", [](const Strategy& s) { return is<XFetch>(s.read) && is<Lock>(s.load); },
     R"("xfetch" works without coordination)", R"(leave "load" out)"},
    {"guards", [](const Strategy& s) { return s.guards.hold_off && is<Lease>(s.load); },
     R"("hold-off" and leases are two ways to void a fill)", "keep one of them"},
    {"guards", [](const Strategy& s) { return s.guards.local_cache && is<ReadThrough>(s.load); },
     R"("read-through" loads in the cache layer, which has no "local-cache")",
     R"(use "single-flight")"},

    // What a write does not do, and a fill or guard waits for.
    {"fill", [](const Strategy& s) { return is<GenerationCheck>(s.fill) && stores(s.write); },
     R"("generation" counts deletes, and this write stores instead)", R"(use "set-if-newer")"},
    {"fill",
     [](const Strategy& s) { return is<GenerationCheck>(s.fill) && is<NoInvalidation>(s.write); },
     "a generation changes when a key is deleted, and this write deletes nothing",
     R"(leave "fill" out)"},
    {"load", [](const Strategy& s) { return is<Lease>(s.load) && is<NoInvalidation>(s.write); },
     "a lease is void when its key is deleted, and this write deletes nothing",
     R"(use "lock" or "single-flight")"},
    {"fill", [](const Strategy& s) { return leaves_tombstones(s.fill) && !deletes(s.write); },
     "deletes of a key leave tombstones behind, and this write has no such delete",
     R"(leave "tombstones" out)"},
    {"guards", [](const Strategy& s) { return s.guards.hold_off && !deletes(s.write); },
     "a hold-off begins with the delete of a key, and this write has no such delete",
     R"(leave "hold-off" out)"},
    {"load",
     [](const Strategy& s) {
       return is<WriteBehind>(s.write) && (is<Lock>(s.load) || is<Lease>(s.load));
     },
     R"(the queue of "write-behind" stores without asking for locks or leases)",
     R"(use "every-reader" or "single-flight")"},

    // Two of one kind.
    {"guards", [](const Strategy& s) { return s.guards.hold_off && leaves_tombstones(s.fill); },
     "a hold-off and a tombstone both take the place of a deleted entry", "keep one of them"},
    {"guards", [](const Strategy& s) { return s.guards.hold_off && is<GenerationCheck>(s.fill); },
     R"("hold-off" and "generation" are two ways to void a fill)", "keep one of them"},
    {"fill", [](const Strategy& s) { return by_group(s.write) && is<GenerationCheck>(s.fill); },
     "a write that invalidates a whole group begins no new generation of its keys",
     "keep one of them"},
    {"load", [](const Strategy& s) { return by_group(s.write) && is<Lease>(s.load); },
     "a write that invalidates a whole group voids no leases of its keys", "keep one of them"},
    {"guards", [](const Strategy& s) { return by_group(s.write) && s.guards.local_cache; },
     R"(a write that invalidates a whole group does not reach a "local-cache")",
     "keep one of them"},
    {"load",
     [](const Strategy& s) {
       const auto* flights = std::get_if<SingleFlight>(&s.load);
       return !deletes(s.write) && flights != nullptr && flights->forget;
     },
     "a flight is forgotten with the delete of its key, and this write has no such delete",
     R"(leave "forget" out)"},
    {"guards", processes_differ,
     R"("single-flight" and "local-cache" count different numbers of processes)",
     R"(write the same "processes" for both)"},
});

}  // namespace

void check_combinations(const Node& node, const Strategy& strategy, Collector& problems) {
  for (const Rule& rule : rules) {
    if (!rule.broken(strategy)) continue;
    const Node* slot = node.find(rule.slot);
    problems.meaning(slot != nullptr ? *slot : node, std::string(rule.fact), std::string(rule.fix));
  }
}

}  // namespace cacherace::scenario
