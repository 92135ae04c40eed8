#include "sim/world/active_expiry.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/checked_time.hpp"

namespace cacherace::world {

ExpiryCycle ActiveExpiry::run(const Memory& memory, SimTime now,
                              const std::function<void(SlotId)>& expire) {
  ExpiryCycle cycle;
  for (std::uint32_t samples = 1; !memory.volatile_slots().empty(); ++samples) {
    const auto size = static_cast<std::uint32_t>(
        std::min<std::size_t>(expiry_sample, memory.volatile_slots().size()));
    const std::uint32_t expired = sample(memory, now, size, expire);
    cycle.looked_at += size;
    cycle.expired += expired;
    cycle.took += times(size, expiry_look_cost) + times(expired, expiry_removal_cost);
    cycle.out_of_time = samples % expiry_samples_per_check == 0 && cycle.took > expiry_cycle_max;
    // Whole hundredths, as Redis counts: 2 of 19 are 10, which is not more than 10.
    if (cycle.out_of_time || expired * 100 / size <= expiry_stale_percent) break;
  }
  return cycle;
}

// Looks at `size` entries; gives how many were expired.
std::uint32_t ActiveExpiry::sample(const Memory& memory, SimTime now, std::uint32_t size,
                                   const std::function<void(SlotId)>& expire) {
  std::uint32_t expired = 0;
  for (std::uint32_t looked_at = 0; looked_at < size; ++looked_at) {
    const auto& slots = memory.volatile_slots();
    const std::size_t count = slots.size();
    if (next_ >= count) next_ = 0;
    const SlotId slot = slots[next_];
    if (now > memory.expires_at(slot)) {
      expire(slot);  // the last one takes its place, and is looked at next
      SIM_ASSERT(slots.size() == count - 1);
      ++expired;
    } else {
      ++next_;
    }
  }
  return expired;
}

}  // namespace cacherace::world
