#pragma once
// How many claims about the readings of clocks can hold at once.

#include <cstddef>
#include <vector>

#include "sim/core/monitor.hpp"
#include "sim/search/zone.hpp"

namespace cacherace::search {

/// Of some claims about a zone, by the index of its clocks: the most that hold at once for some of
/// its readings, the first ones where there are several such sets. O(2^claims · clocks²) at worst;
/// O(claims · clocks²) where all of them hold.
class MostClaims {
 public:
  struct Of {
    std::size_t ahead, behind;  // Zone::no_clock for 0
    Bound at_most;
  };

  MostClaims(const Zone& zone, const std::vector<Of>& claims) : claims_(claims) {
    std::vector<bool> held(claims.size());
    try_from(zone, 0, 0, held);
  }

  std::size_t count() const { return count_; }
  /// By claim.
  const std::vector<bool>& held() const { return held_; }

 private:
  void try_from(const Zone& zone, std::size_t claim, std::size_t count, std::vector<bool>& held) {
    if (claim == claims_.size()) {
      if (count <= count_ && !held_.empty()) return;
      count_ = count;
      held_ = held;
      return;
    }
    const std::size_t left = claims_.size() - claim;
    if (!held_.empty() && count + left <= count_) return;
    const auto& [ahead, behind, at_most] = claims_[claim];
    Zone with = zone;
    if (with.keep(ahead, behind, at_most)) {
      held[claim] = true;
      try_from(with, claim + 1, count + 1, held);
      held[claim] = false;
    }
    try_from(zone, claim + 1, count, held);
  }

  const std::vector<Of>& claims_;
  std::vector<bool> held_;
  std::size_t count_ = 0;
};

}  // namespace cacherace::search
