#pragma once
// The strategies that are tested against the anomalies, as a scenario would name them.

#include <string_view>
#include <vector>

#include "sim/strategy/strategy.hpp"

namespace cacherace::test {

struct ListedStrategy {
  std::string_view name;
  std::string_view slots;  // as in a scenario file, without the braces around them
  bool in_time = false;    // its timers are longer than anything that clients do
};

/// Strategies that have something in common.
struct StrategyGroup {
  std::string_view title;
  std::vector<ListedStrategy> strategies;
};

const std::vector<StrategyGroup>& strategy_groups();

/// The strategy of that name. Throws, with the name, when there is none.
const ListedStrategy& listed(std::string_view name);

/// Loads the slots as a scenario's and composes them. Aborts when they are refused.
strategy::Strategy composed(const ListedStrategy& listed);

}  // namespace cacherace::test
