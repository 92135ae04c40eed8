#include "sim/search/zone_set.hpp"

#include <algorithm>

namespace cacherace::search {

ZoneSet::Sums ZoneSet::sums_of(const Zone& zone) {
  constexpr Bound cap = Bound{1} << 50;  // a sum of a thousand of them is still a bound
  const std::size_t size = zone.clocks() + 1;
  const auto& bounds = zone.bounds();
  const auto at = [&](std::size_t i, std::size_t j) {
    return std::clamp(bounds[i * size + j], -cap, cap);
  };
  Sums sums{};
  for (std::size_t i = 1; i < size; ++i) {
    sums.latest += at(i, 0);
    sums.earliest += at(0, i);
    for (std::size_t j = 1; j < size; ++j) sums.differences += at(i, j);
  }
  return sums;
}

bool ZoneSet::contains(const Bound* zone, const Bound* other) const {
  return std::equal(zone, zone + stride_, other, [](Bound a, Bound b) { return a >= b; });
}

bool ZoneSet::add(const Zone& zone, std::uint32_t number) {
  const auto& bounds = zone.bounds();
  const Sums sums = sums_of(zone);
  clocks_ = zone.clocks();
  stride_ = bounds.size();
  for (std::size_t i = 0; i < numbers_.size(); ++i)
    if (sums_[i].may_contain(sums) && contains(&bounds_[i * stride_], bounds.data())) return false;
  for (std::size_t i = numbers_.size(); i-- > 0;)
    if (sums.may_contain(sums_[i]) && contains(bounds.data(), &bounds_[i * stride_])) remove(i);
  bounds_.insert(bounds_.end(), bounds.begin(), bounds.end());
  sums_.push_back(sums);
  numbers_.push_back(number);
  return true;
}

bool ZoneSet::grows_by(const Zone& zone) const {
  const auto& bounds = zone.bounds();
  const Sums sums = sums_of(zone);
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const Bound* const known = &bounds_[i * stride_];
    if (sums_[i].may_contain(sums) && contains(known, bounds.data())) return false;
    if (sums.may_contain(sums_[i]) && contains(bounds.data(), known)) return false;
  }
  return true;
}

// The last one takes its place.
void ZoneSet::remove(std::size_t which) {
  const auto stride = static_cast<std::ptrdiff_t>(stride_);
  std::copy(bounds_.end() - stride, bounds_.end(),
            bounds_.begin() + static_cast<std::ptrdiff_t>(which) * stride);
  bounds_.resize(bounds_.size() - stride_);
  sums_[which] = sums_.back();
  sums_.pop_back();
  numbers_[which] = numbers_.back();
  numbers_.pop_back();
}

bool ZoneSet::copy(std::uint32_t number, Zone& zone) const {
  const auto found = std::find(numbers_.begin(), numbers_.end(), number);
  if (found == numbers_.end()) return false;
  const auto which = static_cast<std::size_t>(found - numbers_.begin());
  zone.take_bounds(clocks_, {&bounds_[which * stride_], stride_});
  return true;
}

}  // namespace cacherace::search
