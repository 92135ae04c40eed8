#pragma once
// How long an incident lasts for those who wait: until failures and load are what they were.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/units.hpp"

namespace cacherace::judge {

/// Counts failed operations and queries of the time [from, to) in buckets of `length`, or of a
/// 100,000th of the time if that is longer. A bucket after an incident is *usual* if the share of
/// its operations that failed and the number of its queries are at most a tenth above the highest
/// of any bucket between the incident before (or `from`) and this incident, or the queries at most
/// a hundredth of its operations. It has recovered when ten buckets in a row are usual, or all that
/// are left before the next incident or the end.
class Recovery {
 public:
  Recovery(SimTime from, SimTime to, Duration length);

  /// In any order, before anything else is told.
  void incident(SimTime at);
  void queried(SimTime at) {
    if (Bucket* bucket = find(at)) ++bucket->queries;
  }
  void responded(SimTime at, bool failed);

  /// The longest time from an incident to the first of the usual buckets, 0 if that is the one of
  /// the incident; `Duration::max()` if one has not recovered. Nothing if there is no incident with
  /// a whole bucket before it and another after it. Linear in the number of buckets.
  std::optional<Duration> longest() const;

 private:
  struct Bucket {
    std::uint32_t queries = 0, operations = 0, failed = 0;
  };
  Bucket* find(SimTime at);
  std::size_t bucket_of(SimTime at) const {
    return static_cast<std::size_t>((at - from_) / length_);
  }
  std::optional<Duration> after(SimTime incident, std::size_t first, std::size_t end) const;

  SimTime from_, to_;
  Duration length_;
  std::vector<SimTime> incidents_;
  std::vector<Bucket> buckets_;  // none without an incident
};

}  // namespace cacherace::judge
