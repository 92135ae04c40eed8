#pragma once
// The cache server: entries, their expiry, its memory, and what its commands do to them.

#include <optional>
#include <vector>

#include "sim/core/large_pages.hpp"
#include "sim/core/observer.hpp"
#include "sim/world/active_expiry.hpp"
#include "sim/world/boxed.hpp"
#include "sim/world/memory.hpp"
#include "sim/world/names.hpp"

namespace cacherace::world {

/// What an entry stands for.
enum class Content : std::uint8_t {
  nothing,    // there is no entry
  row,        // `number` is its version
  no_row,     // a negative entry
  tombstone,  // `number` is the version that was deleted
  hold_off,   // deleted, and not to be filled for a while
  number,     // a token, a counter, a mark
  value,      // of a script, and none of the above
};

struct Entry {
  SimTime expires_at = never;
  SimTime soft_at = never;  // past it, the entry is to be refreshed
  Duration load_time{};
  std::uint32_t number = 0;
  Content content = Content::nothing;
  bool dirty = false;  // write-behind: not flushed yet

  bool present() const { return content != Content::nothing; }
  bool answers() const {
    return content == Content::row || content == Content::no_row || content == Content::value;
  }
  bool operator==(const Entry&) const = default;
};

/// Bytes of the value of an entry that holds no row: a token, a counter, a mark, a version, "no
/// such row". Any number of so few digits takes the same with its overhead.
inline constexpr Bytes small_value = 16;

/// An entry as a command meets it.
struct Met {
  const Entry& entry;
  bool expired = false;  // its time was over: the command removed it
};

/// Whether a look at an entry is the access that an eviction policy remembers. One that is followed
/// by a store is not: the store is.
enum class Look : std::uint8_t { counts, before_a_store };

/// Redis semantics for what is here: an entry set at t with a TTL is still readable at t + TTL and
/// gone after it; any command that meets an expired entry removes it; a set replaces value and TTL.
/// A server counts its memory only when it is told to; then it also evicts, and expires actively.
/// Each call is O(1), where nothing else is said.
class Cache {
 public:
  explicit Cache(const Layout& layout)
      : names_(layout), entries_(names_.fixed()), values_(layout.scripted ? names_.fixed() : 0) {}

  /// Counts memory from now on, and keeps to `maxmemory` if there is one. A row takes `value`
  /// bytes. Requires that there is no entry yet.
  void count_memory(const scenario::CacheSettings& settings, Bytes value, Words words);

  /// Looks an entry up, as any command does that names it.
  Met meet(const Name& name, SimTime now, Look look = Look::counts);
  /// Looks an entry up beside the one that the command's reply is about: its expiry counts here.
  const Entry& also_meet(const Name& name, SimTime now, Look look = Look::counts);
  /// The same without a trace: what a get at `now` would find.
  const Entry& peek(const Name& name, SimTime now) const;
  /// The entry of that name will be looked up soon.
  void prefetch(const Name& name) const;
  /// The entry of that name is used, though nothing is stored.
  void touch(const Name& name, SimTime now);
  void store(const Name& name, const Entry& entry, SimTime now);
  /// The same with a value of a script, which takes `bytes`.
  void store(const Name& name, const Entry& entry, Value value, Bytes bytes, SimTime now);
  /// What a script finds in an entry that is there.
  Value value_of(const Name& name, const Entry& entry) const;
  void remove(const Name& name);
  void remove(SlotId slot);
  /// The same, and `take_gone` will tell of it.
  void remove(SlotId slot, Gone how);
  void set_expiry(SlotId slot, SimTime expires_at);
  /// Changes an entry that is there, in place; but not its expiry.
  Entry& at(SlotId slot) { return entries_[slot]; }

  // ---- WATCH, by names of clients ----

  /// From now on it is noted whether anything changes the entry of that name: a command that
  /// stores, deletes or gives another TTL, an expiry, an eviction.
  void watch(const Name& name, std::uint32_t watcher);
  /// An entry that it watches has changed, or its time is over.
  bool has_changed_for(std::uint32_t watcher, SimTime now) const;
  void unwatch(std::uint32_t watcher);
  /// What one watches, another does in its place. Requires that the other watches nothing.
  void hand_watching_over(std::uint32_t from, std::uint32_t to);

  /// Removes everything, and says how many entries there were. O(slots).
  std::uint32_t clear();

  // ---- what the server does by itself ----

  /// More memory is used than `maxmemory` allows.
  bool over() const { return counted_ && counted_->memory.over(); }
  /// What goes next, if anything may. Requires a server that counts its memory. Expected
  /// O(samples).
  std::optional<SlotId> next_victim(SimTime now) { return counted_->memory.next_victim(now); }
  void evict(SlotId slot);
  /// A command is refused for lack of memory.
  void refuse() { ++counted_->stats.out_of_memory; }
  /// One cycle of active expiry; nothing on a server that does not count its memory. O(entries
  /// looked at).
  ExpiryCycle expire_actively(SimTime now);

  /// The values that were evicted, actively expired or deleted from a list since the last call.
  struct GoneValue {
    Key key;
    Gone how;
    bool operator==(const GoneValue&) const = default;
  };
  std::vector<GoneValue> take_gone();
  bool any_gone() const { return counted_ && !counted_->gone.empty(); }

  /// Since the last `restart_stats`; all 0 on a server that does not count its memory.
  ServerStats stats() const { return counted_ ? counted_->stats : ServerStats{}; }
  void restart_stats();

  const Entry& entry(SlotId slot) const { return entries_[slot]; }
  const Names& names() const { return names_; }
  SlotId slots() const { return static_cast<SlotId>(entries_.size()); }
  std::uint32_t present() const { return present_; }
  /// 0 when it is not counted.
  Bytes memory_used() const { return counted_ ? counted_->memory.used() : 0; }

  bool operator==(const Cache&) const = default;

 private:
  // What a server has that counts its memory.
  struct Counted {
    Memory memory;
    Bytes row_value = 0;
    bool remembers_accesses = false;  // its policy does
    ActiveExpiry expiry = {};
    ServerStats stats = {};
    std::vector<GoneValue> gone = {};

    bool operator==(const Counted&) const = default;
  };
  // What a client watches.
  struct Watched {
    std::uint32_t watcher = 0;
    SlotId slot = 0;
    bool changed = false;
    auto operator<=>(const Watched&) const = default;
  };
  void note_change(SlotId slot) {
    for (Watched& each : watched_) each.changed |= each.slot == slot;
  }
  SlotId slot_of(const Name& name) const;
  void put(SlotId slot, const Entry& entry, Bytes bytes, SimTime now);
  void touch(SlotId slot, SimTime now);
  void note_memory();

  Names names_;
  LargeVector<Entry> entries_;    // by slot
  std::vector<Value> values_;     // beside the entries of names that a script chose
  std::vector<Watched> watched_;  // by watcher and slot, so that equal caches are equal
  std::uint32_t present_ = 0;
  Boxed<Counted> counted_;
};

}  // namespace cacherace::world
