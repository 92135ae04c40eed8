#pragma once
// The cache server: entries with exact expiry.

#include <vector>

#include "sim/core/effect.hpp"

namespace cacherace::world {

struct Entry {
  bool present = false;
  Version version = 0;
  SimTime expires_at = never;

  bool operator==(const Entry&) const = default;
};

/// Redis semantics for what is here: an entry set at t with a TTL is still readable at t + TTL and
/// gone after it; any command that meets an expired entry removes it; a set replaces value and TTL.
/// Each command is O(1).
class Cache {
 public:
  explicit Cache(Key keys) : entries_(keys) {}

  Reply get(Key key, SimTime now);
  Reply set(Key key, Version version, Duration ttl, SimTime now);
  Reply del(Key key, SimTime now);
  /// Removes an entry because its time is over.
  Reply expire(Key key);

  const Entry& entry(Key key) const { return entries_[key]; }
  /// True when a get at `now` would hit.
  bool holds(Key key, SimTime now) const;

  bool operator==(const Cache&) const = default;

 private:
  bool remove_expired(Entry& entry, SimTime now);

  std::vector<Entry> entries_;  // by key
};

}  // namespace cacherace::world
