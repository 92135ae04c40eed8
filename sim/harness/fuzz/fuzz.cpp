#include "sim/harness/fuzz/fuzz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "sim/core/assert.hpp"
#include "sim/harness/explore/questions.hpp"
#include "sim/harness/fuzz/check_variants.hpp"
#include "sim/harness/fuzz/fuzz_words.hpp"
#include "sim/harness/fuzz/smallest_variant.hpp"
#include "sim/harness/input/expectations.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

// A drawn variant, and what was found of each strategy and property; empty when it was not
// searched.
struct Case {
  Variant variant;
  std::vector<report::StrategyResult> found;
};

std::uint32_t faults_of(const Variant& variant) {
  const auto& faults = variant.faults;
  return faults.crash + faults.evict + faults.lose + faults.flush + faults.cache_restart;
}

std::size_t operations_of(const Variant& variant) {
  std::size_t count = 0;
  for (const auto& operations : variant.clients) count += operations.size();
  return count;
}

using Size = std::tuple<std::uint32_t, std::size_t, std::size_t>;

Size size_of(const Variant& variant) {
  return {faults_of(variant), operations_of(variant), variant.clients.size()};
}

// Asks whether to go on, one thread at a time; a no is final.
class Gate {
 public:
  explicit Gate(const FuzzOptions& options) : options_(options) {}

  Going operator()() {
    const std::scoped_lock lock(mutex_);
    if (going_ == Going::on) going_ = options_.go_on(now_);
    return going_;
  }
  template <typename Change>
  void note(Change change) {
    const std::scoped_lock lock(mutex_);
    change(now_);
  }
  bool interrupted() const { return going_ == Going::interrupted; }
  bool stopped() const { return going_ != Going::on; }

 private:
  const FuzzOptions& options_;
  std::mutex mutex_;
  FuzzProgress now_;
  Going going_ = Going::on;
};

class Fuzz {
 public:
  Fuzz(const scenario::Scenario& scenario, const FuzzOptions& options)
      : scenario_(scenario),
        options_(options),
        space_(space_of(scenario)),
        draws_{.seed = scenario.seed, .cases = options.cases, .percent = options.percent},
        gate_(options),
        memory_(options.bytes_max) {}

  Result<FuzzOutcome> run() {
    if (auto problems = draw(); !problems.empty()) return problems;
    share_memory(memory_, cases_.size(), options_.jobs,
                 [&](std::size_t i, SharedMemory::Share& share) { search_case(i, share); });
    describe();
    for (const auto& strategy : selected(scenario_, options_.strategies)) judge(strategy);
    outcome_.result.complete = !gate_.interrupted();
    return std::move(outcome_);
  }

 private:
  // The scenario's own race is the first case. Equal variants are one.
  Problems draw() {
    std::map<std::string, bool> known;  // by content; whether it is valid
    Problems first;
    cases_.push_back({.variant = own_race(space_, scenario_), .found = {}});
    known.emplace(variant_json(space_, cases_[0].variant), true);
    const bool enough = check_variants(space_, draws_, [&](const Variant& variant) {
      if (gate_() != Going::on) return Answer::violated;  // which ends the drawing
      const auto [entry, is_new] = known.try_emplace(variant_json(space_, variant), true);
      if (is_new) {
        const auto loaded = load_variant(space_, variant);
        entry->second = loaded.has_value();
        if (loaded) cases_.push_back({.variant = variant, .found = {}});
        if (!loaded && first.empty()) first = loaded.error();
      }
      if (entry->second) ++drawn_;
      return entry->second ? Answer::holds : Answer::invalid;
    });
    if (!enough && drawn_ == 0 && !gate_.stopped()) return invalid(first);
    gate_.note([&](FuzzProgress& now) { now.cases = cases_.size(); });
    return {};
  }

  Problems invalid(const Problems& because) const {
    return {{.kind = Problem::Kind::meaning,
             .file = scenario_.file,
             .pointer = "/vary/durations",
             .fact = fmt::format("no scenario within the ranges is valid: {}: {}",
                                 because.front().pointer, because.front().fact),
             .fix = "choose ranges that do not contradict each other"}};
  }

  SearchOptions search_options() {
    return {.shrink = false,
            .strategies = options_.strategies,
            .properties = options_.properties,
            .states_max = options_.states_max,
            .bytes_max = options_.bytes_max,
            .go_on = [this](const SearchProgress&) { return gate_(); }};
  }

