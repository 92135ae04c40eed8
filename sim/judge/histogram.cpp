#include "sim/judge/histogram.hpp"

#include <algorithm>
#include <bit>

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

double Histogram::mean() const {
  SIM_ASSERT(count_ > 0);
  return static_cast<double>(sum_) / static_cast<double>(count_);
}

Duration Histogram::percentile(std::uint32_t per_mille) const {
  SIM_ASSERT(count_ > 0 && per_mille <= 1000);
  const auto rank = static_cast<std::uint64_t>((Uint128{count_} * per_mille + 999) / 1000);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank)
      return std::min(max_, Duration(static_cast<std::int64_t>(highest_in(bucket))));
  }
  return max_;
}

}  // namespace cacherace::judge
