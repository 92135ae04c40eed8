#pragma once
// Comparisons of several scenarios: what came of each, and then one after the other.

#include <string>
#include <vector>

#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// A line of the table at the top, in plain words.
struct ComparedScenario {
  std::string title;
  std::string take;  // a strategy; or that none meets the goal, or that there is no answer
  std::string load;  // of that strategy, like the next
  std::string staleness;
  std::string expectations;  // `all 5 met`, `2 of 5 not met`
};

inline constexpr Metric compared_load = Metric::db_qps_peak;
inline constexpr Metric compared_staleness = Metric::staleness_us_mean;

/// The lines of the table, in the order of `result`, which is of kind comparisons.
std::vector<ComparedScenario> compared_scenarios(const Result& result);

/// What is said where some of the scenarios are missing.
inline constexpr const char* some_are_missing = "incomplete: not every scenario was compared";

std::string comparisons_text(const Result& result, const TextStyle& style);

}  // namespace cacherace::report
