#include "sim/harness/search/threshold.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "sim/core/duration_text.hpp"
#include "sim/harness/explore/questions.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/harness/input/with_value.hpp"

namespace cacherace::harness {
namespace {

using Microseconds = std::int64_t;

constexpr Microseconds most = std::int64_t{24} * 60 * 60 * 1'000'000;

Problems problem(const scenario::Scenario& scenario, const std::string& pointer, std::string fact,
                 std::string fix) {
  return {{.kind = Problem::Kind::meaning,
           .file = scenario.file,
           .pointer = pointer,
           .fact = std::move(fact),
           .fix = std::move(fix)}};
}

class Bisection {
 public:
  Bisection(const scenario::Scenario& scenario, const std::string& pointer,
            const SearchOptions& options)
      : scenario_(scenario), pointer_(pointer), options_(options) {}

  Result<SearchOutcome> run() {
    if (auto problems = prepare(); !problems.empty()) return problems;
    const bool holds = verdict_at(start_) != Verdict::violated;
    const auto other = first_other(holds);
    if (!other) return without_change();
    Microseconds proven = holds ? start_ : *other, violated = holds ? *other : start_;
    while (!ended_ && std::abs(proven - violated) > 1) {
      const Microseconds middle = std::min(proven, violated) + std::abs(proven - violated) / 2;
      (verdict_at(middle) == Verdict::violated ? violated : proven) = middle;
    }
    if (ended_) return without_change();
    return both(proven, violated);
  }

 private:
  Problems prepare() {
    const auto value = duration_of(value_at(scenario_, pointer_));
    if (!value)
      return problem(scenario_, pointer_, "the scenario states no duration there",
                     "give the JSON pointer of a duration that it states: "
                     "/strategies/NAME/expiry/ttl");
    start_ = value->count() / 1000;
    if (options_.strategies.empty())
      if (const auto name = strategy_in(pointer_); !name.empty()) options_.strategies = {name};
    const auto strategies = selected(scenario_, options_.strategies);
    const auto questions =
        questions_of(scenario_, strategy::compose(strategies.front()), options_.properties);
    if (strategies.size() == 1 && questions.size() == 1) return {};
    return problem(
        scenario_, pointer_,
        fmt::format("a threshold needs one strategy and one property; selected are {} and {}",
                    strategies.size(), questions.size()),
        "select one of each: --strategy NAME --property NAME");
  }

  // Nothing where the scenario would not make sense with it.
  std::optional<SearchOutcome> search_at(Microseconds value, bool shrink) {
    const auto changed = with_value(scenario_, pointer_, fmt::format("{}us", value));
    if (!changed) return std::nullopt;
    SearchOptions options = options_;
    options.shrink = shrink;
    return search(*changed, options);
  }

  std::optional<Verdict> verdict_at(Microseconds value) {
    const auto known = verdicts_.find(value);
    if (known != verdicts_.end()) return known->second;
    const auto outcome = search_at(value, false);
    if (!outcome) return verdicts_[value] = std::nullopt;
    if (!outcome->result.complete) interrupted_ = ended_ = true;
    if (outcome->result.results.empty()) return std::nullopt;
    const auto verdict = outcome->result.results[0].properties[0].verdict;
    if (verdict == Verdict::clean_so_far) ended_ = true;
    return verdicts_[value] = verdict;
  }

  // Doubles and halves in turn until the verdict is another one.
  std::optional<Microseconds> first_other(bool holds) {
    Microseconds up = std::max<Microseconds>(1, start_), down = start_;
    while (!ended_ && (up < most || down > 0)) {
      for (Microseconds* value : {&up, &down}) {
        const bool grows = value == &up;
        if (grows ? up >= most : down == 0) continue;
        *value = grows ? std::min(most, up * 2) : down / 2;
        const auto verdict = verdict_at(*value);
        if (ended_) return std::nullopt;
        if (verdict && (*verdict != Verdict::violated) != holds) return *value;
      }
    }
    return std::nullopt;
  }

  SearchOutcome without_change() {
    auto outcome = search_at(start_, options_.shrink);
    outcome->result.complete = !interrupted_;
    if (!interrupted_)
      outcome->result.notes.push_back(
          ended_ ? fmt::format("no threshold of {}: a budget ended before a verdict", pointer_)
                 : fmt::format("no threshold of {}: the verdict is the same for all values that "
                               "were tried, from 0 to a day",
                               pointer_));
    return *std::move(outcome);
  }

  SearchOutcome both(Microseconds proven, Microseconds violated) {
    auto outcome = *search_at(proven, options_.shrink);
    auto worse = *search_at(violated, options_.shrink);
    const auto name = [&](report::Result& result, Microseconds value) {
      result.results[0].strategy +=
          fmt::format(" at {}", duration_text(std::chrono::microseconds(value)));
    };
    name(outcome.result, proven);
    name(worse.result, violated);
    outcome.result.results.push_back(std::move(worse.result.results[0]));
    outcome.counterexamples = std::move(worse.counterexamples);
    outcome.result.expectations.clear();  // they are about the value that the file states
    outcome.result.goal.clear();
    outcome.result.threshold =
        report::Threshold{.pointer = pointer_, .holds_us = proven, .violated_us = violated};
    return outcome;
  }

  const scenario::Scenario& scenario_;
  const std::string& pointer_;
  SearchOptions options_;
  Microseconds start_ = 0;
  std::map<Microseconds, std::optional<Verdict>> verdicts_;
  bool ended_ = false, interrupted_ = false;
};

}  // namespace

Result<SearchOutcome> find_threshold(const scenario::Scenario& scenario, const std::string& pointer,
                                     const SearchOptions& options) {
  return Bisection(scenario, pointer, options).run();
}

}  // namespace cacherace::harness
