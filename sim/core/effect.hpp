#pragma once
// What clients do to the other parties: the effects and their replies. All are small plain values.

#include <cstdint>
#include <string_view>

#include "sim/core/units.hpp"
#include "sim/core/value.hpp"

namespace cacherace {

enum class EffectKind : std::uint8_t {
  // The cache server.
  cache_get,
  cache_set,
  cache_del,
  cache_set_ttl,      // EXPIRE
  cache_lease_get,    // a get that hands out a token on a miss
  cache_lock,         // SET NX PX with a token
  cache_unlock,       // compare the token, then delete
  cache_unlock_any,   // delete, whoever holds it
  cache_get_version,  // of the group, in whose name the keys are
  cache_seed_version,
  cache_bump_version,  // INCR
  cache_mark,          // the remote marker: the primary knows better
  cache_get_mark,
  cache_keys,        // KEYS over the group
  cache_scan,        // one page of SCAN
  cache_del_listed,  // what KEYS or SCAN listed
  cache_write,       // write-behind: stored, and queued for the database
  cache_clean,       // write-behind: flushed; forget it, unless it was written again
  // What happens to the cache server.
  cache_expire,
  cache_soften,  // an entry passes its soft expiry
  cache_evict,
  cache_flush,
  cache_restart,
  // The database.
  db_read,
  db_write,  // one statement: update and commit
  db_begin,  // begin, and update: the row is locked, the new version visible to nobody
  db_commit,
  db_apply,      // a replica applies the next commit
  queue_append,  // write-behind: the durable queue
  queue_take,
  // A process.
  flight_join,  // join the key's flight, or start it
  flight_wait,  // for the result of the flight that was joined
  flight_finish,
  flight_forget,
  local_get,
  local_set,
  local_del,
  filter_check,
  filter_add,
  wait,  // and then poll again, or give up
  // Of scripts only. A block is one effect: what is inner to it happens at the same moment.
  cache_block,
  cache_publish,
  db_block,
  db_delete,
  db_roll_back,
  memory_get,
  memory_set,
  memory_del,
  memory_block,
  memory_await,  // blocks while there is something
  memory_lock,   // the same, and then stores
  memory_unlock,
  choose,
  cache_ttl,
  cache_watch,    // WATCH: one name of it
  cache_unwatch,  // all names
};
inline constexpr int effect_kinds = static_cast<int>(EffectKind::cache_unwatch) + 1;

/// The party that an effect touches.
enum class Party : std::uint8_t { cache, database, process };

/// Under which condition a cache_set stores.
enum class When : std::uint8_t {
  always,
  absent,           // there is no entry
  newer,            // its version is newer than the entry's
  same_generation,  // no delete has come since the miss
  leased,           // its token is live
  not_held,         // no delete has come for the time of the hold-off
  present,          // there is an entry
};

/// What a client that waits is waiting for.
enum class Until : std::uint8_t {
  unlocked,
  filled_or_unlocked,
  filled_or_leasable,
};

/// What a cache_del leaves behind.
enum class Leaves : std::uint8_t {
  nothing,
  tombstone,   // of the version, for `ttl`
  hold_off,    // for `ttl`
  generation,  // a newer one
};

/// One atomic touch of one party.
struct Effect {
  EffectKind kind = EffectKind::cache_get;
  When when = When::always;
  Leaves leaves = Leaves::nothing;
  Until until = Until::unlocked;
  bool may_be_early = false;    // cache_get: the reply may call an entry expired before its time
  bool keeps_ttl = false;       // cache_set: KEEPTTL, in place of `ttl`
  bool from_replica = false;    // db_read
  bool inner = false;           // at the same moment as the client's effect before it
  bool in_transaction = false;  // of a script: a statement of the transaction that its client is in
  Key key = 0;
  Version version = 0;  // cache_set, local_set, cache_clean: of the row; cache_del: of the commit
                        // that it follows, if any; db_write: 0, or the version that was queued
  std::uint32_t token = 0;  // of lock or lease; a generation; a cursor; the number of a replica;
                            // cache_clean: not 0 for the last one of a flush;
                            // cache_block: which of its ends, or that it is an EXEC
  std::uint32_t name_version = 0;   // of the group, as part of the key's name
  std::uint32_t named = 0;          // where a script chose the entry's name, its number, from 1;
                                    // memory: its number
  Value value;                      // of a script, to be stored
  std::uint32_t value_bytes = 0;    // that it takes
  Duration ttl = Duration::max();   // max() for no expiry
  Duration ttl_spread{};            // the TTL is drawn from ttl ± ttl_spread
  Duration soft = Duration::max();  // cache_set: until the soft expiry
  SimTime loading_since = never;    // cache_set: when the load began
  Duration after{};                 // how long the client lets pass before it issues the effect
  Duration give_up{};               // wait: how long a client waits in all

