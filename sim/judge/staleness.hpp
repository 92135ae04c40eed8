#pragma once
// How old a cached version is: when the first newer version was committed.

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <vector>

#include "sim/core/effect.hpp"
#include "sim/core/observer.hpp"

namespace cacherace::judge {

/// Follows the versions of every key through database, clients and cache, exactly, and remembers no
/// more commits than can still matter: those since the oldest version that some client holds and
/// may yet store. All calls are amortised O(1).
class VersionTracker {
 public:
  explicit VersionTracker(Key keys) : keys_(keys) {}

  /// The key's row stands at that version; nothing newer is cached.
  void committed(Key key, Version version, SimTime at);
  /// The client read or committed this version and may store it until it lets go.
  void hold(ClientId client, Key key, Version version);
  void let_go(ClientId client);
  /// The cache was told that this version is committed: by a delete on its account.
  void invalidated(Key key, Version version);
  /// Returns true for a stale fill: the cache had already been told of a newer version.
  bool stored(Key key, Version version);

  /// Since when the cached entry is older than its row; `never` while it is not.
  SimTime superseded_at(Key key) const { return keys_[key].superseded_at; }
  Version row(Key key) const { return keys_[key].row; }

 private:
  struct PerKey {
    SimTime superseded_at = never;  // of the entry that was stored last
    Version row = 1;
    Version told = 0;
    std::uint32_t holders = 0;
  };
  struct Commit {
    SimTime at;
    std::uint32_t holders = 0;
  };
  struct Log {  // consecutive versions, the oldest one held by somebody
    Version first = 0;
    std::deque<Commit> commits;
  };
  struct Held {
    bool any = false;
    Key key = 0;
    Version version = 0;
  };

  std::vector<PerKey> keys_;
  boost::unordered_flat_map<Key, Log>
      logs_;                // of the keys that are held; looked up, never iterated
  std::vector<Held> held_;  // by client
};

}  // namespace cacherace::judge
