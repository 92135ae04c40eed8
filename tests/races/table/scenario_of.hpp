#pragma once
// A race and a listed strategy as a scenario file, for a person who wants to search it.

#include <string>

#include "sim/engine/race/plan.hpp"
#include "tests/races/table/strategy_list.hpp"

namespace cacherace::test {

/// Its clients are called as those of the plan, with a number behind. Strategies that need replicas
/// have one, whether the plan has or not.
std::string scenario_of(const ListedStrategy& listed, const engine::Plan& plan);

}  // namespace cacherace::test
