#pragma once
// The value of one duration of a scenario at which a property begins, or ceases, to hold.

#include <string>

#include "sim/core/result.hpp"
#include "sim/harness/search/search.hpp"

namespace cacherace::harness {

/// Varies the duration at `pointer` (RFC 6901) of the scenario: doubles and halves it until the
/// verdict of the one property that is searched changes, then bisects to a microsecond. The outcome
/// holds the searches of the last value that holds and of its neighbour that is violated, and says
/// which they are; there may be other changes elsewhere. Without `threshold` in it, the search was
/// interrupted, or a budget ended, or no value from 0 to a day changes the verdict: a note says so.
/// Problems when the pointer leads to no duration, or not one property of one strategy is chosen.
/// A search takes its time some 40 to 80 times.
Result<SearchOutcome> find_threshold(const scenario::Scenario& scenario, const std::string& pointer,
                                     const SearchOptions& options);

}  // namespace cacherace::harness
