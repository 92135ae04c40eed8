#pragma once
// Which expectations of a scenario are its budget.

#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Whether the expectation asks for what is good: a proof, at most so much of a cost, or at least
/// so much of a benefit. The others say what a strategy is known to do wrong, and decide nothing.
bool is_budget(const scenario::Expectation& expectation);

}  // namespace cacherace::harness
