#include "sim/harness/smallest_race.hpp"

#include <algorithm>
#include <set>

#include "sim/search/smallest.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t operations_tried_together = 12;  // 2^12 parts at most
constexpr std::uint64_t schedules_per_part = 1'000'000;
constexpr std::uint64_t schedules_per_omission = 20'000;

using Shape = std::vector<std::vector<std::pair<int, Key>>>;

std::size_t operations_of(const engine::Plan& plan) {
  std::size_t count = 0;
  for (const auto& script : plan.scripts) count += script.operations.size();
  return count;
}

// The race with only the operations that are kept, numbered client by client, and their rows.
engine::Plan part_of(const engine::Plan& whole, const std::vector<bool>& kept) {
  engine::Plan part = whole;
  part.rows.clear();
  part.scripts.clear();
  const auto rows = static_cast<Key>(whole.rows.size());
  std::size_t index = 0;
  for (const auto& script : whole.scripts) {
    engine::Script shorter{.client = script.client, .operations = {}};
    for (const auto& operation : script.operations) {
      if (!kept[index++]) continue;
      shorter.operations.push_back(operation);
      const std::string& row = whole.rows[operation.key % rows];
      if (std::find(part.rows.begin(), part.rows.end(), row) == part.rows.end())
        part.rows.push_back(row);
    }
    if (!shorter.operations.empty()) part.scripts.push_back(std::move(shorter));
  }
  // Keys are numbered anew: rows, then their first aggregates, and so on.
  const auto renumbered = [&](Key key) {
    const auto row = std::find(part.rows.begin(), part.rows.end(), whole.rows[key % rows]);
    return static_cast<Key>(row - part.rows.begin()) +
           key / rows * static_cast<Key>(part.rows.size());
  };
  for (auto& script : part.scripts)
    for (auto& operation : script.operations) operation.key = renumbered(operation.key);
  part.starts.resize(part.keys());
  for (Key key = 0; key < whole.keys(); ++key)
    if (const auto row = std::find(part.rows.begin(), part.rows.end(), whole.rows[key % rows]);
        row != part.rows.end())
      part.starts[renumbered(key)] = whole.starts[key];
  return part;
}

// Equal for parts that differ in the names of their clients only.
std::pair<std::vector<std::string>, Shape> shape_of(const engine::Plan& plan) {
  Shape shape;
  for (const auto& script : plan.scripts) {
    auto& operations = shape.emplace_back();
    for (const auto& operation : script.operations)
      operations.emplace_back(static_cast<int>(operation.kind), operation.key);
  }
  std::sort(shape.begin(), shape.end());
  return {plan.rows, shape};
}

// The budgets of faults within `most`, the smaller ones first.
std::vector<scenario::Faults> budgets_within(const scenario::Faults& most) {
  const auto fewer = [](const scenario::Faults& a, const scenario::Faults& b) {
    const auto total = [](const scenario::Faults& f) {
      return f.crash + f.evict + f.lose + f.flush + f.cache_restart;
    };
    return total(a) < total(b);
  };
  std::vector<scenario::Faults> budgets;
  scenario::Faults f;
  for (f.crash = 0; f.crash <= most.crash; ++f.crash)
    for (f.evict = 0; f.evict <= most.evict; ++f.evict)
      for (f.lose = 0; f.lose <= most.lose; ++f.lose)
        for (f.flush = 0; f.flush <= most.flush; ++f.flush)
          for (f.cache_restart = 0; f.cache_restart <= most.cache_restart; ++f.cache_restart)
            budgets.insert(std::upper_bound(budgets.begin(), budgets.end(), f, fewer), f);
  return budgets;
}

class Shrinking {
 public:
  Shrinking(const strategy::Strategy& strategy, const judge::Property& property,
            std::uint64_t limit, const search::Budget& budget)
      : strategy_(strategy), property_(property), limit_(limit), budget_(budget) {}

  std::optional<SmallestRace> shrink(engine::Plan plan) {
    take_fewest_faults(plan);
    const bool few = operations_of(plan) <= operations_tried_together;
    if (!few) plan = without_needless_operations(plan);
    sure_ = few && sure_;
    std::set<std::pair<std::vector<std::string>, Shape>> tried;
    search::smallest_subset(
        operations_of(plan),
        [&](const std::vector<bool>& kept) {
          const auto part = part_of(plan, kept);
          return tried.insert(shape_of(part)).second && violates(part, schedules_per_part);
        },
        [&] { return go_on(); });
    if (found_) take_shortest_schedule();
    return found_;
  }

 private:
  bool go_on() const { return budget_.go_on({}); }

  // No fault first, then one, then two: the whole race violates with the last budget at the latest.
  void take_fewest_faults(engine::Plan& plan) {
    for (const auto& faults : budgets_within(plan.faults)) {
      engine::Plan tried = plan;
      tried.faults = faults;
      if (!go_on()) return;
      if (!violates(tried, schedules_per_part)) continue;
      plan = tried;
      return;
    }
  }

  engine::Plan without_needless_operations(const engine::Plan& plan) {
    const auto kept = search::without_needless(
        operations_of(plan),
        [&](const std::vector<bool>& kept_ones) {
          return violates(part_of(plan, kept_ones), schedules_per_omission);
        },
        [&] { return go_on(); });
    return part_of(plan, kept);
  }

  // Whether some schedule of the part violates; the last one that did is remembered.
  bool violates(const engine::Plan& part, std::uint64_t schedules_max) {
    search::Budget budget = budget_;
    budget.schedules_max = std::min(budget.schedules_max, schedules_max);
    bool violated = false;
    const auto coverage =
        search::enumerate(engine::Race(part, strategy_), budget, [&](const History& history) {
          const auto judgement = property_.judge(history, limit_);
          if (!judgement.finding) return true;
          violated = true;
          found_ = SmallestRace{.plan = part, .history = history, .finding = *judgement.finding};
          return false;
        });
    if (!violated && !coverage.exhausted()) sure_ = false;
    return violated;
  }

  // Looks at all schedules of one length, then at those with a step more, until some violate.
  void take_shortest_schedule() {
    search::Budget budget = budget_;
    budget.schedules_max = std::min(budget.schedules_max, schedules_per_part);
    const std::size_t longest = found_->history.steps.size();
    for (std::size_t steps = operations_of(found_->plan); steps <= longest; ++steps) {
      budget.steps_max = static_cast<std::uint32_t>(steps);
      bool any = false;
      const auto coverage = search::enumerate(
          engine::Race(found_->plan, strategy_), budget, [&](const History& history) {
            const auto judgement = property_.judge(history, limit_);
            if (judgement.finding && (!any || context_switches(history.steps) <
                                                  context_switches(found_->history.steps))) {
              any = true;
              found_->history = history;
              found_->finding = *judgement.finding;
            }
            return true;
          });
      if (coverage.stopped) return;
      if (any) {
        found_->minimal = sure_;
        return;
      }
    }
  }

  const strategy::Strategy& strategy_;
  const judge::Property& property_;
  std::uint64_t limit_;
  const search::Budget& budget_;
  std::optional<SmallestRace> found_;
  bool sure_ = true;  // every part that was said not to violate was exhausted
};

}  // namespace

std::optional<SmallestRace> smallest_race(const engine::Plan& plan,
                                          const strategy::Strategy& strategy,
                                          const judge::Property& property, std::uint64_t limit,
                                          const search::Budget& budget) {
  return Shrinking(strategy, property, limit, budget).shrink(plan);
}

}  // namespace cacherace::harness
