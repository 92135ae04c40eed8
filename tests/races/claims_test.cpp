// What the catalogue says that a choice removes or leaves is what races under it come to.

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

#include "sim/scenario/strategies/choice.hpp"
#include "tests/races/table/verdict_of.hpp"

namespace cacherace::test {
namespace {

struct Claim {
  std::string_view choice;  // with its slot
  std::string_view mode;    // a failure mode, or a property
  std::string_view strategy, anomaly;
};

constexpr auto removed = std::to_array<Claim>({
    {"read direct", "stale repopulate", "no cache", "stale repopulate"},
    {"read stale-while-revalidate", "stampede", "stale while revalidate, in time",
     "stampede at expiry"},
    {"read refresh-ahead", "stampede", "refresh-ahead, in time", "stampede at expiry"},

    {"load single-flight", "stampede", "single-flight", "stampede"},
    {"load lock", "stampede", "lock, in time", "stampede"},
    {"load lease", "stampede", "lease, in time", "stampede"},
    {"load lease", "stale repopulate", "lease", "stale repopulate"},
    {"load read-through", "stampede", "read-through", "stampede"},

    {"fill set", "entry without TTL", "TTL", "entry without TTL"},
    {"fill add", "stale repopulate", "set after the commit, fill by add", "stale repopulate"},
    {"fill set-if-newer", "stale repopulate", "set after the commit, newest wins",
     "stale repopulate"},
    {"fill set-if-newer", "stale repopulate", "tombstones, in time", "stale repopulate"},
    {"fill set-if-newer", "write-write inversion", "set after the commit, newest wins",
     "write-write inversion"},
    {"fill generation", "stale repopulate", "generation", "stale repopulate"},
    {"fill lease-set", "stale repopulate", "lease", "stale repopulate"},
    {"fill lease-set", "resurrection after eviction", "lease", "resurrection after eviction"},

    {"write delete-after", "write-write inversion", "cache-aside", "write-write inversion"},
    {"write delete-after", "refill between delete and commit", "cache-aside",
     "refill between delete and commit"},
    {"write delete-before", "lost invalidation", "delete before the commit",
     "lost invalidation by a crash"},
    {"write delete-before", "write-write inversion", "delete before the commit",
     "write-write inversion"},
    {"write delete-in-transaction", "lost invalidation", "delete in the transaction",
     "lost invalidation by a crash"},
    {"write delete-in-transaction", "write-write inversion", "delete in the transaction",
     "write-write inversion"},
    {"write double-delete", "stale repopulate", "double delete, before and after, in time",
     "stale repopulate"},
    {"write double-delete", "stale repopulate", "double delete, both after, in time",
     "stale repopulate"},
    {"write double-delete", "refill between delete and commit",
     "double delete, before and after, in time", "refill between delete and commit"},
    {"write double-delete", "write-write inversion", "double delete, before and after",
     "write-write inversion"},
    {"write none", "write-write inversion", "TTL alone", "write-write inversion"},
    {"write set-after", "stampede", "set after the commit", "stampede after a write"},
    {"write write-through", "write-write inversion", "write-through, writers lock",
     "write-write inversion"},
    {"write write-through", "stale repopulate", "write-through, writers and loads lock",
     "stale repopulate"},
    {"write bump-version", "stale repopulate", "namespace version, random seed",
     "stale repopulate"},
    {"write bump-version", "write-write inversion", "namespace version, random seed",
     "write-write inversion"},
    {"write delete-by-keys", "lost invalidation", "delete by KEYS", "unknown derived key"},
    {"write delete-by-scan", "lost invalidation", "delete by SCAN", "unknown derived key"},
    {"write cdc", "lost invalidation", "change data capture", "lost invalidation by a crash"},
    {"write cdc", "lost invalidation", "change data capture", "lost invalidation by a message"},
    {"write cdc", "refill between delete and commit", "change data capture",
     "refill between delete and commit"},
    {"write cdc", "write-write inversion", "change data capture", "write-write inversion"},

    {"expiry fixed", "lost invalidation", "TTL", "old for good"},
    {"expiry fixed", "stale repopulate", "TTL", "old for good"},
    {"guards hold-off", "stale repopulate", "hold-off, in time", "stale repopulate"},
    {"guards hold-off", "refill between delete and commit",
     "hold-off, delete before the commit, in time", "refill between delete and commit"},
    {"guards hold-off", "replica-lag refill", "hold-off, in time", "replica-lag refill"},
    {"guards remote-marker", "replica-lag refill", "remote marker, lease, in time",
     "replica-lag refill"},
});

constexpr auto left = std::to_array<Claim>({
    {"read plain", "stale repopulate", "cache-aside", "stale repopulate"},
    {"read plain", "stampede", "cache-aside", "stampede"},
    {"read stale-while-revalidate", "stale repopulate", "stale while revalidate, in time",
     "refill between delete and commit"},
    {"read stale-while-revalidate", "stampede", "stale while revalidate", "stampede"},
    {"read stale-while-revalidate", "stampede", "stale while revalidate, in time",
     "stampede after a write"},
    {"read stale-while-revalidate", "stampede", "stale while revalidate", "stampede at expiry"},
    {"read refresh-ahead", "stale repopulate", "refresh-ahead, in time",
     "refill between delete and commit"},
    {"read refresh-ahead", "stampede", "refresh-ahead", "stampede"},
    {"read refresh-ahead", "stampede", "refresh-ahead, in time", "stampede after a write"},
    {"read xfetch", "stampede", "XFetch", "stampede"},
    {"read xfetch", "stampede", "XFetch", "stampede after a write"},
    {"read xfetch", "stale repopulate", "XFetch", "stale repopulate"},
    {"read stale-if-error", "stampede", "stale if error", "stampede at expiry"},
    {"read stale-if-error", "stale repopulate", "stale if error", "stale repopulate"},

    {"load every-reader", "stampede", "cache-aside", "stampede"},
    {"load every-reader", "stale repopulate", "cache-aside", "stale repopulate"},
    {"load single-flight", "stale repopulate", "single-flight", "stale repopulate"},
    {"load single-flight", "stale repopulate", "single-flight, forget", "stale repopulate"},
    {"load single-flight", "read-your-writes", "single-flight, generation",
     "old answer to the author"},
    {"load lock", "stale repopulate", "lock, in time", "stale repopulate"},
    {"load lock", "lost mutual exclusion", "lock of 5 s", "lost mutual exclusion"},
    {"load lock", "stampede", "lock without TTL", "stampede"},
    {"load lease", "refill between delete and commit", "lease, delete before the commit",
     "refill between delete and commit"},
    {"load lease", "lost invalidation", "lease", "lost invalidation by a crash"},
    {"load lease", "replica-lag refill", "lease", "replica-lag refill"},
    {"load read-through", "stale repopulate", "read-through", "stale repopulate"},

    {"fill set", "stale repopulate", "cache-aside", "stale repopulate"},
    {"fill set", "replica-lag refill", "cache-aside", "replica-lag refill"},
    {"fill set-then-expire", "entry without TTL", "set, then expire", "entry without TTL"},
    {"fill set-then-expire", "stale repopulate", "set, then expire", "stale repopulate"},
    {"fill set-then-expire", "stale repopulate", "set, then expire", "old for good"},
    {"fill add", "stale repopulate", "fill by add", "stale repopulate"},
    {"fill add", "resurrection after eviction", "set after the commit, fill by add",
     "resurrection after eviction"},
    {"fill add", "write-write inversion", "set after the commit, fill by add",
     "write-write inversion"},
    {"fill set-if-newer", "stale repopulate", "newest wins", "stale repopulate"},
    {"fill set-if-newer", "resurrection after eviction", "set after the commit, newest wins",
     "resurrection after eviction"},
    {"fill set-if-newer", "resurrection after eviction", "tombstones, in time",
     "resurrection after eviction"},
    {"fill generation", "refill between delete and commit", "generation, delete before the commit",
     "refill between delete and commit"},
    {"fill generation", "resurrection after eviction", "generation", "resurrection after eviction"},
    {"fill generation", "resurrection after eviction", "generation", "resurrection after a flush"},
    {"fill generation", "lost invalidation", "generation", "lost invalidation by a message"},
    {"fill generation", "replica-lag refill", "generation", "replica-lag refill"},
    {"fill lease-set", "refill between delete and commit", "lease, delete before the commit",
     "refill between delete and commit"},
    {"fill lease-set", "lost invalidation", "lease", "lost invalidation by a message"},
    {"fill lease-set", "replica-lag refill", "lease", "replica-lag refill"},

    {"write delete-after", "stale repopulate", "cache-aside", "stale repopulate"},
    {"write delete-after", "lost invalidation", "cache-aside", "lost invalidation by a crash"},
    {"write delete-after", "lost invalidation", "cache-aside", "lost invalidation by a message"},
    {"write delete-after", "stampede", "cache-aside", "stampede after a write"},
    {"write delete-before", "refill between delete and commit", "delete before the commit",
     "refill between delete and commit"},
    {"write delete-in-transaction", "refill between delete and commit", "delete in the transaction",
     "refill between delete and commit"},
    {"write double-delete", "stale repopulate", "double delete, before and after",
     "stale repopulate"},
    {"write double-delete", "stale repopulate", "double delete, both after", "stale repopulate"},
    {"write double-delete", "lost invalidation", "double delete, before and after, in time",
     "old for good"},
    {"write double-delete", "replica-lag refill", "double delete, both after",
     "replica-lag refill"},
    {"write none", "stampede", "TTL alone", "stampede at expiry"},
    {"write set-after", "write-write inversion", "set after the commit", "write-write inversion"},
    {"write set-after", "stale repopulate", "set after the commit", "stale repopulate"},
    {"write set-after", "lost invalidation", "set after the commit",
     "lost invalidation by a crash"},
    {"write set-after", "lost invalidation", "set after the commit",
     "lost invalidation by a message"},
    {"write set-after", "entry without TTL", "set after the commit, TTL dropped",
     "TTL lost by a write"},
    {"write set-after", "entry without TTL", "set after the commit, TTL kept",
     "TTL lost by a write"},
    {"write write-through", "write-write inversion", "write-through", "write-write inversion"},
    {"write write-through", "stale repopulate", "write-through", "stale repopulate"},
    {"write write-through", "stale repopulate", "write-through, writers lock", "stale repopulate"},
    {"write write-through", "lost mutual exclusion",
     "write-through, writers and loads lock for 5 s", "lost mutual exclusion"},
    {"write write-through", "lost invalidation", "write-through", "lost invalidation by a crash"},
    {"write write-through", "dirty read", "write-through, cache first", "dirty read"},
    {"write write-behind", "lost write", "write-behind, volatile", "lost write"},
    {"write write-behind", "stale repopulate", "write-behind, volatile", "stale repopulate"},
    {"write write-behind", "write-write inversion", "write-behind, durable",
     "write-write inversion"},
    {"write write-behind", "lost invalidation", "write-behind, durable",
     "lost invalidation by a crash"},
    {"write bump-version", "resurrection after eviction", "namespace version, seed one",
     "resurrection after eviction"},
    {"write bump-version", "resurrection after eviction", "namespace version, seed one",
     "resurrection after a flush"},
    {"write bump-version", "replica-lag refill", "namespace version, random seed",
     "replica-lag refill"},
    {"write bump-version", "lost invalidation", "namespace version, random seed",
     "lost invalidation by a crash"},
    {"write bump-version", "lost invalidation", "namespace version, random seed",
     "lost invalidation by a message"},
    {"write delete-by-keys", "stale repopulate", "delete by KEYS", "stale repopulate"},
    {"write delete-by-scan", "stale repopulate", "delete by SCAN", "stale repopulate"},
    {"write cdc", "stale repopulate", "change data capture", "stale repopulate"},
    {"write cdc", "replica-lag refill", "change data capture", "replica-lag refill"},
    {"write cdc", "read-your-writes", "change data capture", "old answer to the author"},

    {"expiry none", "stale repopulate", "cache-aside", "old for good"},
    {"expiry fixed", "stampede", "TTL", "stampede at expiry"},
    {"expiry jitter", "stampede", "jittered TTL", "stampede at expiry"},
    {"expiry negative", "stale repopulate", "negative entries", "late negative"},
    {"guards hold-off", "stampede", "hold-off, in time", "stampede after a write"},
    {"guards hold-off", "stale repopulate", "hold-off", "stale repopulate"},
    {"guards hold-off", "resurrection after eviction", "hold-off, in time",
     "resurrection after eviction"},
    {"guards remote-marker", "replica-lag refill", "remote marker, lease", "replica-lag refill"},
    {"guards remote-marker", "replica-lag refill", "remote marker, lease, in time",
     "replica-lag refill, two writers"},
    {"guards remote-marker", "stale repopulate", "remote marker", "stale repopulate"},
    {"guards local-cache", "divergence of first and second level", "two levels, shared first",
     "divergence of first and second level"},
    {"guards local-cache", "divergence of first and second level", "two levels, local first",
     "divergence of first and second level"},
    {"guards local-cache", "stale repopulate", "two levels, shared first", "stale repopulate"},
});

struct Silent {
  std::string_view choice, mode, why;
};

// Remarks about which no race of the list says anything.
constexpr auto not_by_race = std::to_array<Silent>({
    {"read xfetch", "stampede", "most of it: a matter of rates, and of a run"},
    {"write none", "lost invalidation", "there is none"},
    {"expiry none", "stampede", "there is no expiry"},
});

template <typename Claims>
bool is_claimed(const Claims& claims, std::string_view choice, std::string_view mode) {
  return std::ranges::any_of(
      claims, [&](const auto& claim) { return claim.choice == choice && claim.mode == mode; });
}

// Failure modes about which there is a claim at all.
std::set<std::string_view> searched_modes() {
  std::set<std::string_view> modes;
  for (const Claim& claim : removed) modes.insert(claim.mode);
  for (const Claim& claim : left) modes.insert(claim.mode);
  return modes;
}

Outcome explored(const Claim& claim) {
  const auto outcome = explore(listed(claim.strategy), anomaly(claim.anomaly));
  REQUIRE(outcome);
  return *outcome;
}

TEST_CASE("what the catalogue says that a choice removes, no race under it has", "[race]") {
  for (const Claim& claim : removed) {
    CAPTURE(claim.choice, claim.mode, claim.strategy, claim.anomaly);
    CHECK_NOT_VERDICT(explored(claim), Verdict::violated);
  }
}

TEST_CASE("what the catalogue says that a choice leaves, a race under it has", "[race]") {
  for (const Claim& claim : left) {
    CAPTURE(claim.choice, claim.mode, claim.strategy, claim.anomaly);
    CHECK_VERDICT(explored(claim), Verdict::violated);
  }
}

TEST_CASE("every remark of the catalogue about what a race can show is held against one") {
  const auto modes = searched_modes();
  std::size_t held = 0;
  for (const scenario::Choice& choice : scenario::choices()) {
    const std::string name = std::string(choice.slot) + " " + std::string(choice.name);
    for (const bool removes : {true, false})
      for (const auto& [what, says] : removes ? choice.removes : choice.remains) {
        if (!modes.contains(what) || is_claimed(not_by_race, name, what)) continue;
        CAPTURE(name, removes, what, says);
        CHECK((removes ? is_claimed(removed, name, what) : is_claimed(left, name, what)));
        ++held;
      }
  }
  CHECK(held > 100);
}

// Whether the catalogue has the remark that the claim is about.
bool is_remarked(const Claim& claim, std::vector<scenario::Remark> scenario::Choice::* remarks) {
  for (const scenario::Choice& choice : scenario::choices()) {
    if (std::string(choice.slot) + " " + std::string(choice.name) != claim.choice) continue;
    return std::ranges::any_of(choice.*remarks,
                               [&](const auto& r) { return r.what == claim.mode; });
  }
  return false;
}

TEST_CASE("the claims that are held against races are the catalogue's") {
  for (const Claim& claim : removed) {
    CAPTURE(claim.choice, claim.mode);
    CHECK(is_remarked(claim, &scenario::Choice::removes));
  }
  for (const Claim& claim : left) {
    CAPTURE(claim.choice, claim.mode);
    CHECK(is_remarked(claim, &scenario::Choice::remains));
  }
}

}  // namespace
}  // namespace cacherace::test
