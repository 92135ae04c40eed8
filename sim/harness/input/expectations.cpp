#include "sim/harness/input/expectations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/assert.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::harness {
namespace {

using Comparison = scenario::Limit::Comparison;

std::string symbol(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return "<";
    case Comparison::at_most:
      return "<=";
    case Comparison::equal:
      return "==";
    case Comparison::at_least:
      return ">=";
    case Comparison::greater:
      return ">";
  }
  SIM_ASSERT(false);
  return "";
}

enum class Decided { yes, no, not_yet };

// What is worse than all that was visited may still come where the search ended early. Then a limit
// is decided only by what no worse case can change.
Decided keeps(const scenario::Limit& limit, const report::Worst& worst, double value) {
  const bool grows = limit.comparison == Comparison::at_least ||
                     limit.comparison == Comparison::greater;  // what is worse keeps it as well
  if (worst.unbounded) return grows ? Decided::yes : Decided::no;
  const bool now = holds(limit, value);
  if (!worst.so_far) return now ? Decided::yes : Decided::no;
  if (grows) return now ? Decided::yes : Decided::not_yet;
  const bool too_much = !now && value >= limit.value;
  return too_much ? Decided::no : Decided::not_yet;
}

// How far a value is beyond a limit, as a part of the limit; of a limit of 0, how much it is.
double missed_by(const scenario::Limit& limit, double value) {
  if (holds(limit, value)) return 0;
  const double distance = std::abs(value - limit.value);
  return limit.value == 0 ? distance : distance / std::abs(limit.value);
}

report::Expected compare(const scenario::Expectation& expectation, const std::string& strategy,
                         const report::PropertyResult& found) {
  report::Expected result{.strategy = strategy, .name = found.name};
  if (const auto* wanted = std::get_if<Verdict>(&expectation.wanted)) {
    result.wanted = name(*wanted);
    result.found = name(found.verdict);
    result.met = found.verdict == *wanted;
    result.undecided = !result.met && found.verdict == Verdict::clean_so_far;
    result.missed_by = result.met ? 0 : 1;
    return result;
  }
  const auto& limit = std::get<scenario::Limit>(expectation.wanted);
  SIM_ASSERT(found.worst);  // limits belong to properties that measure
  const report::Worst& worst = *found.worst;
  const double unit = worst.is_time ? 1000 : 1;  // expectations are in microseconds
  const std::string wanted =
      worst.is_time ? duration_text(Duration(static_cast<std::int64_t>(limit.value * unit)))
                    : fmt::format("{:g}", limit.value);
  result.wanted = symbol(limit.comparison) + " " + wanted;
  result.found = report::worst_text(worst);
  const Decided decided = keeps(limit, worst, static_cast<double>(worst.value) / unit);
  result.met = decided == Decided::yes;
  result.undecided = decided == Decided::not_yet;
  if (!result.met)
    result.missed_by = worst.unbounded ? std::numeric_limits<double>::infinity()
                                       : missed_by(limit, static_cast<double>(worst.value) / unit);
  return result;
}

report::Expected compare(const scenario::Expectation& expectation, const std::string& strategy,
                         const report::MetricResult& found) {
  const auto* limit = std::get_if<scenario::Limit>(&expectation.wanted);
  SIM_ASSERT(limit);  // the loader accepts no verdict for a metric
  return {
      .strategy = strategy,
      .name = std::string(name(found.metric)),
      .wanted = limit_text(found.metric, *limit),
      .found = report::metric_text(found),
      .met = found.mean && holds(*limit, *found.mean),
      .missed_by = missed_by(*limit, found.mean.value_or(std::numeric_limits<double>::infinity()))};
}

// Nothing where the result does not say.
std::optional<report::Expected> compare(const scenario::Expectation& expectation,
                                        const report::StrategyResult& found) {
  for (const auto& property : found.properties)
    if (expectation.is_property() && expectation.name() == property.name)
      return compare(expectation, found.strategy, property);
  for (const auto& metric : found.metrics)
    if (expectation.of == scenario::Subject(metric.metric))
      return compare(expectation, found.strategy, metric);
  return std::nullopt;
}

// A property is vacuous that should be proven.
bool found_nothing(const scenario::Expectation& term, const report::StrategyResult& found) {
  return std::any_of(found.properties.begin(), found.properties.end(), [&](const auto& property) {
    return term.name() == property.name && property.verdict == Verdict::vacuous;
  });
}

// Without a value only because what is measured did not occur. Of the others some have none because
// no request was answered.
bool is_of_waiting(Metric metric) {
  return metric == Metric::waits_us_p99 || metric == Metric::db_wait_us_mean ||
         metric == Metric::loads_per_miss_episode_mean;
}

// Nobody waited, queued or missed.
bool never_waited(const scenario::Expectation& term, const report::StrategyResult& found) {
  return std::any_of(found.metrics.begin(), found.metrics.end(), [&](const auto& metric) {
    return term.of == scenario::Subject(metric.metric) && is_of_waiting(metric.metric) &&
           !metric.mean && !metric.endless;
  });
}

// Reads go to the row itself, so there is nothing in a cache that could be wrong.
bool keeps_nothing(const scenario::Scenario& scenario, const std::string& strategy) {
  return std::any_of(scenario.strategies.begin(), scenario.strategies.end(), [&](const auto& s) {
    return s.name == strategy && std::holds_alternative<scenario::DirectRead>(s.read);
  });
}

}  // namespace

bool holds(const scenario::Limit& limit, double value) {
  switch (limit.comparison) {
    case Comparison::less:
      return value < limit.value;
    case Comparison::at_most:
      return value <= limit.value;
    case Comparison::equal:
      return value == limit.value;
    case Comparison::at_least:
      return value >= limit.value;
    case Comparison::greater:
      return value > limit.value;
  }
  SIM_ASSERT(false);
  return false;
}

std::vector<scenario::Expectation> expectations_of(const scenario::Scenario& scenario,
                                                   const std::string& strategy) {
  std::vector<scenario::Expectation> expectations;
  const auto add_all_of = [&](const std::string& owner) {
    for (const auto& expectation : scenario.expectations) {
      const bool stated = std::any_of(expectations.begin(), expectations.end(),
                                      [&](const auto& e) { return e.of == expectation.of; });
      if (expectation.strategy == owner && !stated) expectations.push_back(expectation);
    }
  };
  add_all_of(strategy);
  add_all_of("*");
  return expectations;
}

std::string limit_text(Metric metric, const scenario::Limit& limit) {
  return symbol(limit.comparison) + " " + report::metric_text(metric, limit.value);
}

void compare_expectations(const scenario::Scenario& scenario, report::Result& result) {
  for (const auto& strategy : result.results)
    for (const auto& expectation : expectations_of(scenario, strategy.strategy))
      if (auto compared = compare(expectation, strategy))
        result.expectations.push_back(*std::move(compared));
}

void compare_goal(const scenario::Scenario& scenario, report::Result& result) {
  for (const auto& strategy : result.results)
    for (const auto& term : scenario.goal) {
      auto compared = compare(term, strategy);
      if (!compared) continue;
      const bool nothing_wrong =
          (found_nothing(term, strategy) && keeps_nothing(scenario, strategy.strategy)) ||
          never_waited(term, strategy);
      if (!compared->met && nothing_wrong) {
        compared->met = true;
        compared->missed_by = 0;
      }
      result.goal.push_back(*std::move(compared));
    }
}

}  // namespace cacherace::harness
