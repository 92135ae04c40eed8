#pragma once
// Everything that is simulated, as one value that can be copied and compared.

#include <optional>
#include <span>
#include <vector>

#include "sim/core/digest.hpp"
#include "sim/world/cache.hpp"
#include "sim/world/client.hpp"
#include "sim/world/database.hpp"
#include "sim/world/filter.hpp"

namespace cacherace::world {

/// A write that is acknowledged, and not in the database yet.
struct QueuedWrite {
  Key key = 0;
  Version version = 0;
  SimTime expires_at = never;  // with the entry that it is, if it is in the cache only
  bool operator==(const QueuedWrite&) const = default;
};

class World {
 public:
  explicit World(const Layout& layout, std::size_t client_count = 0);

  /// Lets an effect of client `who` take effect now; `no_client` for what happens by itself. The
  /// world draws nothing: whatever is left to chance was decided by the engine when it chose the
  /// effect, the moment, and the `branch`: a get calls the entry expired before its time, a filter
  /// takes a key for another, a waiter gives up. Only a cache server that counts its memory draws,
  /// from words of its own, whom to evict. O(1), but for commands on whole groups; and for
  /// eviction, O(samples) for each entry that goes.
  Reply perform(const Effect& effect, ClientIndex who, SimTime now, bool branch = false);

  /// Effects on that key will follow soon.
  void prefetch(Key key) const {
    if (!layout.versions) cache.prefetch(value_name(key));
  }
  /// False while the client's pending effect has to wait for somebody else.
  bool enabled(ClientIndex who) const;
  /// True when a client that waits would now find what it waits for.
  bool worth_polling(ClientIndex who, SimTime now) const;
  /// A client dies: its transaction is rolled back, and who joined its flight gets an error.
  void crash(ClientIndex who);
  /// What KEYS or SCAN listed for a client last, and is still to be deleted.
  std::span<const Name> listed(ClientIndex who) const {
    return who < listed_.size() ? std::span(listed_[who]) : std::span<const Name>();
  }
  /// What KEYS or SCAN listed for one client is known to another.
  void hand_list_over(ClientIndex from, ClientIndex to);
  /// The entry expires or is evicted: says how many writes go with it that were queued in it only.
  std::uint32_t lose_queued(const Name& name, const Entry& entry);
  /// Ends the client's transaction, if it is in one, without a commit.
  void roll_back(ClientIndex who);
  /// The memory that it takes, about, with what it points to.
  std::uint64_t bytes() const;
  /// Those whose flight has landed since the last call.
  std::vector<ClientIndex> take_woken();

  Name value_name(Key key, std::uint32_t name_version = 0) const {
    return {.space = Space::value, .key = key, .name_version = name_version};
  }
  /// The entry that a command names.
  Name name_of(const Effect& effect) const {
    if (effect.named != 0) return {.space = Space::named, .key = effect.named - 1};
    return value_name(effect.key, effect.name_version);
  }
  /// In the memory of the client's process.
  Name memory_name(const Effect& effect, ClientIndex who) const {
    return {.space = Space::named,
            .key = (effect.named - 1) * layout.processes + clients[who].process};
  }
  /// The name under which readers look the key up at present; where its group has no version, with
  /// the one that a reader would give it, 0 for one that was never used.
  Name current_name(Key key, std::uint32_t first_version = 0) const;
  /// Of the copy in a process's own cache.
  Name local_name(Key key, std::uint32_t process) const {
    if (layout.has_row(key)) return value_name(key * layout.processes + process);
    return value_name(key, process + 1);
  }
  /// The mark of a row, for readers of its aggregates as well.
  Name marker_name(Key key) const {
    return {.space = Space::marker, .key = layout.has_row(key) ? layout.row_of(key) : key};
  }
  /// The row behind a key; nothing for a row that never exists.
  Version row(Key key) const {
    return layout.has_row(key) ? database.read(layout.row_of(key)).version : 0;
  }

