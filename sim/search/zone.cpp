#include "sim/search/zone.hpp"

#include <algorithm>

namespace cacherace::search {

Zone Zone::of_any_age(std::size_t clocks) {
  Zone zone;
  zone.size_ = clocks + 1;
  zone.bounds_.assign(zone.size_ * zone.size_, unbounded);
  for (std::size_t i = 0; i < zone.size_; ++i) zone.at(i, i) = zone.at(0, i) = 0;
  return zone;
}

void Zone::take_clocks(const Zone& other, const std::vector<std::size_t>& from) {
  size_ = from.size() + 1;
  bounds_.resize(size_ * size_);
  // A clock that starts now reads 0, as what has no clock does.
  static_assert(is_new == no_clock);
  Bound* bound = bounds_.data();
  for (std::size_t i = 0; i < size_; ++i) {
    const Bound* row = &other.bounds_[(i == 0 ? 0 : place(from[i - 1])) * other.size_];
    *bound++ = row[0];
    for (const std::size_t clock : from) *bound++ = row[place(clock)];
  }
}

void Zone::take_bounds(std::size_t clocks, std::span<const Bound> bounds) {
  size_ = clocks + 1;
  bounds_.assign(bounds.begin(), bounds.end());
}

// One bound becomes tighter; what follows from it does, too: the ways over i and then j, of the
// clocks whose bound to j it shortens.
bool Zone::tighten(std::size_t i, std::size_t j, Bound bound) {
  if (at(i, j) <= bound) return true;
  if (plus(at(j, i), bound) < 0) return false;
  const Bound* from_j = &at(j, 0);
  for (std::size_t a = 0; a < size_; ++a) {
    const Bound to_j = plus(at(a, i), bound);
    if (to_j >= at(a, j)) continue;
    Bound* from_a = &at(a, 0);
    for (std::size_t b = 0; b < size_; ++b) from_a[b] = std::min(from_a[b], plus(to_j, from_j[b]));
  }
  return true;
}

bool Zone::pass(const std::vector<Bound>& latest) {
  // A clock can go on until the first clock is at its end.
  for (std::size_t i = 1; i < size_; ++i) {
    Bound end = unbounded;
    for (std::size_t j = 1; j < size_; ++j) end = std::min(end, plus(latest[j - 1], at(i, j)));
    if (plus(end, at(0, i)) < 0) return false;
    at(i, 0) = end;
  }
  // Differences stay as they are, but for those that the ends leave no room for.
  for (std::size_t i = 1; i < size_; ++i)
    for (std::size_t j = 1; j < size_ && at(i, 0) != unbounded; ++j)
      at(i, j) = std::min(at(i, j), at(i, 0) + at(0, j));
  return true;
}

bool Zone::is_within(Bound most) const {
  bool within = true;
  for (const Bound bound : bounds_)
    within &= bound >= -most && (bound <= most || bound == unbounded);
  return within;
}

bool Zone::contains(const Zone& other) const {
  return std::equal(bounds_.begin(), bounds_.end(), other.bounds_.begin(), other.bounds_.end(),
                    [](Bound mine, Bound others) { return mine >= others; });
}

}  // namespace cacherace::search
