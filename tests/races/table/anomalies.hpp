#pragma once
// What can go wrong, each as a small race and the property that it violates.

#include <string_view>
#include <vector>

#include "sim/engine/race/plan.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/strategy/strategy.hpp"

namespace cacherace::test {

struct Anomaly {
  std::string_view name;   // as in the catalogue, where that knows it
  std::string_view about;  // the race in words
  engine::Plan plan;
  const judge::Property* property = nullptr;
  bool (*only)(const strategy::Strategy&) = nullptr;  // strategies that it is about; null: all
};

/// A table of the page docs/strategies.md.
struct AnomalyGroup {
  std::string_view title;
  std::vector<Anomaly> anomalies;
};

/// Every anomaly, in the order of the page.
const std::vector<AnomalyGroup>& anomaly_groups();

/// Whether the anomaly can say anything about the strategy: of an entry that is there at the start,
/// nothing about one that never looks at entries.
bool concerns(const Anomaly& anomaly, const strategy::Strategy& strategy);

/// The anomaly of that name. Throws, with the name, when there is none.
const Anomaly& anomaly(std::string_view name);

}  // namespace cacherace::test
