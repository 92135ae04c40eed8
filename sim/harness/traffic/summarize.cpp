#include "sim/harness/traffic/summarize.hpp"

#include <cmath>

#include "sim/core/digest.hpp"
#include "sim/judge/statistics/statistics.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t points_max = 120;  // of a distribution

using Values = std::vector<std::optional<double>>;

const Replicate* first_finished(const Replicates& replicates) {
  for (const auto& replicate : replicates)
    if (replicate) return &*replicate;
  return nullptr;
}

// One value for each seed.
Values values_of(const Replicates& replicates, Metric metric) {
  Values values;
  for (const auto& replicate : replicates)
    values.push_back(replicate ? replicate->metrics[metric] : std::nullopt);
  return values;
}

report::MetricResult result_of(Metric metric, const std::optional<judge::Estimate>& estimate) {
  report::MetricResult result{.metric = metric};
  if (!estimate) return result;
  result.mean = report::rounded(estimate->mean);
  if (estimate->ci95)
    result.ci95 = report::Interval{report::rounded(estimate->ci95->low),
                                   report::rounded(estimate->ci95->high)};
  return result;
}

// No metric is ever negative, so what an interval has below 0 is cut off: it covers no less then.
report::MetricResult summary_of(Metric metric, const Values& values) {
  std::vector<double> sample;
  for (const auto& value : values) {
    if (value && std::isinf(*value)) return {.metric = metric, .mean = {}, .endless = true};
    if (value) sample.push_back(*value);
  }
  if (sample.empty()) return {.metric = metric, .mean = {}};
  auto estimate = judge::estimate(sample);
  if (estimate.ci95) estimate.ci95->low = std::max(0.0, estimate.ci95->low);
  return result_of(metric, estimate);
}

report::Distribution result_of(const std::string& name, const judge::Histogram& histogram) {
  report::Distribution result{.name = name, .points = {}};
  for (const auto& [time, above] : histogram.above(points_max))
    result.points.push_back({.time = time,
                             .above = report::rounded(static_cast<double>(above) /
                                                      static_cast<double>(histogram.count()))});
  return result;
}

std::vector<report::Distribution> distributions_of(const Replicates& replicates) {
  std::vector<report::Distribution> results;
  const std::size_t count = first_finished(replicates)->distributions.size();
  for (std::size_t i = 0; i < count; ++i) {
    judge::Histogram pooled;
    for (const auto& replicate : replicates)
      if (replicate) pooled.merge(replicate->distributions[i].second);
    results.push_back(result_of(first_finished(replicates)->distributions[i].first, pooled));
  }
  return results;
}

}  // namespace

report::StrategyResult summarize(const std::string& strategy, const Replicates& replicates) {
  report::StrategyResult result;
  result.strategy = strategy;
  if (first_finished(replicates) == nullptr) return result;
  Digest digest;
  for (const auto& replicate : replicates) {
    if (!replicate) continue;
    ++result.replicates;
    digest.add(replicate->digest);
  }
  result.digest = digest.hex();
  for (const MetricRow& row : metric_rows)
    result.metrics.push_back(summary_of(row.id, values_of(replicates, row.id)));
  result.distributions = distributions_of(replicates);
  return result;
}

std::vector<report::MetricResult> differences(const Replicates& treatment,
                                              const Replicates& baseline) {
  std::vector<report::MetricResult> results;
  if (first_finished(treatment) == nullptr || first_finished(baseline) == nullptr) return results;
  for (const MetricRow& row : metric_rows)
    results.push_back(result_of(row.id, judge::paired_difference(values_of(treatment, row.id),
                                                                 values_of(baseline, row.id))));
  return results;
}

}  // namespace cacherace::harness
