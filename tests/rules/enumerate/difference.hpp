#pragma once
// Systems of difference constraints over moments.

#include <optional>
#include <vector>

#include "tests/rules/model/race.hpp"

namespace cacherace::rules {

/// Moment number `later` minus moment number `earlier` is at most `most`.
struct AtMost {
  std::size_t later, earlier;
  Time most;
};

class System {
 public:
  std::size_t add_moment() { return moments_++; }
  void at_most(std::size_t later, std::size_t earlier, Time most) {
    constraints_.push_back({.later = later, .earlier = earlier, .most = most});
  }
  /// later - earlier is in the range; without an upper end if its max is `never`.
  void between(std::size_t later, std::size_t earlier, Range range) {
    at_most(earlier, later, -range.min);
    if (range.max != never) at_most(later, earlier, range.max);
  }
  [[nodiscard]] bool is_possible() const;
  /// The largest difference that any solution has; nothing when it has no bound.
  /// Requires a system that is possible.
  [[nodiscard]] std::optional<Time> largest(std::size_t later, std::size_t earlier) const;
  [[nodiscard]] std::size_t moments() const { return moments_; }
  [[nodiscard]] const std::vector<AtMost>& constraints() const { return constraints_; }

 private:
  std::size_t moments_ = 0;
  std::vector<AtMost> constraints_;
};

}  // namespace cacherace::rules
