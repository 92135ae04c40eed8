#include "sim/world/eviction_pool.hpp"

#include <algorithm>

namespace cacherace::world {

void EvictionPool::offer(SlotId slot, std::uint64_t score) {
  auto place = std::ranges::lower_bound(candidates_, score, {}, &Candidate::score);
  if (candidates_.size() == candidates_.capacity()) {
    if (place == candidates_.begin()) return;
    std::shift_left(candidates_.begin(), place, 1);
    *(place - 1) = {score, slot};
  } else {
    candidates_.insert(place, {score, slot});
  }
}

std::optional<SlotId> EvictionPool::take() {
  if (candidates_.empty()) return std::nullopt;
  const SlotId best = candidates_.back().slot;
  candidates_.pop_back();
  return best;
}

}  // namespace cacherace::world
