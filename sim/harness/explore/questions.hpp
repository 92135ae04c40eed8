#pragma once
// What a search asks of a race.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/race/race_timing.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/search/zone.hpp"

namespace cacherace::harness {

struct Question {
  const judge::Property* property = nullptr;
  std::uint64_t limit = 0;  // of a property that measures; of one that measures time, nanoseconds
  /// Where time counts: the scenario states latencies, or the property measures time.
  std::optional<engine::RaceTiming> timing = {};
  /// Only executions that measure more than this are looked for.
  std::optional<search::Bound> more_than = {};
};

/// Where time counts: within the scenario's latencies, or with gaps of any length.
engine::RaceTiming timing_of(const scenario::Scenario& scenario,
                             const strategy::Strategy& strategy);

/// What a strategy is expected to keep of a property that measures, or else what the goal says, or
/// else the property's default.
std::uint64_t limit_of(const scenario::Scenario& scenario, const std::string& strategy,
                       const judge::Property& property);

/// The properties that are `asked` for, or else those that the scenario expects something of, or
/// else the default ones, and those of its goal where these are wanted too. Each with the limit
/// that the strategy is expected to keep.
std::vector<Question> questions_of(const scenario::Scenario& scenario,
                                   const strategy::Strategy& strategy,
                                   const std::vector<std::string>& asked, bool of_the_goal = false);

}  // namespace cacherace::harness
