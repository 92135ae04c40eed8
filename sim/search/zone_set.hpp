#pragma once
// The zones with which one state was reached.

#include <cstdint>
#include <vector>

#include "sim/search/zone.hpp"

namespace cacherace::search {

/// Numbered zones over the same clocks, of which none contains another. They lie side by side in
/// memory, since every new one is compared with those that are there.
class ZoneSet {
 public:
  /// False when a zone of the set contains this one. Otherwise it is added, and those that it
  /// contains are removed. O(zones · clocks²) at worst; a comparison mostly ends at three sums.
  bool add(const Zone& zone, std::uint32_t number);
  /// Whether the set would have more zones with this one. O(zones · clocks²) at worst.
  bool grows_by(const Zone& zone) const;
  /// The zone of that number, into `zone`; false when it was removed. O(zones + clocks²).
  bool copy(std::uint32_t number, Zone& zone) const;

  std::size_t size() const { return numbers_.size(); }
  /// Memory in use.
  std::uint64_t bytes() const {
    return bounds_.capacity() * sizeof(Bound) + sums_.capacity() * sizeof(Sums) +
           numbers_.capacity() * sizeof(std::uint32_t);
  }

 private:
  // Of bounds, none above a cap: a zone that contains another has no sum that is smaller.
  struct Sums {
    Bound latest, earliest, differences;
    bool may_contain(const Sums& other) const {
      return latest >= other.latest && earliest >= other.earliest &&
             differences >= other.differences;
    }
  };
  static Sums sums_of(const Zone& zone);
  bool contains(const Bound* zone, const Bound* other) const;
  void remove(std::size_t which);

  std::size_t clocks_ = 0, stride_ = 0;  // of one zone: its clocks, and its bounds
  std::vector<Bound> bounds_;            // zone by zone
  std::vector<Sums> sums_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace cacherace::search