  Layout layout;
  Cache cache;
  Cache locals;  // the first-level caches of the processes
  Database database;
  std::optional<Filter> filter;    // empty at first: whoever sets the rows up adds them
  std::vector<QueuedWrite> queue;  // the oldest first
  std::vector<Client> clients;

  bool operator==(const World& other) const;

 private:
  bool follows_another(ClientIndex who) const;
  Reply take_effect(const Effect& effect, ClientIndex who, SimTime now, bool branch);

  // Before a cache command, in make_room.cpp.
  std::uint32_t make_room(SimTime now);
  Reply refuse();
  std::uint32_t lose_expired(SimTime now);
  void keep_queued(Key key);

  // Cache commands, in commands.cpp.
  Reply get(const Effect& effect, SimTime now, bool early);
  Reply lease_get(const Effect& effect, SimTime now);
  /// Whether a token may be given, after the last one.
  static bool leasable(const Entry& last, SimTime now) {
    return !last.present() || last.soft_at < now;
  }
  Reply set(const Effect& effect, SimTime now);
  bool may_set(const Effect& effect, const Entry& entry, SimTime now);
  Reply del(const Effect& effect, SimTime now);
  void void_lease(Key key, SimTime now);
  bool leave(const Effect& effect, const Name& name, SimTime now);
  Reply set_ttl(const Effect& effect, SimTime now);
  Reply lock(const Effect& effect, SimTime now);
  Reply unlock(const Effect& effect, SimTime now);
  Reply number(const Name& name, SimTime now);
  Reply seed_version(const Effect& effect, SimTime now);
  Reply bump(const Name& name, SimTime now);
  Reply bump_version(const Effect& effect, SimTime now);
  std::uint32_t fresh_seed();
  Reply mark(const Effect& effect, SimTime now);
  Reply list(const Effect& effect, ClientIndex who, SimTime now);
  Reply del_listed(ClientIndex who, SimTime now);
  Reply write(const Effect& effect, SimTime now);
  Reply clean(const Effect& effect, SimTime now);
  Reply evict(const Effect& effect, SimTime now);
  Reply clear();

  // The others.
  Reply read_row(const Effect& effect) const;
  Reply write_row(const Effect& effect, SimTime now);
  Reply apply(const Effect& effect, SimTime now);
  Reply append(const Effect& effect);
  Reply take(SimTime now);
  Reply join(Key key, ClientIndex who);
  Reply land(const Effect& effect, ClientIndex who);
  void leave_flight(ClientIndex who);
  ClientIndex* flight_of(Key key, std::uint32_t process);
  Reply local(const Effect& effect, ClientIndex who, SimTime now);

  // Of scripts, in script_effects.cpp.
  Reply list_for_script(const Effect& effect, ClientIndex who, SimTime now);
  Reply ttl(const Effect& effect, SimTime now);
  Reply watch(const Effect& effect, ClientIndex who, SimTime now);
  Reply exec(ClientIndex who, SimTime now);
  Reply memory(const Effect& effect, ClientIndex who, SimTime now);
  void release_memory(ClientIndex who);
  Reply read_in_transaction(const Effect& effect, ClientIndex who);
  Reply write_in_transaction(const Effect& effect, ClientIndex who);
  Reply commit_next(ClientIndex who, SimTime now);
  bool enabled_for_script(ClientIndex who) const;

  std::vector<ClientIndex> flights_;       // their leaders, by key and process
  std::vector<std::vector<Name>> listed_;  // by client: what KEYS or SCAN listed
  std::vector<ClientIndex> woken_;
  bool flushing_ = false;  // a task is at work on the queue
  std::uint32_t seeds_ = 0;
};

/// Mixes every part of the world in: equal worlds have equal digests. O(slots + clients).
void add(Digest& digest, const World& world);
void add(Digest& digest, const Client& client);

}  // namespace cacherace::world
