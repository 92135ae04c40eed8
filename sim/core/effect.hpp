#pragma once
// What clients do to the other parties: the effects, their replies, and the operations that they
// serve. All are small plain values.

#include <cstdint>
#include <string_view>

#include "sim/core/units.hpp"

namespace cacherace {

/// A key, by its index in the race or in the traffic.
using Key = std::uint32_t;

/// Commit counter of one key's row: 0 while there is no row, 1 for a row that stands at the start.
using Version = std::uint32_t;

enum class EffectKind : std::uint8_t {
  cache_get,
  cache_set,
  cache_del,
  cache_expire,  // by the clock, not by a client
  db_read,
  db_write,
};
inline constexpr int effect_kinds = 6;

/// One atomic touch of one party.
struct Effect {
  EffectKind kind = EffectKind::cache_get;
  Key key = 0;
  Version version = 0;  // cache_set: what is stored; cache_del: the commit that it follows, if any
  Duration ttl = Duration::max();  // cache_set: max() for an entry that does not expire

  bool operator==(const Effect&) const = default;
};

/// What the party answers.
struct Reply {
  bool found = false;    // get: a hit; del: there was an entry; read: there is a row
  bool expired = false;  // the effect met an entry whose time was over, and removed it
  Version version = 0;   // get, read: what was found; write: what was committed

  bool operator==(const Reply&) const = default;
};

enum class OperationKind : std::uint8_t { read, write };

/// `cache.get`, `db.write` and so on, as in results and counterexample files.
constexpr std::string_view name(EffectKind kind) {
  switch (kind) {
    case EffectKind::cache_get:
      return "cache.get";
    case EffectKind::cache_set:
      return "cache.set";
    case EffectKind::cache_del:
      return "cache.del";
    case EffectKind::cache_expire:
      return "cache.expire";
    case EffectKind::db_read:
      return "db.read";
    case EffectKind::db_write:
      return "db.write";
  }
  return "";
}

constexpr std::string_view name(OperationKind kind) {
  return kind == OperationKind::read ? "read" : "write";
}

constexpr bool is_database(EffectKind kind) {
  return kind == EffectKind::db_read || kind == EffectKind::db_write;
}

/// True when the order of the two effects can matter: same store, same key, and one of them writes.
/// Holds as long as no entry is past its time: a get that meets such an entry removes it.
constexpr bool conflicts(const Effect& a, const Effect& b) {
  const auto writes = [](EffectKind kind) {
    return kind != EffectKind::cache_get && kind != EffectKind::db_read;
  };
  return is_database(a.kind) == is_database(b.kind) && a.key == b.key &&
         (writes(a.kind) || writes(b.kind));
}

}  // namespace cacherace
