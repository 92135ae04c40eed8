#include "sim/harness/search/smallest_race.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "sim/harness/counterexample/counterexample.hpp"
#include "sim/search/smallest.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t parts_tried = 20'000;  // all of fourteen operations; most are alike
constexpr std::uint64_t states_per_part = 1'000'000;
constexpr std::uint64_t states_per_omission = 100'000;

using Shape = std::vector<std::vector<std::pair<int, Key>>>;

bool touches_a_key(const engine::Planned& operation) {
  return operation.kind != scenario::Operation::Kind::flush &&
         operation.kind != scenario::Operation::Kind::cache_restart;
}

// The race with only the operations that are kept, numbered client by client, and their rows.
engine::Plan part_of(const engine::Plan& whole, const std::vector<bool>& kept) {
  engine::Plan part = whole;
  if (whole.groups == 1) part.rows.clear();  // else their places say which group they belong to
  part.scripts.clear();
  const auto rows = static_cast<Key>(whole.rows.size());
  std::size_t index = 0;
  for (const auto& script : whole.scripts) {
    engine::Script shorter{.client = script.client, .operations = {}};
    for (const auto& operation : script.operations) {
      if (!kept[index++]) continue;
      shorter.operations.push_back(operation);
      if (!touches_a_key(operation)) continue;
      const std::string& row = whole.rows[operation.key % rows];
      if (std::find(part.rows.begin(), part.rows.end(), row) == part.rows.end())
        part.rows.push_back(row);
    }
    if (!shorter.operations.empty()) part.scripts.push_back(std::move(shorter));
  }
  if (part.rows.empty()) part.rows.push_back(whole.rows.front());  // clients that are all mishaps
  // Keys are numbered anew: rows, then their first aggregates, and so on.
  const auto renumbered = [&](Key key) {
    const auto row = std::find(part.rows.begin(), part.rows.end(), whole.rows[key % rows]);
    return static_cast<Key>(row - part.rows.begin()) +
           key / rows * static_cast<Key>(part.rows.size());
  };
  for (auto& script : part.scripts)
    for (auto& operation : script.operations)
      operation.key = touches_a_key(operation) ? renumbered(operation.key) : 0;
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

// Gives the budgets of faults within `most` to `wants_more`, the smaller ones first, for as long as
// it does. There may be too many to keep them.
template <typename WantsMore>
void for_budgets_within(const scenario::Faults& most, WantsMore wants_more) {
  constexpr std::array kinds{&scenario::Faults::crash, &scenario::Faults::evict,
                             &scenario::Faults::lose, &scenario::Faults::flush,
                             &scenario::Faults::cache_restart};
  std::uint32_t all = 0;
  for (const auto kind : kinds) all += most.*kind;
  scenario::Faults faults;
  // Spreads `left` faults over the kinds from `first` on.
  const auto spread = [&](const auto& self, std::size_t first, std::uint32_t left) -> bool {
    if (first == kinds.size()) return left > 0 || wants_more(std::as_const(faults));
    std::uint32_t room = 0;  // in the kinds that follow
    for (std::size_t i = first + 1; i < kinds.size(); ++i) room += most.*kinds[i];
    std::uint32_t& count = faults.*kinds[first];
    for (count = left - std::min(left, room); count <= std::min(left, most.*kinds[first]); ++count)
      if (!self(self, first + 1, left - count)) return false;
    return true;
  };
  for (std::uint32_t total = 0; total <= all; ++total)
    if (!spread(spread, 0, total)) return;
}

class Shrinking {
 public:
  Shrinking(const engine::Plan& plan, const strategy::Strategy& strategy, const Question& question,
            Violation found, const search::StateBudget& budget)
      : strategy_(strategy),
        question_(question),
        budget_(budget),
        smallest_{.plan = plan, .violation = std::move(found)} {}

  SmallestRace shrink() {
    take_fewest_faults();
    const bool fewest_faults = sure_ && go_on();
    const bool arises_without = arose_;
    if (!take_fewest_operations()) {
      sure_ = false;
      leave_out_needless_operations();
      take_fewest_operations();
    }
    if (!sure_) take_fewest_faults();  // what was too large before may be small enough now
    take_shortest_schedule();
    smallest_.fewest_faults = fewest_faults;
    smallest_.arises_without = arises_without;
    return smallest_;
  }

 private:
  bool go_on() const { return budget_.go_on({}); }

  // No fault first, then one, then two.
  void take_fewest_faults() {
    const auto most = smallest_.plan.faults;
    for_budgets_within(most, [&](const scenario::Faults& faults) {
      engine::Plan tried = smallest_.plan;
      tried.faults = faults;
      return faults != most && go_on() && !violates(tried, states_per_part);
    });
  }

  // Returns false when a part of more operations than were tried may be the smallest.
  bool take_fewest_operations() {
    const engine::Plan plan = smallest_.plan;
    const std::size_t operations = operations_of(plan);
    const std::size_t size_max = search::largest_size_within(operations, parts_tried);
    std::set<std::pair<std::vector<std::string>, Shape>> tried;
    const auto found = search::smallest_subset(
        operations, size_max,
        [&](const std::vector<bool>& kept) {
          const auto part = part_of(plan, kept);
          return tried.insert(shape_of(part)).second && violates(part, states_per_part);
        },
        [&] { return go_on(); });
    return found || size_max == operations;
  }

  void leave_out_needless_operations() {
    const engine::Plan plan = smallest_.plan;
    search::without_needless(
        operations_of(plan),
        [&](const std::vector<bool>& kept) {
          return violates(part_of(plan, kept), states_per_omission);
        },
        [&] { return go_on(); });
  }

  search::StateBudget at_most(std::uint64_t states) const {
    search::StateBudget budget = budget_;
    budget.states_max = std::min(budget.states_max, states);
    return budget;
  }

  // Whether some schedule of the part violates; then it is the smallest so far.
  bool violates(const engine::Plan& part, std::uint64_t states_max) {
    const auto found =
        explore_race(race_of(part, strategy_, question_), question_, at_most(states_max), {});
    if (!found.violation) {
      arose_ |= found.explored.observed.arose;
      sure_ &= found.explored.exhausted();
      return false;
    }
    smallest_ = {.plan = part, .violation = *found.violation};
    return true;
  }

  void take_shortest_schedule() {
    if (!go_on()) return;
    auto shortest = shortest_violation(race_of(smallest_.plan, strategy_, question_), question_,
                                       at_most(states_per_part));
    if (!shortest) return;
    smallest_.violation = std::move(*shortest);
    smallest_.minimal = sure_;
  }

  const strategy::Strategy& strategy_;
  const Question& question_;
  const search::StateBudget& budget_;
  SmallestRace smallest_;
  bool sure_ = true;    // every part that was said not to violate was exhausted
  bool arose_ = false;  // in some part that was said not to violate, the situation arose
};

}  // namespace

std::size_t operations_of(const engine::Plan& plan) {
  std::size_t count = 0;
  for (const auto& script : plan.scripts) count += script.operations.size();
  return count;
}

SmallestRace smallest_race(const engine::Plan& plan, const strategy::Strategy& strategy,
                           const Question& question, Violation found,
                           const search::StateBudget& budget) {
  return Shrinking(plan, strategy, question, std::move(found), budget).shrink();
}

report::Counterexample describe_smallest(const SmallestRace& smallest,
                                         const strategy::Strategy& strategy,
                                         const Question& question) {
  const auto& [history, finding] = smallest.violation;
  const auto race = race_of(smallest.plan, strategy, question);
  auto shown = describe_counterexample(race, history, finding, *question.property);
  shown.minimal = smallest.minimal;
  shown.fewest_faults = smallest.fewest_faults;
  shown.arises_without = smallest.arises_without;
  if (question.timing) show_times(shown, history);
  return shown;
}

}  // namespace cacherace::harness
