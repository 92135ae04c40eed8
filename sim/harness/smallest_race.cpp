#include "sim/harness/smallest_race.hpp"

#include <algorithm>
#include <set>

#include "sim/search/smallest.hpp"

namespace cacherace::harness {
namespace {

// The race with only the operations that are kept, numbered client by client.
engine::Plan part_of(const engine::Plan& whole, const std::vector<bool>& kept) {
  engine::Plan part = whole;
  part.scripts.clear();
  std::size_t index = 0;
  for (const auto& script : whole.scripts) {
    engine::Script shorter{.client = script.client, .operations = {}};
    for (const auto& operation : script.operations)
      if (kept[index++]) shorter.operations.push_back(operation);
    if (!shorter.operations.empty()) part.scripts.push_back(std::move(shorter));
  }
  return part;
}

// Equal for races that differ in the names of their clients only.
std::vector<std::vector<std::pair<int, Key>>> shape_of(const engine::Plan& plan) {
  std::vector<std::vector<std::pair<int, Key>>> shape;
  for (const auto& script : plan.scripts) {
    auto& operations = shape.emplace_back();
    for (const auto& operation : script.operations)
      operations.emplace_back(static_cast<int>(operation.kind), operation.key);
  }
  std::sort(shape.begin(), shape.end());
  return shape;
}

std::size_t operations_of(const engine::Plan& plan) {
  std::size_t count = 0;
  for (const auto& script : plan.scripts) count += script.operations.size();
  return count;
}

// Fewest steps, then fewest context switches.
std::pair<std::size_t, std::size_t> length_of(const History& history) {
  return {history.steps.size(), context_switches(history.steps)};
}

}  // namespace

std::optional<SmallestRace> smallest_race(const engine::Plan& plan,
                                          const strategy::Strategy& strategy,
                                          const judge::Property& property,
                                          const search::Budget& budget) {
  bool all_exhausted = true;
  std::set<std::vector<std::vector<std::pair<int, Key>>>> tried;
  const auto violates = [&](const std::vector<bool>& kept) {
    const engine::Plan part = part_of(plan, kept);
    if (!tried.insert(shape_of(part)).second) return false;
    bool violated = false;
    const auto coverage =
        search::enumerate(engine::Race(part, strategy), budget, [&](const History& history) {
          violated = property.judge(history).finding.has_value();
          return !violated;
        });
    if (!violated && !coverage.exhausted) all_exhausted = false;
    return violated;
  };
  const auto kept = search::smallest_subset(operations_of(plan), violates);
  if (!kept) return std::nullopt;

  SmallestRace smallest{.plan = part_of(plan, *kept), .history = {}, .finding = {}};
  bool any = false;
  const auto coverage =
      search::enumerate(engine::Race(smallest.plan, strategy), budget, [&](const History& history) {
        const auto judgement = property.judge(history);
        if (judgement.finding && (!any || length_of(history) < length_of(smallest.history))) {
          any = true;
          smallest.history = history;
          smallest.finding = *judgement.finding;
        }
        return true;
      });
  smallest.minimal = all_exhausted && coverage.exhausted;
  return smallest;
}

}  // namespace cacherace::harness
