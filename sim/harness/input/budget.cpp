#include "sim/harness/input/budget.hpp"

namespace cacherace::harness {
namespace {

using Comparison = scenario::Limit::Comparison;

Better better(Metric metric) { return row(metric).better; }

// What a property measures is staleness, loads or waiting.
Better better(PropertyId) { return Better::less; }

}  // namespace

bool is_budget(const scenario::Expectation& expectation) {
  if (const auto* verdict = std::get_if<Verdict>(&expectation.wanted))
    return *verdict == Verdict::proven;
  const auto& limit = std::get<scenario::Limit>(expectation.wanted);
  switch (std::visit([](auto id) { return better(id); }, expectation.of)) {
    case Better::less:
      return limit.comparison == Comparison::at_most || limit.comparison == Comparison::less ||
             (limit.comparison == Comparison::equal && limit.value == 0);
    case Better::more:
      return limit.comparison == Comparison::at_least || limit.comparison == Comparison::greater;
    case Better::neither:
      break;
  }
  return false;
}

}  // namespace cacherace::harness
