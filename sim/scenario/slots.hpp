#pragma once
// The strategies of a scenario: one choice per slot. What each does is told by the protocols in
// sim/strategy; here stand its options and their defaults.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/scenario/parties.hpp"
#include "sim/script/setting.hpp"

namespace cacherace::scenario {

// ---- read: how a read is answered --------------------------------------------------------------

struct PlainRead {
  // What a read does when the cache does not answer, or refuses.
  enum class Unanswered { load, fail } unanswered = Unanswered::load;
};
struct DirectRead {};  // past the cache, always
/// TTL of the lock that a refresh takes where loads take none.
inline constexpr Duration refresh_lock_default = 10s;
struct StaleWhileRevalidate {
  Duration soft{}, hard{};  // `hard` takes the place of the expiry's TTL
  std::optional<Duration> refresh_lock;
};
struct RefreshAhead {
  Share threshold{800'000'000};  // of the TTL: an older entry is refreshed in the background
  std::optional<Duration> refresh_lock;
};
struct XFetch {
  Decimal beta{Decimal::one};
};
struct StaleIfError {
  Duration keep{};  // how long past its TTL an entry may still answer when its load fails
};
using Read =
    std::variant<PlainRead, DirectRead, StaleWhileRevalidate, RefreshAhead, XFetch, StaleIfError>;

// ---- load: who reads the database after a miss -------------------------------------------------

struct EveryReader {};
struct SingleFlight {
  std::uint32_t processes = 1;  // clients are spread over them; each has flights of its own
  bool forget = false;          // a writer forgets the key's flight when it invalidates
};
struct Lock {
  std::optional<Duration> ttl;  // none: held until it is released
  Duration wait{};              // between two polls
  Duration give_up{};           // after which a waiter loads without the lock and does not fill
  enum class Release { checked, unchecked } release = Release::checked;
};
struct Lease {
  Duration rate = 10s;       // one token per key in that time
  Duration token_ttl = 10s;  // as long as the rate, if that is longer and none is written
  enum class Refused { retry, load, give_up } refused = Refused::retry;
  Duration wait = 50ms;           // before a refused reader tries again
  Duration give_up = 2s;          // after which it loads without a token and does not fill
  std::optional<Duration> stale;  // how long a deleted value may still answer refused readers
};
struct ReadThrough {
  std::uint32_t nodes = 1;  // of the cache layer; a key belongs to one, which loads it once
};
using Load = std::variant<EveryReader, SingleFlight, Lock, Lease, ReadThrough>;

// ---- fill: how what was loaded is stored -------------------------------------------------------

struct SetFill {};
struct SetThenExpire {};  // two commands
struct AddFill {};        // only if there is no entry
struct SetIfNewer {
  std::optional<Duration> tombstones;  // a delete leaves the version behind for that long
};
struct GenerationCheck {};  // only if no delete has come since the miss
struct LeaseSet {};         // only with a live token
using Fill = std::variant<SetFill, SetThenExpire, AddFill, SetIfNewer, GenerationCheck, LeaseSet>;

// ---- write: how a write keeps the cache in step ------------------------------------------------

struct NoInvalidation {};
struct DeleteAfter {};
struct DeleteBefore {};
struct DeleteInTransaction {};
struct DoubleDelete {
  enum class First { before, after } first = First::before;
  enum class Timer { process, durable } timer = Timer::process;
  Duration delay{};
};
struct SetAfter {
  // The TTL that an entry has afterwards: a new one, the one that it had (KEEPTTL), or none.
  enum class Ttl { fresh, kept, none } ttl = Ttl::fresh;  // fresh is written "new"
};
struct WriteThrough {
  std::optional<Lock> lock;  // writers take the key's lock; a load "lock" shares it
  enum class Order { database_first, cache_first } order = Order::database_first;
};
struct WriteBehind {
  enum class Queue { in_cache, durable } queue = Queue::in_cache;  // written "volatile"
  Duration interval = 1s;      // from a write to the flush that takes it along
  std::uint32_t batch = 1000;  // keys that one flush writes
  bool coalesce = true;        // several writes of a key in the queue become one
};
struct BumpVersion {
  enum class Seed { random, one } seed = Seed::random;  // of a counter that is not there
};
struct DeleteByKeys {};  // KEYS over the group, then one delete of what it listed
struct DeleteByScan {
  std::uint32_t count = 10;  // keys that one SCAN looks at
};
struct ChangeDataCapture {
  Latency lag = Constant{100ms};  // from the commit to the delete
};
using Write = std::variant<DeleteAfter, DeleteBefore, SetAfter, NoInvalidation, DoubleDelete,
                           DeleteInTransaction, WriteThrough, WriteBehind, BumpVersion,
                           DeleteByKeys, DeleteByScan, ChangeDataCapture>;

// ---- expiry and guards -------------------------------------------------------------------------

struct Expiry {
  std::optional<Duration> ttl;       // none: entries never expire
  Share jitter;                      // each TTL is drawn from ttl * U(1 - jitter, 1 + jitter)
  std::optional<Duration> negative;  // TTL of "no such row"; none: it is not cached
};

struct BloomFilter {
  std::uint64_t bits = 0;
  std::uint32_t hashes = 7;
};
struct HoldOff {
  Duration time = 11s;  // after a delete, fills are refused for that long; written "for"
};
struct RemoteMarker {
  Duration ttl = 10s;  // of the mark that sends readers to the primary
};
struct LocalCache {
  std::uint32_t processes = 2;  // clients are spread over them
  Duration ttl = 1s;
  Latency message = Uniform{200us, 1ms};  // until an invalidation reaches the other processes
  enum class First { shared, local } first = First::shared;  // which cache a writer deletes first
  // What becomes of the copies when the cache restarts, and messages with it.
  enum class Disconnect { flush, keep } disconnect = Disconnect::flush;
};
struct Guards {
  std::optional<BloomFilter> bloom_filter;
  std::optional<HoldOff> hold_off;
  std::optional<RemoteMarker> remote_marker;
  std::optional<LocalCache> local_cache;
};

/// Every slot's default is the baseline: cache-aside with delete-after and no expiry. A lease load
/// without a stated fill stores by lease set.
// ---- in place of slots: a script ---------------------------------------------------------------

struct ScriptSource {
  std::string file;
  std::string text;
};
struct Script {
  std::string file;  // beside the scenario
  script::Setting settings;
  std::vector<ScriptSource> sources;  // of `file` and what it requires; empty: to be read
  std::uint32_t processes = 1;        // clients are spread over them; each has a memory of its own
  Latency message = Constant{1ms};    // until a message has arrived
};

struct Strategy {
  std::string name;
  std::optional<Script> script;  // then the slots say nothing
  Read read;
  Load load;
  Fill fill;
  Write write;
  Expiry expiry;
  Guards guards;
};

}  // namespace cacherace::scenario
