#pragma once
// Sets of clock readings: zones, as difference bound matrices (Dill 1989).

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace cacherace::search {

/// A bound on a difference of two clocks, in nanoseconds; `unbounded` for none.
using Bound = std::int64_t;
inline constexpr Bound unbounded = std::numeric_limits<Bound>::max();

/// Sum of two bounds. Requires that neither end of the range of finite bounds is near.
constexpr Bound plus(Bound a, Bound b) {
  return a == unbounded || b == unbounded ? unbounded : a + b;
}

/// All readings of some clocks that meet bounds on each and on each difference of two. Bounds are
/// closed: what happens at the same moment may happen in either order. Never empty, and always in
/// the canonical form in which every bound is the tightest, so that equal sets are equal values.
class Zone {
 public:
  /// No clocks.
  Zone() : bounds_{0} {}
  /// So many clocks of any reading from 0 on, each.
  static Zone of_any_age(std::size_t clocks);

  std::size_t clocks() const { return size_ - 1; }
  /// The most that clock `a` can be ahead of clock `b`; `no_clock` stands for 0.
  Bound ahead(std::size_t a, std::size_t b) const { return at(place(a), place(b)); }
  static constexpr std::size_t no_clock = ~std::size_t{0};

  /// Where another zone's clocks come from.
  static constexpr std::size_t is_new = ~std::size_t{0};  // it starts now
  /// Becomes the clocks `from[i]` of another zone, by their index there or `is_new`. O(clocks²).
  void take_clocks(const Zone& other, const std::vector<std::size_t>& from);
  /// Becomes the zone over so many clocks with these `bounds()`, which another zone had.
  void take_bounds(std::size_t clocks, std::span<const Bound> bounds);
  /// Keeps readings of at least, or of at most, `bound`; false, and no zone any more, when there
  /// are none. O(clocks²).
  bool at_least(std::size_t clock, Bound bound) { return keep(no_clock, clock, -bound); }
  bool at_most(std::size_t clock, Bound bound) { return keep(clock, no_clock, bound); }
  /// Keeps readings of which clock `a` is ahead of clock `b` by at most `bound`, as above.
  bool keep(std::size_t a, std::size_t b, Bound bound) {
    return tighten(place(a), place(b), bound);
  }
  /// Lets time pass, for as long as no clock passes its end in `latest`; false, and no zone any
  /// more, when some clock is past it already. O(clocks²).
  bool pass(const std::vector<Bound>& latest);
  /// Whether each reading of `other`, over as many clocks, is one of this.
  bool contains(const Zone& other) const;

  /// Whether no bound that is finite is further from 0. O(clocks²).
  bool is_within(Bound most) const;

  const std::vector<Bound>& bounds() const { return bounds_; }
  bool operator==(const Zone&) const = default;

 private:
  static std::size_t place(std::size_t clock) { return clock == no_clock ? 0 : clock + 1; }
  Bound at(std::size_t i, std::size_t j) const { return bounds_[i * size_ + j]; }
  Bound& at(std::size_t i, std::size_t j) { return bounds_[i * size_ + j]; }
  bool tighten(std::size_t i, std::size_t j, Bound bound);

  std::size_t size_ = 1;       // clocks, and one for 0
  std::vector<Bound> bounds_;  // [i][j]: the most that i can be ahead of j
};

}  // namespace cacherace::search
