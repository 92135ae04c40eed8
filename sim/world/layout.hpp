#pragma once
// What there is in a world: how many rows, and which kinds of entries a strategy needs.

#include <optional>

#include "sim/core/effect.hpp"
#include "sim/scenario/slots.hpp"

namespace cacherace::world {

/// Keys are numbered: first one for each row, then the first aggregate derived of each, and so on.
/// Every key beyond `keys()` is that of a row that never exists.
struct Layout {
  Key rows = 0;
  std::uint32_t derived = 0;    // cached aggregates of each row
  std::uint32_t known = 0;      // of them, how many a writer knows
  std::uint32_t groups = 1;     // row r belongs to group r % groups
  std::uint32_t processes = 1;  // that have flights or a first-level cache of their own
  std::uint32_t replicas = 0;
  bool locks = false;
  bool leases = false;
  Duration lease_rate{};                 // one token per key in that time
  Duration lease_ttl{};                  // of a token; no shorter
  std::optional<Duration> stale_values;  // how long a deleted value may answer refused readers
  bool generations = false;
  bool versions = false;  // of the groups, as part of the names of their keys
  bool markers = false;
  bool volatile_queue = false;  // write-behind: it is lost with the cache
  bool coalesce = false;        // and holds one write of a key at most
  bool flights = false;
  bool local_caches = false;
  bool flushes_locals = false;  // when the cache restarts
  bool transactions = false;
  bool scripted = false;  // entries have names and values that a script chooses
  std::optional<scenario::BloomFilter> filter;

  Key keys() const { return rows * (1 + derived); }
  /// When the cache restarts, the messages to first-level caches that are under way.
  bool loses_messages() const { return local_caches && !flushes_locals; }
  bool has_row(Key key) const { return key < keys(); }
  Key row_of(Key key) const { return key % rows; }
  /// An aggregate belongs to the group of its row.
  std::uint32_t group_of(Key key) const { return (has_row(key) ? row_of(key) : key) % groups; }
};

}  // namespace cacherace::world
