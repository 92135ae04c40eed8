#include "sim/harness/input/budget.hpp"

#include <string_view>

namespace cacherace::harness {
namespace {

using Comparison = scenario::Limit::Comparison;

// Whether more of a metric is good or bad, or neither.
enum class Worth { cost, benefit, neither };

Worth worth_of(std::string_view name) {
  if (name == "reads" || name == "writes") return Worth::neither;
  if (name == "hits" || name == "hit_ratio" || name == "keyspace_hits") return Worth::benefit;
  return Worth::cost;  // properties too: what they measure is staleness, loads or waiting
}

}  // namespace

bool is_budget(const scenario::Expectation& expectation) {
  if (const auto* verdict = std::get_if<Verdict>(&expectation.wanted))
    return *verdict == Verdict::proven;
  const auto& limit = std::get<scenario::Limit>(expectation.wanted);
  switch (worth_of(expectation.name)) {
    case Worth::cost:
      return limit.comparison == Comparison::at_most || limit.comparison == Comparison::less ||
             (limit.comparison == Comparison::equal && limit.value == 0);
    case Worth::benefit:
      return limit.comparison == Comparison::at_least || limit.comparison == Comparison::greater;
    case Worth::neither:
      break;
  }
  return false;
}

}  // namespace cacherace::harness
