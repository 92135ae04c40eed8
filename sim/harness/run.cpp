#include "sim/harness/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "sim/core/assert.hpp"
#include "sim/engine/clock.hpp"
#include "sim/harness/expectations.hpp"
#include "sim/harness/in_parallel.hpp"
#include "sim/harness/selection.hpp"
#include "sim/harness/traces.hpp"
#include "sim/judge/meter.hpp"
#include "sim/judge/statistics.hpp"

namespace cacherace::harness {
namespace {

// Cached copies that are older than their row, in the shared cache and in those of the processes.
std::uint64_t stale_entries(const world::World& world, SimTime now) {
  const auto& layout = world.layout;
  std::uint64_t count = 0;
  for (Key key = 0; key < layout.keys(); ++key) {
    const auto is_stale = [&](const world::Entry& entry) {
      return entry.answers() && entry.number < world.row(key);
    };
    count += is_stale(world.cache.peek(world.current_name(key), now));
    for (std::uint32_t process = 0; layout.local_caches && process < layout.processes; ++process)
      count += is_stale(world.locals.peek(world.local_name(key, process), now));
  }
  return count;
}

judge::Copies copies_of(const world::Layout& layout) {
  return {.rows = layout.rows,
          .derived = layout.derived,
          .processes = layout.local_caches ? layout.processes : 0,
          .stale_area = layout.stale_values.has_value()};
}

using Replicates = std::vector<std::optional<Replicate>>;

report::MetricResult summarize(const Replicates& replicates, std::size_t metric) {
  std::vector<double> sample;
  report::MetricResult result;
  for (const auto& replicate : replicates) {
    if (!replicate) continue;
    result.name = replicate->metrics[metric].first;
    if (const auto value = replicate->metrics[metric].second) sample.push_back(*value);
  }
  if (sample.empty()) return result;
  const auto estimate = judge::estimate(sample);
  result.mean = estimate.mean;
  if (estimate.ci95) result.ci95 = report::Interval{estimate.ci95->low, estimate.ci95->high};
  return result;
}

report::StrategyResult summarize(const std::string& strategy, const Replicates& replicates) {
  report::StrategyResult result;
  result.strategy = strategy;
  Digest digest;
  std::size_t metrics = 0;
  for (const auto& replicate : replicates) {
    if (!replicate) continue;
    ++result.replicates;
    digest.add(replicate->digest);
    metrics = replicate->metrics.size();
  }
  result.digest = digest.hex();
  for (std::size_t i = 0; i < metrics; ++i) result.metrics.push_back(summarize(replicates, i));
  return result;
}

std::string in_words(const scenario::Scenario& scenario, std::uint32_t replicates) {
  const auto seconds = [](Duration d) { return static_cast<double>(d.count()) / 1e9; };
  return fmt::format("traffic of {:g} s, measured after {:g} s · {} key{} · {} replicate{}",
                     seconds(scenario.traffic.duration), seconds(scenario.traffic.warmup),
                     scenario.keys.count, scenario.keys.count == 1 ? "" : "s", replicates,
                     replicates == 1 ? "" : "s");
}

std::optional<Replicate> simulate(const scenario::Scenario& scenario,
                                  const scenario::Strategy& settings,
                                  const engine::KeySampler& sampler, std::uint64_t seed,
                                  const std::function<bool(SimTime)>& go_on) {
  const auto strategy = strategy::compose(settings, scenario.clients.retries);
  const auto layout = engine::layout_in(scenario, strategy);
  judge::Meter meter(copies_of(layout), start_of_time + scenario.traffic.warmup,
                     start_of_time + scenario.traffic.duration);
  const Traces traces(scenario);
  engine::Clock clock(scenario, strategy, sampler, seed, meter, traces.sources());
  const auto& world = clock.world();
  for (Key key = 0; key < layout.keys(); ++key) {
    if (key < layout.rows && world.row(key) == 0) meter.starts_absent(key);
    if (world.cache.peek(world.current_name(key), start_of_time).answers())
      meter.starts_cached(key);
  }
  if (!clock.run(go_on)) return std::nullopt;
  Replicate replicate{.metrics = {}, .digest = clock.digest(), .notes = traces.notes()};
  const auto residue = stale_entries(clock.world(), clock.now());
  for (const auto& metric : meter.metrics(residue, clock.server_stats()))
    replicate.metrics.emplace_back(metric.name, metric.value);
  return replicate;
}

}  // namespace

std::optional<Replicate> run_once(const scenario::Scenario& scenario,
                                  const scenario::Strategy& settings, std::uint64_t seed,
                                  const std::function<bool(SimTime)>& go_on) {
  return simulate(scenario, settings, engine::KeySampler(scenario.keys), seed, go_on);
}

report::Result run(const scenario::Scenario& scenario, const RunOptions& options) {
  SIM_ASSERT(options.replicates > 0);
  report::Result result = describe_scenario(scenario);
  result.kind = report::Result::Kind::run;
  result.traffic = in_words(scenario, options.replicates);
  const auto strategies = selected(scenario, options.strategies);
  const engine::KeySampler sampler(scenario.keys);
  const std::size_t tasks = strategies.size() * options.replicates;
  std::vector<Replicates> replicates(strategies.size(), Replicates(options.replicates));
  std::vector<std::atomic<std::int64_t>> progress(tasks);  // nanoseconds simulated, by task
  std::atomic<bool> stopped{false};
  const auto share_done = [&] {
    double done = 0;
    for (const auto& task : progress) done += static_cast<double>(task.load());
    return done / static_cast<double>(tasks) /
           static_cast<double>(scenario.traffic.duration.count());
  };
  in_parallel(tasks, options.jobs, [&](std::size_t task) {
    if (stopped) return;
    const std::size_t strategy = task / options.replicates;
    const std::size_t index = task % options.replicates;
    replicates[strategy][index] =
        simulate(scenario, strategies[strategy], sampler, scenario.seed + index, [&](SimTime now) {
          progress[task] = now.time_since_epoch().count();
          if (!options.go_on(share_done())) stopped = true;
          return !stopped;
        });
  });
  result.complete = !stopped;
  if (replicates[0][0]) result.notes = replicates[0][0]->notes;
  for (std::size_t i = 0; i < strategies.size(); ++i)
    if (auto summary = summarize(strategies[i].name, replicates[i]); summary.replicates > 0)
      result.results.push_back(std::move(summary));
  compare_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::harness
