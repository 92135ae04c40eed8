#pragma once
// Names of the cache server's entries: what they are about, and where they stand.

#include <boost/unordered/unordered_flat_map.hpp>
#include <compare>
#include <vector>

#include "sim/world/layout.hpp"

namespace cacherace::world {

/// Index of an entry of the cache server.
using SlotId = std::uint32_t;
inline constexpr SlotId no_slot = ~SlotId{0};

enum class Space : std::uint8_t {
  value,
  lock,
  lease,
  generation,
  marker,
  stale,
  version,
  named,  // by a script; `key` is the number of the name
};

struct Name {
  Space space = Space::value;
  Key key = 0;                     // or group, for a version; or a name that a script chose
  std::uint32_t name_version = 0;  // of the group, where it is part of the name

  auto operator<=>(const Name&) const = default;
};

/// Gives every name its slot. What a layout foresees has a fixed slot; versioned names and the keys
/// of rows that never exist take one while their entry lives. The part of the version in a name has
/// 29 bits. The names that a script chooses have the slots after the fixed ones, in the order of
/// their numbers, and there are no others then. O(1).
class Names {
 public:
  explicit Names(const Layout& layout);

  /// Nothing stands there when it is `no_slot`.
  SlotId find(const Name& name) const {
    if (name.space == Space::named) return fixed_ + name.key;
    const auto space = static_cast<int>(name.space);
    const SlotId size = first_[space + 1] - first_[space];
    const bool is_fixed = name.name_version == 0 && name.key < size;
    return is_fixed ? first_[space] + name.key : find_taken(name);
  }
  SlotId find_or_take(const Name& name);
  /// The entry is gone.
  void release(SlotId slot);

  Name name_of(SlotId slot) const;
  SlotId fixed() const { return fixed_; }
  SlotId slots() const { return fixed_ + static_cast<SlotId>(taken_.size()); }

  bool operator==(const Names& other) const { return taken_ == other.taken_; }

 private:
  static constexpr int spaces = 7;  // with slots of their own
  struct Taken {
    Name name;
    bool in_use = false;
    bool operator==(const Taken&) const = default;
  };

  SlotId find_taken(const Name& name) const;

  bool scripted_ = false;
  SlotId first_[spaces + 1] = {};  // of each space, and the end
  SlotId fixed_ = 0;
  std::vector<Taken> taken_;  // from slot `fixed_` on
  std::vector<SlotId> free_;
  boost::unordered_flat_map<std::uint64_t, SlotId> by_name_;  // of those taken; never iterated
};

}  // namespace cacherace::world
