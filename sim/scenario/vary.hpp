#pragma once
// What a property-based search varies around a scenario's race, and within which ranges.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/race_section.hpp"

namespace cacherace::scenario {

/// Both ends included.
template <typename T>
struct Range {
  T min{}, max{};
  bool operator==(const Range&) const = default;
};
using CountRange = Range<std::uint32_t>;
using DurationRange = Range<Duration>;

/// A duration that the scenario states; of a range of durations, each of its ends.
struct VariedDuration {
  std::string pointer;  // JSON pointer into the scenario
  DurationRange within;
};

struct Vary {
  CountRange clients{1, 3};
  CountRange operations{1, 2};  // of each client
  CountRange keys{1, 2};        // rows that the operations choose from
  Faults faults_min, faults_max;
  std::vector<VariedDuration> durations;
};

/// What is varied where a scenario says nothing: some more than its race has, and its faults, or
/// else a crash and an eviction.
Vary default_vary(const Race& race);

/// "5ms..30ms"; "5ms" is a range of one. Nothing when the text is neither.
std::optional<DurationRange> duration_range(std::string_view text);

}  // namespace cacherace::scenario