  void search_case(std::size_t i, SharedMemory::Share& share) {
    if (gate_() != Going::on) return;
    const auto variant = load_variant(space_, cases_[i].variant);
    SIM_ASSERT(variant);
    const auto what = fmt::format("race {} of {}", i + 1, cases_.size());
    options_.log({.what = what});
    auto options = search_options();
    options.memory = &share;
    auto outcome = search(*variant, options);
    if (outcome.put_off || !outcome.result.complete) return;
    log_case(what, *variant, outcome.result);
    keep_simplest(i, outcome);
    cases_[i].found = std::move(outcome.result.results);
    for (auto& strategy : cases_[i].found)
      for (auto& property : strategy.properties) property.counterexample.reset();
    if (i == 0) outcome_.result.notes = std::move(outcome.result.notes);
    gate_.note([](FuzzProgress& now) { ++now.searched; });
  }

  // Of each strategy and property, the counterexample in the simplest race so far: for when there
  // is no time left to look for a smaller one.
  void keep_simplest(std::size_t i, const SearchOutcome& outcome) {
    const std::scoped_lock lock(mutex_);
    std::size_t next = 0;
    for (const auto& strategy : outcome.result.results)
      for (const auto& property : strategy.properties) {
        if (!property.counterexample) continue;
        const auto& file = outcome.counterexamples[next++];
        const auto order = std::pair(size_of(cases_[i].variant), i);
        const auto [known, is_new] =
            simplest_.try_emplace({strategy.strategy, property.name}, order, file);
        if (!is_new && order < known->second.first) known->second = {order, file};
      }
  }

  void log_case(const std::string& what, const scenario::Scenario& variant,
                const report::Result& result) {
    report::Cases verdicts;
    std::uint64_t steps = 0;
    for (const auto& strategy : result.results)
      for (const auto& property : strategy.properties) {
        ++verdicts.of(property.verdict);
        steps += property.transitions;
      }
    options_.log({.what = what,
                  .outcome = fmt::format("{}; {} of {} verdicts violated", race_in_words(variant),
                                         verdicts.violated, verdicts.all()),
                  .amount = steps,
                  .unit = "steps"});
  }

  void describe() {
    auto notes = std::move(outcome_.result.notes);
    auto& result = outcome_.result;
    result = describe_scenario(scenario_);
    result.kind = report::Result::Kind::fuzz;
    result.timing =
        scenario_.race.timing == scenario::Timing::latencies ? "latencies" : "unbounded";
    result.race =
        fmt::format("its own race, and {} cases drawn: {}", drawn_, ranges_in_words(space_));
    result.drawn = drawn_;
    result.notes = std::move(notes);
    for (auto& note : notes_about_variants(scenario_, options_, drawn_))
      result.notes.push_back(std::move(note));
  }

  void judge(const scenario::Strategy& settings) {
    report::StrategyResult strategy{.strategy = settings.name};
    const auto composed = strategy::compose(settings, scenario_.clients.retries);
    for (const auto& question : questions_of(scenario_, composed, options_.properties)) {
      auto property = tally(settings.name, std::string(question.property->name));
      if (property.verdict == Verdict::violated) simplify(settings.name, property);
      compare_with_expected(settings.name, property);
      strategy.properties.push_back(std::move(property));
    }
    outcome_.result.results.push_back(std::move(strategy));
  }

  static const report::PropertyResult* found_in(const Case& one, const std::string& strategy,
                                                const std::string& property) {
    for (const auto& of : one.found)
      for (const auto& found : of.properties)
        if (of.strategy == strategy && found.name == property) return &found;
    return nullptr;
  }

  report::PropertyResult tally(const std::string& strategy, const std::string& property) {
    report::PropertyResult result{.name = property};
    report::Cases cases;
    for (const auto& one : cases_) {
      const auto* found = found_in(one, strategy, property);
      if (found == nullptr) continue;
      ++cases.of(found->verdict);
      result.transitions += found->transitions;
    }
    result.verdict = cases.violated > 0                                  ? Verdict::violated
                     : cases.vacuous > 0 && cases.vacuous == cases.all() ? Verdict::vacuous
                                                                         : Verdict::clean_so_far;
    result.visited = cases;
    return result;
  }

