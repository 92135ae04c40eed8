#include "sim/harness/traffic/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "sim/core/assert.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/harness/input/expectations.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/harness/traffic/doubts.hpp"
#include "sim/harness/traffic/summarize.hpp"
#include "sim/harness/traffic/traffic_words.hpp"
#include "sim/harness/traffic/warnings.hpp"
#include "sim/harness/work/in_parallel.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

report::Curve::Values rounded(report::Curve::Values values) {
  for (auto& value : values)
    if (value) value = report::rounded(*value);
  return values;
}

report::Series result_of(const scenario::Scenario& scenario, Duration bucket,
                         std::vector<judge::Curve> curves) {
  report::Series series{
      .seed = scenario.seed, .warmup = scenario.traffic.warmup, .bucket = bucket, .curves = {}};
  for (auto& curve : curves)
    series.curves.push_back({.name = std::string(curve.name),
                             .min = rounded(std::move(curve.min)),
                             .mean = rounded(std::move(curve.mean)),
                             .max = rounded(std::move(curve.max))});
  return series;
}

// Every strategy under every seed: each pair is a task that depends on no other.
class Run {
 public:
  Run(const scenario::Scenario& scenario, const RunOptions& options)
      : scenario_(scenario),
        options_(options),
        strategies_(selected(scenario, options.strategies)),
        replicates_(strategies_.size(), Replicates(options.replicates)),
        simulated_(strategies_.size() * options.replicates),
        operations_(simulated_.size()) {
    for (const auto& strategy : strategies_)
      watches_.push_back(hit_ratio_watch(scenario, strategy.name));
  }

  void simulate_all() {
    try {
      sampler_.emplace(scenario_.keys, StopPoint([&] { return options_.go_on(progress()); }));
    } catch (const Stopped&) {
      stopped_ = true;
    }
    in_parallel(simulated_.size(), options_.jobs, [&](std::size_t task) {
      if (stopped_) return;
      try {
        simulate_task(task);
      } catch (...) {
        stopped_ = true;  // nothing of the others will be delivered, either
        throw;
      }
    });
  }

  report::Result result() {
    report::Result result = describe_scenario(scenario_);
    result.kind = report::Result::Kind::run;
    result.traffic = describe_traffic(scenario_, options_.replicates);
    result.baseline = options_.baseline;
    result.complete = !stopped_;
    for (std::size_t i = 0; i < strategies_.size(); ++i)
      if (auto summary = summary_of(i); summary.replicates > 0)
        result.results.push_back(std::move(summary));
    compare_expectations(scenario_, result);
    compare_goal(scenario_, result);
    result.notes = notes(result);
    return result;
  }

 private:
  void simulate_task(std::size_t task) {
    const std::size_t strategy = task / options_.replicates;
    const std::size_t index = task % options_.replicates;
    const auto what =
        fmt::format("{}, seed {}", strategies_[strategy].name, scenario_.seed + index);
    options_.log({.what = what});
    replicates_[strategy][index] =
        simulate(scenario_, strategies_[strategy], *sampler_,
                 {.seed = scenario_.seed + index,
                  .series = index == 0 ? options_.series : std::nullopt,
                  .distributions = options_.series.has_value(),
                  .watch = index == 0 ? watches_[strategy] : std::nullopt,
                  .go_on = [&](SimTime now, std::uint64_t operations) {
                    simulated_[task] = now.time_since_epoch().count();
                    operations_[task] = operations;
                    if (!options_.go_on(progress())) stopped_ = true;
                    return !stopped_;
                  }});
    if (const auto& replicate = replicates_[strategy][index])
      options_.log({.what = what,
                    .outcome = fmt::format("{} operations measured in {} of virtual time",
                                           report::with_commas(measured(*replicate)),
                                           duration_text(scenario_.traffic.duration)),
                    .amount = measured(*replicate),
                    .unit = "operations"});
  }

  static std::uint64_t measured(const Replicate& replicate) {
    return static_cast<std::uint64_t>(replicate.metrics[Metric::reads].value_or(0) +
                                      replicate.metrics[Metric::writes].value_or(0));
  }

  RunProgress progress() const {
    RunProgress now;
    for (const auto& simulated : simulated_)
      now.simulated_seconds += static_cast<double>(simulated.load()) / 1e9;
    for (const auto& operations : operations_) now.operations += operations.load();
    const double all = static_cast<double>(scenario_.traffic.duration.count()) / 1e9 *
                       static_cast<double>(simulated_.size());
    now.done = std::min(1.0, now.simulated_seconds / all);
    return now;
  }

  std::vector<std::string> notes(const report::Result& result) const {
    std::vector<std::string> notes;
    if (const auto& first = replicates_[0][0]) notes = first->notes;
    for (auto& note : traffic_notes(scenario_)) notes.push_back(std::move(note));
    for (auto& note : doubts_about(scenario_)) notes.push_back(std::move(note));
    for (auto& note : doubts_about(scenario_, result)) notes.push_back(std::move(note));
    for (auto& note : interval_notes(scenario_, result)) notes.push_back(std::move(note));
    for (std::size_t i = 0; i < strategies_.size(); ++i) {
      const auto& first = replicates_[i][0];
      if (first && first->first_below)
        notes.push_back(
            hit_ratio_note(scenario_, strategies_[i].name, *watches_[i], *first->first_below));
    }
    return notes;
  }

  report::StrategyResult summary_of(std::size_t strategy) {
    auto& replicates = replicates_[strategy];
    auto summary = summarize(strategies_[strategy].name, replicates);
    if (options_.series && replicates[0])
      summary.series = result_of(scenario_, *options_.series, std::move(replicates[0]->curves));
    const auto baseline =
        std::find_if(strategies_.begin(), strategies_.end(),
                     [&](const auto& candidate) { return candidate.name == options_.baseline; });
    const auto place = static_cast<std::size_t>(baseline - strategies_.begin());
    if (baseline != strategies_.end() && place != strategy)
      summary.differences = differences(replicates, replicates_[place]);
    return summary;
  }

  const scenario::Scenario& scenario_;
  const RunOptions& options_;
  std::vector<scenario::Strategy> strategies_;
  std::optional<engine::KeySampler> sampler_;
  std::vector<std::optional<HitRatioWatch>> watches_;   // by strategy
  std::vector<Replicates> replicates_;                  // by strategy
  std::vector<std::atomic<std::int64_t>> simulated_;    // nanoseconds, by task
  std::vector<std::atomic<std::uint64_t>> operations_;  // by task
  std::atomic<bool> stopped_{false};
};

}  // namespace

Duration resolution_for(const scenario::Scenario& scenario, std::size_t buckets) {
  const auto in_us = (scenario.traffic.duration + 999ns) / 1us;
  const auto count = static_cast<std::int64_t>(buckets);
  return (in_us + count - 1) / count * 1us;
}

report::Result run(const scenario::Scenario& scenario, const RunOptions& options) {
  SIM_ASSERT(options.replicates > 0);
  SIM_ASSERT(!options.series || *options.series >= resolution_for(scenario, series_buckets_max));
  Run work(scenario, options);
  work.simulate_all();
  return work.result();
}

}  // namespace cacherace::harness
