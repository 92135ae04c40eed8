#pragma once
// How old a cached version is: when the first newer version was committed.

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <vector>

#include "sim/core/effect.hpp"
#include "sim/core/fetch_ahead.hpp"
#include "sim/core/large_pages.hpp"
#include "sim/core/observer.hpp"

namespace cacherace::judge {

/// What there are copies of, and how many.
struct Copies {
  Key rows = 0;
  std::uint32_t derived = 0;    // cached aggregates of each row
  std::uint32_t processes = 0;  // with a first-level cache
  bool stale_area = false;      // where deleted values go
};

/// Follows the versions of every row through database, clients and caches, and remembers no more
/// commits than can still matter: those since the oldest version that some client holds and may yet
/// store. Exact, but for copies whose way it does not see (an entry of a name that was thought
/// orphaned, a set that comes long after its client's timeout): of these it says when the row's
/// last commit was, which is no earlier. All calls are amortised O(1 + copies of a row).
class VersionTracker {
 public:
  /// The shared cache is copy 0, then come the first-level caches, then the stale area.
  explicit VersionTracker(const Copies& copies);

  std::uint32_t local_copy(std::uint32_t process) const { return 1 + process; }
  std::uint32_t stale_area() const { return 1 + copies_.processes; }

  void starts_absent(Key row);
  /// The row stands at that version.
  void committed(Key row, Version version, SimTime at);
  /// The client has met this version of the key and may store it until it lets go. `superseded_at`:
  /// when it was overwritten, if it was old already.
  void hold(ClientId client, Key key, Version version, SimTime superseded_at = never);
  void let_go(ClientId client) {
    if (client < held_.size() && held_[client].any) release(held_[client]);
  }
  /// The cache was told that this version is committed: by a delete on its account.
  void invalidated(Key key, Version version);
  /// Returns true for a stale fill: the cache had already been told of a newer version.
  bool stored(std::uint32_t copy, Key key, ClientId client, Version version);
  /// A deleted value goes to the stale area.
  void moved_to_stale_area(Key key);

  /// Since when that version, found in that copy, is older than its row; `never` while it is not.
  SimTime cached_superseded_at(std::uint32_t copy, Key key, Version version) const;
  /// The same for what the client holds.
  SimTime held_superseded_at(ClientId client, Key key, Version version) const;
  /// What is cached of the key will be asked for soon.
  void prefetch(Key key) const {
    if (tracks(key)) fetch_ahead(&cached_[0][key]);
  }
  Version row(Key key) const { return tracks(key) ? rows_[key % copies_.rows].version : 0; }
  Key row_of(Key key) const { return key % copies_.rows; }
  bool tracks(Key key) const { return key < copies_.rows * (1 + copies_.derived); }

 private:
  struct Row {
    Version version = 1;
    std::uint32_t holders = 0;
    SimTime last_commit;
  };
  struct Copy {
    SimTime superseded_at = never;
    Version version = 1;
  };
  struct Commit {
    SimTime at;
    Version version = 0;
    std::uint32_t holders = 0;
  };
  struct Held {
    bool any = false;
    bool logged = false;  // its commit is in the row's log
    Key key = 0;
    Version version = 0;
    SimTime superseded_at = never;  // when it was old from the first
  };

  void release(Held& held);
  Copies copies_;
  LargeVector<Row> rows_;
  LargeVector<Version> told_;              // by key
  std::vector<LargeVector<Copy>> cached_;  // by copy and key
  // Commits since the oldest version that is held, of the rows that are held; looked up, never
  // iterated.
  boost::unordered_flat_map<Key, std::deque<Commit>> logs_;
  std::vector<Held> held_;  // by client
};

}  // namespace cacherace::judge
