#include "sim/judge/statistics/histogram.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "sim/core/assert.hpp"

namespace cacherace::judge {
namespace {

constexpr int sub_bits = 7;
constexpr std::uint64_t subs = std::uint64_t{1} << sub_bits;

std::size_t bucket_of(std::uint64_t value) {
  if (value < subs) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - 1 - sub_bits;
  return (static_cast<std::size_t>(shift) + 1) * subs + ((value >> shift) - subs);
}

std::uint64_t highest_in(std::size_t bucket) {
  if (bucket < subs) return bucket;
  const auto shift = bucket / subs - 1;
  return ((subs + bucket % subs + 1) << shift) - 1;
}

}  // namespace

void Histogram::add(Duration value) {
  SIM_ASSERT(value.count() >= 0);
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value.count()));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  sum_ += value.count();
  max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

double Histogram::mean() const {
  SIM_ASSERT(count_ > 0);
  return static_cast<double>(sum_) / static_cast<double>(count_);
}

Duration Histogram::percentile(std::uint32_t per_mille) const {
  SIM_ASSERT(count_ > 0);
  return *percentile(per_mille, 0);
}

std::optional<Duration> Histogram::percentile(std::uint32_t per_mille, std::uint64_t beyond) const {
  SIM_ASSERT(count_ + beyond > 0 && per_mille <= 1000);
  const auto rank = static_cast<std::uint64_t>((Uint128{count_ + beyond} * per_mille + 999) / 1000);
  if (rank > count_) return std::nullopt;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank)
      return std::min(max_, Duration(static_cast<std::int64_t>(highest_in(bucket))));
  }
  return max_;
}

// How far a point is along the curve, in millionths of three: of the way in buckets, in counts, and
// in magnitudes of counts, so that neither the bulk nor the tail is left with few points.
std::vector<Histogram::Above> Histogram::above(std::size_t points_max) const {
  SIM_ASSERT(points_max >= 2);
  constexpr std::uint64_t whole = 1'000'000;
  const auto first = static_cast<std::size_t>(
      std::find_if(buckets_.begin(), buckets_.end(), [](auto n) { return n > 0; }) -
      buckets_.begin());
  const auto part = [](std::uint64_t done, std::uint64_t all) {
    return all == 0 ? 0 : static_cast<std::uint64_t>(Uint128{done} * whole / all);
  };
  std::vector<Above> points;
  std::uint64_t rest = count_;
  std::optional<std::uint64_t> last_cell;
  for (std::size_t i = first; i < buckets_.size(); ++i) {
    rest -= buckets_[i];
    if (buckets_[i] == 0 || rest == 0) continue;
    const std::uint64_t along = part(i - first, buckets_.size() - first) +
                                part(count_ - rest, count_) +
                                part(bucket_of(count_) - bucket_of(rest), bucket_of(count_));
    const std::uint64_t cell = along * (points_max - 1) / (3 * whole);
    if (cell == last_cell) continue;
    last_cell = cell;
    points.push_back({.time = Duration(static_cast<std::int64_t>(highest_in(i))), .count = rest});
  }
  if (count_ > 0) points.push_back({.time = max_, .count = 0});
  return points;
}

}  // namespace cacherace::judge
