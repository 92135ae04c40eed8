#include "sim/harness/traffic/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/harness/input/limits.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/harness/input/with_value.hpp"
#include "sim/harness/traffic/traffic_words.hpp"
#include "sim/judge/statistics/knee.hpp"

namespace cacherace::harness {
namespace {

const std::vector<Metric> usual_metrics{Metric::hit_ratio, Metric::staleness_us_mean,
                                        Metric::db_qps_mean, Metric::db_qps_peak,
                                        Metric::read_us_p99};

// The scenario at one value of each axis.
struct Setting {
  std::vector<std::string> at;
  scenario::Scenario scenario;
};

// The last axis runs fastest. Each is judged by the limits alone. None when `go_on` says no.
Result<std::vector<Setting>> settings_of(const scenario::Scenario& scenario,
                                         const SweepOptions& options) {
  const auto& axes = options.axes;
  std::vector<Setting> all{{.at = {}, .scenario = scenario}};
  for (const auto& axis : axes) {
    std::vector<Setting> finer;
    for (const auto& setting : all)
      for (const auto& value : axis.values) {
        if (!options.run.go_on({})) return std::vector<Setting>{};
        auto changed = with_value(setting.scenario, axis.pointer, value);
        if (!changed) return changed.error();
        auto at = setting.at;
        at.push_back(value);
        finer.push_back({.at = std::move(at), .scenario = *std::move(changed)});
      }
    all = std::move(finer);
  }
  for (auto& setting : all) {
    auto judged = with_limits_alone(setting.scenario, options.crossed);
    if (!judged) return judged.error();
    setting.scenario = *std::move(judged);
    setting.scenario.goal.clear();
  }
  return all;
}

// Of one metric of one strategy, over all points; nothing where a point lacks a value.
std::optional<std::size_t> knee_of(const std::vector<report::Point>& points, std::size_t strategy,
                                   Metric metric) {
  std::vector<double> curve, margins;
  for (const auto& point : points)
    for (const auto& found : point.results[strategy].metrics) {
      if (found.metric != metric || !found.mean) continue;
      curve.push_back(*found.mean);
      margins.push_back(found.ci95 ? (found.ci95->high - found.ci95->low) / 2 : 0);
    }
  return curve.size() == points.size() ? judge::knee(curve, margins) : std::nullopt;
}

void mark_knees(report::Result& result) {
  const auto& strategies = result.points.front().results;
  for (std::size_t strategy = 0; strategy < strategies.size(); ++strategy)
    for (const Metric metric : result.shown_metrics)
      if (const auto knee = knee_of(result.points, strategy, metric))
        result.knees.push_back({.strategy = strategies[strategy].strategy,
                                .metric = metric,
                                .at = result.points[*knee].at.front()});
}

// Of what is expected of a strategy, the value that misses it most; or that none does.
void add_expectations(std::vector<report::Expected>& all, std::vector<report::Expected> at_point,
                      const std::string& point) {
  for (auto& expected : at_point) {
    expected.found =
        expected.met ? "kept at every value" : fmt::format("{} at {}", expected.found, point);
    const auto same = std::find_if(all.begin(), all.end(), [&](const auto& earlier) {
      return earlier.strategy == expected.strategy && earlier.name == expected.name;
    });
    if (same == all.end())
      all.push_back(std::move(expected));
    else if (!expected.met && (same->met || expected.missed_by > same->missed_by))
      *same = std::move(expected);
  }
}

// What is to be known at some of the values says at which.
std::vector<std::string> notes_of(const std::vector<std::vector<std::string>>& by_point,
                                  const std::vector<report::Point>& points) {
  std::vector<std::string> all, notes;
  for (const auto& at_point : by_point)
    for (const auto& note : at_point)
      if (std::find(all.begin(), all.end(), note) == all.end()) all.push_back(note);
  for (const auto& note : all) {
    std::vector<std::string> where;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (std::find(by_point[i].begin(), by_point[i].end(), note) != by_point[i].end())
        where.push_back(fmt::format("{}", fmt::join(points[i].at, " and ")));
    notes.push_back(where.size() == points.size()
                        ? note
                        : fmt::format("at {}: {}", fmt::join(where, ", "), note));
  }
  return notes;
}

}  // namespace

Result<report::Result> sweep(const scenario::Scenario& scenario, const SweepOptions& options) {
  SIM_ASSERT(options.axes.size() == 1 || options.axes.size() == 2);
  const auto all = settings_of(scenario, options);
  if (!all) return all.error();
  report::Result result = describe_scenario(scenario);
  result.kind = report::Result::Kind::sweep;
  std::vector<std::vector<std::string>> notes;  // by point
  result.axes = options.axes;
  result.shown_metrics = options.metrics.empty() ? usual_metrics : options.metrics;
  result.complete = !all->empty();
  RunOptions run_options = options.run;
  if (run_options.strategies.empty())
    for (const auto& axis : options.axes)
      if (const auto name = strategy_in(axis.pointer); !name.empty())
        run_options.strategies.push_back(name);
  for (const auto& setting : *all) {
    run_options.go_on = [&](RunProgress now) {
      now.done =
          (static_cast<double>(result.points.size()) + now.done) / static_cast<double>(all->size());
      return options.run.go_on(now);
    };
    run_options.log = [&](Work work) {
      work.what = fmt::format("{}: {}", fmt::join(setting.at, ", "), work.what);
      options.run.log(work);
    };
    result.complete = run_options.go_on({});
    if (!result.complete) break;
    auto measured = run(setting.scenario, run_options);
    result.traffic = measured.traffic;
    result.complete = measured.complete;
    if (!result.complete) break;
    result.points.push_back({.at = setting.at, .results = std::move(measured.results)});
    notes.push_back(std::move(measured.notes));
    add_expectations(result.expectations, std::move(measured.expectations),
                     fmt::format("{}", fmt::join(setting.at, " and ")));
  }
  result.notes = notes.empty() ? traffic_notes(scenario) : notes_of(notes, result.points);
  if (result.complete && result.axes.size() == 1) mark_knees(result);
  return result;
}

}  // namespace cacherace::harness
