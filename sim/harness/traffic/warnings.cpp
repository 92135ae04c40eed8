#include "sim/harness/traffic/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/harness/input/expectations.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;
using Comparison = scenario::Limit::Comparison;

constexpr std::int64_t steps = 10;          // of the window of the alarm
constexpr std::int64_t steps_max = 10'000;  // of a whole run

// What the scenario says of that metric of the strategy.
std::optional<scenario::Limit> limit_of(const scenario::Scenario& scenario,
                                        const std::string& strategy, Metric metric) {
  for (const auto& expectation : expectations_of(scenario, strategy))
    if (expectation.of == scenario::Subject(metric))
      return std::get<scenario::Limit>(expectation.wanted);
  return std::nullopt;
}

bool undecided(const scenario::Limit& limit, const report::MetricResult& found) {
  return limit.comparison != Comparison::equal && found.ci95 && found.ci95->low < limit.value &&
         limit.value < found.ci95->high;
}

// The first few, and how many others there are.
std::string open_note(std::vector<std::string> open) {
  constexpr std::size_t named_max = 4;
  const std::size_t others = open.size() - std::min(open.size(), named_max);
  open.resize(open.size() - others);
  return fmt::format(
      "these limits lie inside their confidence interval; more --replicates or a longer duration "
      "might change the outcome: {}{}",
      fmt::join(open, "; "), others > 0 ? fmt::format("; and {} more", others) : "");
}

}  // namespace

std::optional<HitRatioWatch> hit_ratio_watch(const scenario::Scenario& scenario,
                                             const std::string& strategy) {
  const auto limit = limit_of(scenario, strategy, Metric::hit_ratio);
  if (!limit ||
      (limit->comparison != Comparison::at_least && limit->comparison != Comparison::greater))
    return std::nullopt;
  const auto& traffic = scenario.traffic;
  const Duration window = std::min<Duration>(1min, (traffic.duration - traffic.warmup) / steps);
  const Duration step = std::max({window / steps, traffic.duration / steps_max + 1ns, Duration{1}});
  return HitRatioWatch{.step = step, .steps = steps, .enough = [limit](double ratio) {
                         return holds(*limit, ratio);
                       }};
}

std::string hit_ratio_note(const scenario::Scenario& scenario, const std::string& strategy,
                           const HitRatioWatch& watch, SimTime when) {
  const auto limit = limit_of(scenario, strategy, Metric::hit_ratio);
  return fmt::format("{}: hit_ratio first missed {} over the {} up to {} (seed {})", strategy,
                     limit_text(Metric::hit_ratio, *limit),
                     duration_text(watch.step * static_cast<std::int64_t>(watch.steps)),
                     duration_text(when - start_of_time), scenario.seed);
}

std::vector<std::string> interval_notes(const scenario::Scenario& scenario,
                                        const report::Result& result) {
  std::vector<std::string> open;
  for (const auto& strategy : result.results)
    for (const auto& metric : strategy.metrics)
      if (const auto limit = limit_of(scenario, strategy.strategy, metric.metric);
          limit && undecided(*limit, metric))
        open.push_back(fmt::format("{}: {} {} ({} to {})", strategy.strategy, name(metric.metric),
                                   limit_text(metric.metric, *limit),
                                   report::metric_text(metric.metric, metric.ci95->low),
                                   report::metric_text(metric.metric, metric.ci95->high)));
  std::vector<std::string> notes;
  if (!open.empty()) notes.push_back(open_note(std::move(open)));
  const bool alone = std::any_of(result.results.begin(), result.results.end(), [](const auto& s) {
    return s.replicates == 1 && !s.differences.empty();
  });
  if (alone)
    notes.push_back(
        "one replicate gives no confidence intervals: differences may be chance; use "
        "--replicates");
  return notes;
}

}  // namespace cacherace::harness
