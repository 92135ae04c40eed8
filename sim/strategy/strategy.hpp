#pragma once
// A strategy: one protocol per slot with its options, and the driver that runs a client through
// them.

#include <string>
#include <string_view>

#include "sim/scenario/slots.hpp"
#include "sim/strategy/scripted.hpp"
#include "sim/world/client.hpp"
#include "sim/world/layout.hpp"

namespace cacherace::strategy {

using world::Client;
using world::Slot;

struct Strategy;

/// A slot's protocol: goes on from where the client's routine stands, up to its next yield.
using Protocol = void (*)(Client&, const Strategy&);

struct Strategy {
  std::string name;

  // In place of slots: what makes the clients of an engine from a script, and what was made.
  std::function<std::shared_ptr<Scripted>(RowNames, Scripted::Options)> make_script;
  std::shared_ptr<Scripted> script;
  bool names_clients = false;  // it asks for tokens
  bool script_blocks = false;  // it waits for memory of its process
  bool remembers = false;      // it keeps something there
  bool reads_several = false;  // one query of it asks for several rows
  scenario::Latency message;   // until on_message runs

  // The slots.
  Protocol read;
  Protocol load;
  Protocol store;  // of the fill
  Protocol write;
  Protocol invalidate;
  bool by_group = false;  // it ends a whole group

  // What entries are given.
  Duration ttl = Duration::max();  // max() for no expiry
  Duration ttl_spread{};           // each TTL is drawn from ttl ± ttl_spread
  Duration soft = Duration::max();
  std::optional<Duration> negative;  // TTL of "no such row"; none: it is not cached
  Leaves leaves = Leaves::nothing;   // what a delete leaves in an entry's place
  Duration leaves_for = Duration::max();

  // Options of the slots.
  Duration kept{};                // past its TTL, by stale-if-error; part of `ttl`
  bool fails_unanswered = false;  // a read whose look-up gets no answer
  bool early = false;             // reads may call an entry expired before its time
  Decimal beta;                   // and how eagerly
  scenario::Lock lock;
  scenario::Lease lease;
  scenario::DoubleDelete second_delete;
  scenario::SetAfter::Ttl written_ttl = scenario::SetAfter::Ttl::fresh;
  scenario::WriteThrough write_through;
  scenario::WriteBehind write_behind;
  scenario::BumpVersion::Seed seed = scenario::BumpVersion::Seed::random;
  std::uint32_t scan_count = 0;
  bool forget = false;  // writers forget the key's flight
  std::optional<scenario::LocalCache> local_cache;
  Duration mark_ttl{};
  std::uint32_t retries = 0;  // of a command that failed
  bool follows_log = false;   // change data capture: somebody follows the database's commits
  scenario::Latency lag;      // and how far behind

  // What it needs of a world. Rows, groups and replicas are the engine's to fill in.
  world::Layout layout;

  /// Starts an operation: afterwards the client's first effect is pending. Requires an idle client.
  void begin(Client& client, OperationKind operation, Key key) const;

  /// The same for a function of a script, which gets the key.
  void begin(Client& client, std::string_view function, Key key) const;

  /// Starts a task that `client` has asked for, in a client of its own.
  void begin(Client& task, const Client& client, const world::Start& start) const;
  /// Starts a task that is one effect.
  void begin(Client& task, Task kind, const Effect& effect) const;

  /// Hands over the reply to the pending effect: afterwards the next effect is pending, or the
  /// operation is finished (`!client.busy()`). Requires a busy client. O(1).
  void resume(Client& client, const Reply& reply) const;

  /// Starts the tasks that an effect itself calls for, whatever becomes of its client: who follows
  /// the database's log has a commit to go on, or a queue that was empty has a write to flush.
  void start_followers(Client& client, const Effect& effect, const Reply& reply) const;

  /// A script's client is at the end of a block.
  static bool ends_block(const Client& client) {
    return client.busy() && client.pending.kind == EffectKind::cache_block &&
           client.pending.token == end_of_block;
  }
  /// How long a task waits before its first effect.
  scenario::Latency delay_of(Task task) const;
  /// Gives entries another TTL from now on: jitter and soft expiry keep their share of it, and what
  /// stale-if-error keeps is kept as long.
  void set_ttl(Duration to);
  /// Where the version of a group starts: 1, or 0 for a number that was never used.
  std::uint32_t first_version() const { return seed == scenario::BumpVersion::Seed::one ? 1 : 0; }
  /// When a fill stores that looks at nothing itself: a hold-off alone can refuse it.
  When unless_held() const { return leaves == Leaves::hold_off ? When::not_held : When::always; }
  /// The effect that stores what the client has loaded or committed.
  Effect stored(const Client& client, When when) const;
  bool caches(Version row) const { return row != 0 || negative.has_value(); }
};

/// The protocols that a scenario's strategy chooses, for clients that try a command that failed
/// `retries` times again.
Strategy compose(const scenario::Strategy& settings, std::uint32_t retries = 0);

}  // namespace cacherace::strategy
