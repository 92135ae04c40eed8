#pragma once
// The simplest race on which oracle and product still differ.

#include <functional>

#include "tests/rules/model/race.hpp"

namespace cacherace::rules {

/// Leaves out operations, clients, faults and choices as long as `differs` of what remains.
Race simplest(Race race, const std::function<bool(const Race&)>& differs);

}  // namespace cacherace::rules
