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

Zone Zone::with_clocks(const std::vector<std::size_t>& from) const {
  Zone zone;
  zone.size_ = from.size() + 1;
  zone.bounds_.resize(zone.size_ * zone.size_);
  // A clock that starts now reads 0, as what has no clock does.
  const auto old = [&](std::size_t i) {
    return i == 0 || from[i - 1] == is_new ? 0 : from[i - 1] + 1;
  };
  for (std::size_t i = 0; i < zone.size_; ++i)
    for (std::size_t j = 0; j < zone.size_; ++j) zone.at(i, j) = at(old(i), old(j));
  return zone;
}

// One bound becomes tighter; what follows from it does, too.
bool Zone::tighten(std::size_t i, std::size_t j, Bound bound) {
  if (at(i, j) <= bound) return true;
  if (plus(at(j, i), bound) < 0) return false;
  at(i, j) = bound;
  for (std::size_t a = 0; a < size_; ++a) {
    const Bound to = plus(at(a, i), bound);
    if (to == unbounded) continue;
    for (std::size_t b = 0; b < size_; ++b) {
      const Bound through = plus(to, at(j, b));
      if (through < at(a, b)) at(a, b) = through;
    }
  }
  return true;
}

bool Zone::pass(const std::vector<Bound>& latest) {
  for (std::size_t i = 1; i < size_; ++i) at(i, 0) = unbounded;
  // Differences stay as they are, so the zone is canonical after the bounds on single clocks are.
  for (std::size_t clock = 0; clock < latest.size(); ++clock)
    if (latest[clock] != unbounded && !at_most(clock, latest[clock])) return false;
  return true;
}

bool Zone::contains(const Zone& other) const {
  return std::equal(bounds_.begin(), bounds_.end(), other.bounds_.begin(), other.bounds_.end(),
                    [](Bound mine, Bound others) { return mine >= others; });
}

}  // namespace cacherace::search
