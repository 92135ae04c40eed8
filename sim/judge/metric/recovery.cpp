#include "sim/judge/metric/recovery.hpp"

#include <algorithm>

namespace cacherace::judge {
namespace {

constexpr std::int64_t buckets_max = 100'000;
constexpr std::size_t in_a_row = 10;
constexpr double tolerance = 1.1;
constexpr double tolerated = 0.01;  // queries for each operation

double share(std::uint32_t part, std::uint32_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Recovery::Recovery(SimTime from, SimTime to, Duration length)
    : from_(from), to_(to), length_(std::max(length, (to - from) / buckets_max)) {}

void Recovery::incident(SimTime at) {
  const auto place = std::lower_bound(incidents_.begin(), incidents_.end(), at);
  if (at < from_ || at >= to_ || (place != incidents_.end() && *place == at)) return;
  incidents_.insert(place, at);
  buckets_.resize(static_cast<std::size_t>((to_ - from_) / length_));  // the last may be shorter
}

Recovery::Bucket* Recovery::find(SimTime at) {
  if (buckets_.empty() || at < from_) return nullptr;
  const std::size_t bucket = bucket_of(at);
  return bucket < buckets_.size() ? &buckets_[bucket] : nullptr;
}

void Recovery::responded(SimTime at, bool failed) {
  Bucket* bucket = find(at);
  if (bucket == nullptr) return;
  ++bucket->operations;
  bucket->failed += failed;
}

std::optional<Duration> Recovery::after(SimTime incident, std::size_t first,
                                        std::size_t end) const {
  const std::size_t begin = bucket_of(incident);
  if (first >= begin || begin >= end) return std::nullopt;
  std::uint32_t queries = 0;
  double failed = 0;
  for (std::size_t i = first; i < begin; ++i) {
    queries = std::max(queries, buckets_[i].queries);
    failed = std::max(failed, share(buckets_[i].failed, buckets_[i].operations));
  }
  const auto usual = [&](const Bucket& bucket) {
    const auto before = static_cast<double>(queries);
    const double more = tolerated * static_cast<double>(bucket.operations);
    return static_cast<double>(bucket.queries) <= std::max(tolerance * before, before + more) &&
           share(bucket.failed, bucket.operations) <= tolerance * failed;
  };
  std::size_t since = begin;  // all from here on are usual
  for (std::size_t i = begin; i < end && i - since < in_a_row; ++i)
    if (!usual(buckets_[i])) since = i + 1;
  if (since == end) return Duration::max();
  if (since == begin) return Duration{0};
  return from_ + static_cast<std::int64_t>(since) * length_ - incident;
}

std::optional<Duration> Recovery::longest() const {
  std::optional<Duration> longest;
  for (std::size_t i = 0; i < incidents_.size(); ++i) {
    const std::size_t first = i == 0 ? 0 : bucket_of(incidents_[i - 1]) + 1;
    const std::size_t end = i + 1 < incidents_.size()
                                ? std::min(bucket_of(incidents_[i + 1]), buckets_.size())
                                : buckets_.size();
    if (const auto time = after(incidents_[i], first, end))
      longest = std::max(longest.value_or(Duration{0}), *time);
  }
  return longest;
}

}  // namespace cacherace::judge
