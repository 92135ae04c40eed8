#pragma once
// The candidates for eviction that a Redis server remembers from one eviction to the next.

#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>

#include "sim/core/units.hpp"

namespace cacherace::world {

/// An entry of the cache server, by its place in the server's table.
using SlotId = std::uint32_t;

/// The best candidates seen so far, at most 16. As in Redis, a candidate keeps the score that it
/// had when it was offered, may be here twice, and stays when its entry is removed or touched.
/// O(16).
class EvictionPool {
 public:
  /// Remembers the candidate; the one with the lowest score makes room. A higher score is a better
  /// candidate; among equals the first one offered is taken first.
  void offer(SlotId slot, std::uint64_t score);
  /// Removes the best candidate and gives it; nothing when there is none.
  std::optional<SlotId> take();

  bool operator==(const EvictionPool&) const = default;

 private:
  struct Candidate {
    std::uint64_t score;
    SlotId slot;

    bool operator==(const Candidate&) const = default;
  };
  boost::container::static_vector<Candidate, 16> candidates_;  // ascending by score
};

}  // namespace cacherace::world
