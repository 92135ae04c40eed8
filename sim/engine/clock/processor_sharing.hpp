#pragma once
// A server whose processors are shared evenly by all that it serves at the time.

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "sim/core/fixed.hpp"
#include "sim/core/units.hpp"

namespace cacherace::engine {

/// Egalitarian processor sharing: while n are served by p processors, each gets done min(1, p / n)
/// of its work per unit of time. Exact to a 2^32th of a nanosecond of work; each call is O(log n).
class ProcessorSharing {
 public:
  explicit ProcessorSharing(std::uint32_t processors) : processors_(processors) {}

  /// `actor` is served from `now` on, until its work is done: after `work`, if it is alone. Of
  /// those that end at once, the one with the least tie comes first, then the one that began first.
  void begin(std::uint32_t actor, Duration work, std::uint32_t tie, SimTime now);
  /// Who ends next, and how long after `now` if nobody begins before: `Duration::max()` stands for
  /// anything longer. Nothing, if nobody is served.
  struct Next {
    std::uint32_t actor;
    std::uint32_t tie;
    Duration after;
  };
  std::optional<Next> next(SimTime now);
  /// Whoever is next has ended.
  void end(SimTime now);
  /// From now on there are so many.
  void set_processors(std::uint32_t processors, SimTime now);

 private:
  struct Served {
    Uint128 ends;  // when everybody has had so much service
    std::uint32_t tie;
    std::uint32_t number;
    std::uint32_t actor;
    bool operator>(const Served& other) const {
      if (ends != other.ends) return ends > other.ends;
      if (tie != other.tie) return tie > other.tie;
      return number > other.number;
    }
  };

  void advance(SimTime now);

  std::uint32_t processors_;
  std::uint32_t number_ = 0;  // of those that began
  SimTime at_ = start_of_time;
  Uint128 service_ = 0;  // that somebody served from the start would have had, until `at_`
  std::priority_queue<Served, std::vector<Served>, std::greater<>> served_;
};

}  // namespace cacherace::engine
