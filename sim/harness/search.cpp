#include "sim/harness/search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/harness/counterexample.hpp"
#include "sim/harness/expectations.hpp"
#include "sim/harness/selection.hpp"
#include "sim/harness/smallest_race.hpp"
#include "sim/judge/property.hpp"
#include "sim/search/enumerate.hpp"

namespace cacherace::harness {
namespace {

// What the visits of a search have shown of one property.
struct Tally {
  const judge::Property* property;
  std::uint64_t limit = 0;     // of a property that measures
  std::uint64_t measured = 0;  // the worst
  std::uint64_t violating = 0;
  bool arose = false;
  History first_violation;
};

Verdict verdict_of(const Tally& tally, const search::Coverage& coverage) {
  if (tally.violating > 0) return Verdict::violated;
  if (!coverage.exhausted()) return Verdict::clean_so_far;
  return tally.arose ? Verdict::proven : Verdict::vacuous;
}

std::vector<const judge::Property*> properties_of(const scenario::Scenario& scenario,
                                                  const std::vector<std::string>& asked) {
  const auto expected = [&](std::string_view name) {
    return std::any_of(scenario.expectations.begin(), scenario.expectations.end(),
                       [&](const auto& e) { return e.is_property && e.name == name; });
  };
  std::vector<const judge::Property*> chosen;
  for (const auto* property : judge::all_properties()) {
    const bool is_asked = std::find(asked.begin(), asked.end(), property->name) != asked.end();
    if (asked.empty() ? expected(property->name) : is_asked) chosen.push_back(property);
  }
  return chosen.empty() ? judge::default_properties() : chosen;
}

// The limit of a property that measures: what the strategy is expected to keep, or the default.
std::uint64_t limit_of(const scenario::Scenario& scenario, const std::string& strategy,
                       const judge::Property& property) {
  using Comparison = scenario::Limit::Comparison;
  for (const std::string& owner : {strategy, std::string("*")})
    for (const auto& expectation : scenario.expectations) {
      const auto* limit = std::get_if<scenario::Limit>(&expectation.wanted);
      if (expectation.strategy != owner || expectation.name != property.name || limit == nullptr)
        continue;
      const auto value = static_cast<std::uint64_t>(std::max(0.0, limit->value));
      if (limit->comparison == Comparison::at_most || limit->comparison == Comparison::equal)
        return value;
      if (limit->comparison == Comparison::less && value > 0) return value - 1;
    }
  return property.limit;
}

report::CounterexampleFile file_of(const scenario::Scenario& scenario, const std::string& strategy,
                                   const SmallestRace& smallest,
                                   const report::Counterexample& shown, std::string_view property) {
  report::CounterexampleFile file{.scenario_json = scenario.json,
                                  .strategy = strategy,
                                  .property = std::string(property),
                                  .clients = {},
                                  .starts = {},
                                  .counterexample = shown};
  const auto& plan = smallest.plan;
  std::vector<bool> used(plan.keys());
  for (const auto& script : plan.scripts) {
    auto& client = file.clients.emplace_back();
    client.name = script.client;
    for (const auto& operation : script.operations) {
      client.operations.push_back(plan.operation_name(operation));
      used[operation.key] = true;
    }
  }
  for (Key key = 0; key < plan.keys(); ++key)
    if (used[key]) file.starts.emplace_back(plan.key_name(key), name(plan.starts[key]));
  const auto& faults = plan.faults;
  for (const auto& [fault, count] :
       {std::pair{"crash", faults.crash}, std::pair{"evict", faults.evict},
        std::pair{"lose", faults.lose}, std::pair{"flush", faults.flush},
        std::pair{"cache-restart", faults.cache_restart}})
    if (count > 0) file.faults.emplace_back(fault, count);
  return file;
}

// One strategy: visits the schedules, then shrinks what violates.
class StrategySearch {
 public:
  StrategySearch(const scenario::Scenario& scenario, const scenario::Strategy& settings,
                 const SearchOptions& options, SearchOutcome& outcome)
      : scenario_(scenario),
        strategy_(strategy::compose(settings, scenario.clients.retries)),
        options_(options),
        plan_(engine::plan(scenario)),
        outcome_(outcome) {}

  /// Returns false when it was interrupted.
  bool run() {
    for (const auto* property : properties_of(scenario_, options_.properties))
      tallies_.push_back({.property = property,
                          .limit = limit_of(scenario_, strategy_.name, *property),
                          .first_violation = {}});
    measures_ = std::any_of(tallies_.begin(), tallies_.end(),
                            [](const Tally& tally) { return tally.property->measures; });
    const auto coverage = search::enumerate(engine::Race(plan_, strategy_), budget(),
                                            [&](const History& history) { return visit(history); });
    auto& result = outcome_.result.results.emplace_back();
    result.strategy = strategy_.name;
    for (const auto& tally : tallies_) result.properties.push_back(conclude(tally, coverage));
    return !interrupted_;
  }