  bool operator==(const Effect&) const = default;
};

/// `token` of a cache_block. One ends the block that its client is in, another is an EXEC: nothing
/// happens where a watched entry has changed.
inline constexpr std::uint32_t end_of_block = 1, block_if_unchanged = 2;

/// What the party answers.
struct Reply {
  bool found = false;       // get: a hit; read: there is a row; set: stored; lock: acquired; …
  bool expired = false;     // the effect met an entry whose time was over, and removed it
  bool failed = false;      // no answer came in time, or the party refused
  bool soft = false;        // get: past its soft expiry, or to be refreshed early
  bool refused = false;     // lease_get: somebody else has the token; wait: gave up; del: a newer
                            // version stays; EXEC: a watched entry has changed; failed: the party
                            // refused
  Version version = 0;      // get, read: what was found; write: what was written; 0: no row
  Value value;              // of a script: what was found
  std::uint32_t token = 0;  // lease, generation, version of the group, cursor; cache_clean: not 0
                            // while something is queued
  std::uint32_t count = 0;  // of the entries that a command had to look at
  std::uint32_t lost_writes = 0;  // that were queued in the cache only
  SimTime superseded_at = never;  // replica: when a newer version was committed
  SimTime expires_at = never;     // cache_ttl: of the entry
  SimTime at = never;             // of the effect
  bool operator==(const Reply&) const = default;
};

enum class OperationKind : std::uint8_t { read, write, background, mishap };

/// What a client does in the background of another's operation.
enum class Task : std::uint8_t {
  none,
  second_delete,
  refresh,
  flush,      // write-behind: the queue into the database
  propagate,  // change data capture: a commit into the cache
  end_group,  // an operator invalidates a whole group
  tell,       // an invalidation message to a first-level cache
  late,       // a command whose client no longer waits for it
  mishap,     // an eviction, a flush, a restart
  spawned,    // a function that a script runs in the background
  message,    // a script's on_message, in one process
};

/// `cache.get`, `db.write` and so on, as in results and counterexample files. Conditions have names
/// of their own: `cache.add`.
std::string_view name(const Effect& effect);
std::string_view name(OperationKind kind);
std::string_view name(Task task);

Party party(EffectKind kind);

/// True when the effect is about the whole party, or a group of keys, and not about one key.
bool touches_all(EffectKind kind);

/// True when the effect cannot change its party.
bool only_reads(EffectKind kind);

/// True when the effect may leave an entry whose time then runs.
bool may_start_a_time(EffectKind kind);

/// True when a search may try another outcome of the effect as well: an early expiry, a false
/// positive, giving up.
bool may_branch(EffectKind kind);

/// True when the effect may have to wait until another client has done something.
bool may_block(EffectKind kind);

/// True when the order of the two effects can matter: same party, a key in common, and one of them
/// writes. Holds as long as no entry is past its time: a get that meets such an entry removes it.
bool conflicts(const Effect& a, const Effect& b);

}  // namespace cacherace
