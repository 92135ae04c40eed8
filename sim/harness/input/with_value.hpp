#pragma once
// A scenario with another value in one place.

#include <string>

#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// The scenario with `value`, as scenario files write it ("60s", "0.5", "10%"), at `pointer` (RFC
/// 6901). A member that is not there yet is added, an element of an array is not. Seed and file
/// name stay. Problems when the pointer leads nowhere, or when the scenario would make no sense
/// with the value.
Result<scenario::Scenario> with_value(const scenario::Scenario& scenario,
                                      const std::string& pointer, const std::string& value);

/// What stands at `pointer`, as scenario files write it; "" when there is no number and no text.
std::string value_at(const scenario::Scenario& scenario, const std::string& pointer);

/// The name of the strategy that a pointer leads into; "" for none.
std::string strategy_in(const std::string& pointer);

}  // namespace cacherace::harness
