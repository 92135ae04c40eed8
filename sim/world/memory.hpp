#pragma once
// The memory of the cache server: what its entries take, and which one goes when there is no room.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/large_pages.hpp"
#include "sim/core/stream.hpp"
#include "sim/core/units.hpp"
#include "sim/scenario/parties.hpp"
#include "sim/world/access.hpp"
#include "sim/world/eviction_pool.hpp"

namespace cacherace::world {

/// What an entry with a TTL takes besides: its dictEntry in the table of expiries (32), and its
/// share of that table's buckets (12).
inline constexpr Bytes ttl_bytes = 44;

/// What Redis 7.0 on a 64-bit machine allocates for a key of 15 to 30 characters with a string of
/// `value` bytes: dictEntry (32), key (32) and share of the buckets (8 each; with n entries there
/// are n to 2n of them: 12), then the value with its header, terminator and object (16), rounded up
/// to the size classes of jemalloc; and `ttl_bytes` if it has a TTL. A server without entries
/// counts as empty; Redis itself starts at about 0.9 MB. Measured with redis 7.0.15 and
/// jemalloc 5.3.0. Requires a value of at most 512 MiB, as Redis does. O(1).
Bytes entry_bytes(Bytes value, bool has_ttl);

/// Bytes and access metadata of the entries, and eviction as Redis 7 does it at `maxmemory`. A
/// value, like the server that it belongs to; it learns from the server what happens to the
/// entries, and tells it whom to evict. Stored, removed, touched: O(1). 24 bytes per slot up to the
/// highest one used, 4 more per entry with a TTL, and 4 per entry under an allkeys policy.
class Memory {
 public:
  /// Without a limit in `settings`, it only counts bytes. `words` are for eviction, the counters of
  /// LFU, and the order in which entries with a TTL are kept.
  Memory(const scenario::CacheSettings& settings, Words words);

  /// `slot` now holds a value of `value` bytes, which expires at `expires_at` (or `never`): a new
  /// entry, or one that replaces what was there. Replacing counts as an access.
  void stored(SlotId slot, Bytes value, SimTime expires_at, SimTime now);
  /// The entry of `slot` is gone: deleted, expired or evicted.
  void removed(SlotId slot);
  /// A command looked the entry up. All do in Redis that read or change an entry, but for EXISTS,
  /// TTL, TYPE, OBJECT and those that delete.
  void touched(SlotId slot, SimTime now);
  /// The entry now expires at `expires_at`, or `never`.
  void ttl_changed(SlotId slot, SimTime expires_at);

  /// The entry that Redis would evict next, when it has to. It stays an entry until `removed`, but
  /// is not offered again for what it was worth now. Nothing under noeviction, and under a volatile
  /// policy when no entry has a TTL. Expected O(samples).
  std::optional<SlotId> next_victim(SimTime now);
  /// The entries that the policy may evict, in no order that means anything.
  const std::vector<SlotId>& evictable() const;
  /// More is used than the limit allows: evict until it is not, or refuse to store.
  bool over() const { return limit_ && used_ > *limit_; }

  Bytes used() const { return used_; }
  /// The most that was ever used.
  Bytes used_max() const { return used_max_; }

  bool present(SlotId slot) const { return slot < slots_.size() && slots_[slot].bytes > 0; }
  SimTime expires_at(SlotId slot) const;
  /// Ticks of the LRU clock since the last access. Requires an LRU policy.
  std::uint32_t idle(SlotId slot, SimTime now) const;
  /// The counter of accesses, decayed. Requires an LFU policy.
  std::uint32_t frequency(SlotId slot, SimTime now) const;
  /// The entries with a TTL, in random order: each order is as likely as any other, whatever came
  /// first. When one is removed, the last one takes its place.
  const std::vector<SlotId>& volatile_slots() const { return volatile_; }

  bool operator==(const Memory&) const = default;

 private:
  struct Slot {
    SimTime expires_at = never;
    std::uint32_t bytes = 0;        // without `ttl_bytes`; 0: no entry
    std::uint32_t in_all = 0;       // where in `all_`, under an allkeys policy
    std::uint32_t in_volatile = 0;  // where in `volatile_`, if it has a TTL
    std::uint32_t accessed = 0;     // LRU clock, or `LfuBits`

    bool operator==(const Slot&) const = default;
  };
  using Position = std::uint32_t Slot::*;

  Slot& entry(SlotId slot);
  const Slot& entry(SlotId slot) const;
  void place(std::vector<SlotId>& list, Position position, std::size_t at, SlotId slot);
  void append(std::vector<SlotId>& list, Position position, SlotId slot);
  void erase(std::vector<SlotId>& list, Position position, SlotId slot);
  void set_expiry(SlotId slot, SimTime expires_at);

  void refill_pool(SimTime now);
  std::uint64_t score(const Slot& slot, SimTime now) const;

  scenario::Eviction policy_;
  std::optional<Bytes> limit_;
  std::uint32_t samples_;
  LfuSettings lfu_;
  Words words_;
  Bytes used_ = 0;
  Bytes used_max_ = 0;
  LargeVector<Slot> slots_;
  std::vector<SlotId> all_;  // empty unless the policy is an allkeys one
  std::vector<SlotId> volatile_;
  EvictionPool pool_;
};

}  // namespace cacherace::world