  const Variant& simplest_violating(const std::string& strategy,
                                    const std::string& property) const {
    const Variant* simplest = nullptr;
    for (const auto& one : cases_) {
      const auto* found = found_in(one, strategy, property);
      if (found == nullptr || found->verdict != Verdict::violated) continue;
      if (simplest == nullptr || size_of(one.variant) < size_of(*simplest)) simplest = &one.variant;
    }
    SIM_ASSERT(simplest != nullptr);
    return *simplest;
  }

  void simplify(const std::string& strategy, report::PropertyResult& property) {
    auto options = search_options();
    options.strategies = {strategy};
    options.properties = {property.name};
    gate_.note([&](FuzzProgress& now) {
      now.strategy = strategy;
      now.property = property.name;
      now.tried = 0;
    });
    auto kept = simplest_.at({strategy, property.name}).second;
    const auto ask = [&](const Variant& variant) {
      if (gate_() != Going::on) return Answer::holds;
      const auto loaded = load_variant(space_, variant);
      if (!loaded) return Answer::invalid;
      gate_.note([](FuzzProgress& now) { ++now.tried; });
      auto outcome = search(*loaded, options);
      if (outcome.counterexamples.empty()) return Answer::holds;
      kept = std::move(outcome.counterexamples[0]);
      return Answer::violated;
    };
    const auto& found = simplest_violating(strategy, property.name);
    const auto what = fmt::format("{} {}, the simplest race", strategy, property.name);
    options_.log({.what = what});
    const auto smallest = gate_.stopped() ? found : smallest_variant(space_, found, ask);
    gate_.note([&](const FuzzProgress& now) {
      options_.log({.what = what, .outcome = report::counted(now.tried, "race") + " tried"});
    });
    add_smallest(smallest, options, std::move(kept), property);
  }

  // With its smallest counterexample; with the one that was kept where there is no time left to
  // look for it.
  void add_smallest(const Variant& variant, SearchOptions options, report::CounterexampleFile kept,
                    report::PropertyResult& property) {
    VariantFile file{.strategy = options.strategies[0], .property = property.name, .story = ""};
    const auto loaded = load_variant(space_, variant, file);
    SIM_ASSERT(loaded);
    options.shrink = true;
    auto outcome = gate_.stopped() ? SearchOutcome() : search(*loaded, options);
    auto& saved = outcome.counterexamples.empty() ? kept : outcome.counterexamples[0];
    if (gate_.stopped()) saved.counterexample.minimal = false;
    file.story = saved.counterexample.says;
    const auto told = load_variant(space_, variant, file);
    SIM_ASSERT(told);
    saved.scenario_json = told->json;
    property.counterexample = saved.counterexample;
    property.smallest = {.json = variant_json(space_, variant, file),
                         .race = race_in_words(*told),
                         .durations = durations_of(space_, variant),
                         .saved = ""};
    outcome_.counterexamples.push_back(std::move(saved));
  }

  void compare_with_expected(const std::string& strategy, const report::PropertyResult& property) {
    const auto expectations = expectations_of(scenario_, strategy);
    const bool expected =
        std::any_of(expectations.begin(), expectations.end(), [&](const auto& expectation) {
          const auto* wanted = std::get_if<Verdict>(&expectation.wanted);
          return expectation.name() == property.name && wanted != nullptr &&
                 *wanted == Verdict::violated;
        });
    const bool violated = property.verdict == Verdict::violated;
    outcome_.unexpected |= violated && !expected;
    outcome_.missed |= !violated && expected;
  }

  const scenario::Scenario& scenario_;
  const FuzzOptions& options_;
  VariantSpace space_;
  VariantDraws draws_;
  Gate gate_;
  SharedMemory memory_;
  std::mutex mutex_;
  // By strategy and property: how simple its race is and its number, and the counterexample.
  std::map<std::pair<std::string, std::string>,
           std::pair<std::pair<Size, std::size_t>, report::CounterexampleFile>>
      simplest_;
  std::vector<Case> cases_;
  std::uint64_t drawn_ = 0;
  FuzzOutcome outcome_;
};

}  // namespace

Result<FuzzOutcome> fuzz(const scenario::Scenario& scenario, const FuzzOptions& options) {
  return Fuzz(scenario, options).run();
}

}  // namespace cacherace::harness