 private:
  search::Budget budget() {
    search::Budget budget{.schedules_max = options_.schedules_max, .steps_max = options_.steps_max};
    budget.go_on = [this](const search::Coverage& coverage) {
      interrupted_ |= !options_.go_on({.strategy = strategy_.name,
                                       .schedules = coverage.schedules,
                                       .transitions = coverage.transitions});
      return !interrupted_;
    };
    return budget;
  }

  // Without --count there is nothing more to learn once every property is violated.
  bool visit(const History& history) {
    bool open = options_.count || measures_;
    for (auto& tally : tallies_) {
      const auto judgement = tally.property->judge(history, tally.limit);
      tally.arose |= judgement.arose;
      tally.measured = std::max(tally.measured, judgement.measured);
      if (judgement.finding && tally.violating++ == 0) tally.first_violation = history;
      open |= tally.violating == 0;
    }
    return open;
  }

  report::PropertyResult conclude(const Tally& tally, const search::Coverage& coverage) {
    report::PropertyResult result{.name = std::string(tally.property->name),
                                  .verdict = verdict_of(tally, coverage),
                                  .schedules = coverage.schedules,
                                  .violating = {},
                                  .cut = coverage.cut,
                                  .transitions = coverage.transitions,
                                  .exhausted = coverage.exhausted(),
                                  .counterexample = {}};
    if (tally.property->measures) result.worst = tally.measured;
    if (options_.count) result.violating = tally.violating;
    if (result.verdict != Verdict::violated) return result;
    const SmallestRace smallest = shrink(tally);
    result.counterexample =
        describe_counterexample(engine::Race(smallest.plan, strategy_), smallest.history,
                                smallest.finding, *tally.property);
    result.counterexample->minimal = smallest.minimal;
    outcome_.counterexamples.push_back(
        file_of(scenario_, strategy_.name, smallest, *result.counterexample, tally.property->name));
    return result;
  }

  SmallestRace shrink(const Tally& tally) {
    if (!interrupted_)
      if (auto smallest = smallest_race(plan_, strategy_, *tally.property, tally.limit, budget()))
        return *smallest;
    const auto judgement = tally.property->judge(tally.first_violation, tally.limit);
    SIM_ASSERT(judgement.finding);
    return {.plan = plan_,
            .history = tally.first_violation,
            .finding = *judgement.finding,
            .minimal = false};
  }

  const scenario::Scenario& scenario_;
  strategy::Strategy strategy_;
  const SearchOptions& options_;
  engine::Plan plan_;
  SearchOutcome& outcome_;
  std::vector<Tally> tallies_;
  bool measures_ = false;  // some property asks for the worst of all schedules
  bool interrupted_ = false;
};

std::string in_words(const scenario::Race& race) {
  std::string text = "race of ";
  for (std::size_t i = 0; i < race.clients.size(); ++i) {
    const auto& client = race.clients[i];
    text += fmt::format("{}{} × {}", i == 0 ? "" : ", ", client.count, client.name);
  }
  return text;
}

// Who shares a process is not searched: the plan says it.
std::vector<std::string> notes_about_processes(const std::vector<scenario::Strategy>& strategies) {
  for (const auto& settings : strategies) {
    const auto layout = strategy::compose(settings).layout;
    const bool by_client = layout.local_caches || layout.flights;
    if (by_client && layout.processes > 1 &&
        !std::holds_alternative<scenario::ReadThrough>(settings.load))
      return {
          "with several processes, client after client lives in the next one, as they are "
          "listed: what is proven is proven for that placement"};
  }
  return {};
}

std::vector<std::string> notes_about(const scenario::Race& race) {
  if (race.timing == scenario::Timing::latencies)
    return {
        "timing \"latencies\" is not supported yet: searched as \"unbounded\", where any client "
        "may be paused for any time",
        "what is proven here is not violated under the latencies either; what is violated may "
        "need a longer pause than they allow"};
  if (race.pause_max > Duration{0})
    return {
        "\"pause_max\" changes nothing under timing \"unbounded\", where a pause may take any "
        "time"};
  return {};
}

}  // namespace

SearchOutcome search(const scenario::Scenario& scenario, const SearchOptions& options) {
  SearchOutcome outcome;
  auto& result = outcome.result;
  result = describe_scenario(scenario);
  result.kind = report::Result::Kind::search;
  result.timing = "unbounded";
  result.race = in_words(scenario.race);
  result.notes = notes_about(scenario.race);
  for (auto& note : notes_about_processes(selected(scenario, options.strategies)))
    result.notes.push_back(std::move(note));
  for (const auto& settings : selected(scenario, options.strategies)) {
    result.complete = StrategySearch(scenario, settings, options, outcome).run();
    if (!result.complete) break;
  }
  compare_expectations(scenario, result);
  return outcome;
}

}  // namespace cacherace::harness
