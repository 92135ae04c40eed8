#pragma once
// The cycle by which the cache server removes expired entries that nobody asks for.

#include <cstdint>
#include <functional>

#include "sim/core/units.hpp"
#include "sim/world/memory.hpp"

namespace cacherace::world {

/// A cycle starts ten times a second (hz 10).
inline constexpr Duration expiry_cycle_period = std::chrono::milliseconds{100};
/// A cycle may take a quarter of its period.
inline constexpr Duration expiry_cycle_max = std::chrono::milliseconds{25};
/// Entries that are looked at before it is decided whether to go on.
inline constexpr std::uint32_t expiry_sample = 20;
/// It is gone on while more than this share of the sample, in hundredths, was expired.
inline constexpr std::uint32_t expiry_stale_percent = 10;
/// The time is looked at after every sixteenth sample.
inline constexpr std::uint32_t expiry_samples_per_check = 16;

/// Time to look at an entry, and to remove one besides. Assumptions: redis 7.0.15 was seen to spend
/// 955 ms of its cycles on removing a million entries of a million, and 523 ms on half a million of
/// a million; other machines differ.
inline constexpr Duration expiry_look_cost = std::chrono::nanoseconds{50};
inline constexpr Duration expiry_removal_cost = std::chrono::nanoseconds{950};

struct ExpiryCycle {
  std::uint32_t looked_at = 0;
  std::uint32_t expired = 0;
  Duration took{};           // how long the server was busy
  bool out_of_time = false;  // ended because of `expiry_cycle_max`

  bool operator==(const ExpiryCycle&) const = default;
};

/// The slow cycle of Redis 7 at effort 1. It goes round all entries with a TTL in random order, a
/// sample at a time, and starts where the cycle before ended. So when half of these entries expire
/// at once, the next cycles remove them as fast as they may; when a tenth does, a cycle removes
/// three on average, and the rest stay in memory: of 10,000 entries, for up to 34 s. Left out are
/// the fast cycle (at most 1 ms) after a cycle out of time, and the pause while the table is nearly
/// empty.
class ActiveExpiry {
 public:
  /// Runs one cycle at `now`; the time does not pass during it. Calls `expire` for each entry that
  /// it finds expired (now > its expiry), which must have `memory` told that it is removed.
  /// O(entries looked at), some 130,000 at most.
  ExpiryCycle run(const Memory& memory, SimTime now, const std::function<void(SlotId)>& expire);

  bool operator==(const ActiveExpiry&) const = default;

 private:
  std::uint32_t sample(const Memory& memory, SimTime now, std::uint32_t size,
                       const std::function<void(SlotId)>& expire);

  std::size_t next_ = 0;  // where to go on in the entries with a TTL
};

}  // namespace cacherace::world
