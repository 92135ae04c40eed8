#include "sim/harness/counterexample/replay.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <type_traits>
#include <utility>

#include "sim/core/duration_text.hpp"
#include "sim/engine/race/schedule.hpp"
#include "sim/harness/counterexample/clock_replay.hpp"
#include "sim/harness/counterexample/counterexample.hpp"

namespace cacherace::harness {
namespace {

using report::Divergence;

// The first step that cannot take effect when the file says.
std::optional<Divergence> untimely(const engine::Race& race, const SavedRace& saved,
                                   const std::vector<Step>& steps) {
  std::vector<Duration> times;
  for (const auto& step : saved.saved.steps) times.push_back(step.at.value_or(Duration{0}));
  const auto found = check_times(race, saved.question, steps, times);
  if (!found) return std::nullopt;
  const auto& step = saved.saved.steps[found->step];
  return Divergence{
      .step = found->step + 1,
      .says = fmt::format("{} {} is said to take effect at {}, but {} {}", step.client, step.effect,
                          duration_text(times[found->step]),
                          found->too_early ? "it cannot before" : "something else has to happen by",
                          duration_text(found->bound))};
}

std::string arg_text(const Args& args, const std::string& name) {
  const auto found =
      std::find_if(args.begin(), args.end(), [&](const auto& arg) { return arg.first == name; });
  if (found == args.end()) return "nothing";
  const auto text = [](const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::string>)
      return fmt::format("\"{}\"", value);
    else if constexpr (std::is_same_v<Value, std::vector<std::string>>)
      return fmt::format("[{}]", fmt::join(value, ", "));
    else
      return fmt::format("{}", value);
  };
  return std::visit(text, found->second);
}

// The first step that is performed with other arguments than the file says.
std::optional<Divergence> other_args(const report::Counterexample& shown,
                                     const scenario::SavedCounterexample& saved) {
  for (std::size_t i = 0; i < shown.steps.size(); ++i) {
    const auto& wanted = saved.steps[i].args;
    const Args& found = shown.steps[i].args;
    if (!wanted) continue;
    Args all = *wanted;
    all.insert(all.end(), found.begin(), found.end());
    for (const auto& [name, value] : all) {
      const auto wanted_text = arg_text(*wanted, name), found_text = arg_text(found, name);
      if (wanted_text != found_text)
        return Divergence{.step = i + 1,
                          .says = fmt::format("expected {} {} with \"{}\" {}, but it has {}",
                                              saved.steps[i].client, saved.steps[i].effect, name,
                                              wanted_text, found_text)};
    }
  }
  return std::nullopt;
}

// What differs although all steps match.
std::optional<Divergence> other_finding(const report::Counterexample& shown, bool violates,
                                        const scenario::SavedCounterexample& saved) {
  const auto differ = [](std::string says) {
    return Divergence{.step = 0, .says = "the steps match, but " + std::move(says)};
  };
  if (!violates) return differ(saved.property + " is no longer violated");
  if (shown.decisive != saved.decisive)
    return differ(fmt::format("the decisive step is {}, but the file says {}", shown.decisive,
                              saved.decisive));
  if (shown.digest != saved.digest)
    return differ(
        fmt::format("their digest is {}, but the file says {}", shown.digest, saved.digest));
  return std::nullopt;
}

// The engine that draws has to come to the same: a search knows only bounds.
void repeat_in_clock(const SavedRace& saved, const engine::Race& race, const History& history,
                     report::Replay& result) {
  if (!saved.question.timing->bounded()) {
    result.in_clock = {.repeated = false, .why_not = "timing is unbounded"};
    return;
  }
  const auto repeated = replay_in_clock(saved.scenario, race, history);
  using Outcome = ClockReplay::Outcome;
  if (repeated.outcome == Outcome::departed)
    result.divergence = {.step = 0, .says = "the clock engine differs: " + repeated.says};
  else
    result.in_clock = {.repeated = repeated.outcome == Outcome::same, .why_not = repeated.says};
}

}  // namespace

report::Realigned describe_realigned(const SavedRace& saved, const engine::Race& race,
                                     const RealignedRace& realigned, std::uint64_t seed) {
  const auto& execution = realigned.execution;
  const History& history = execution.history;
  report::Realigned described{.matched = execution.matched,
                              .skipped = execution.skipped,
                              .added = execution.added,
                              .drawn = execution.drawn,
                              .seed = seed,
                              .complete = !history.finals.empty(),
                              .violated = realigned.violation.has_value(),
                              .shown = {}};
  described.shown = realigned.violation
                        ? describe_counterexample(race, history, realigned.violation->finding,
                                                  *saved.question.property)
                        : describe_steps(race, history);
  described.shown.minimal = false;
  if (saved.question.timing && described.complete) show_times(described.shown, history);
  return described;
}

Performed perform(const SavedRace& saved, const engine::Race& race) {
  const auto& question = saved.question;
  auto replayed = engine::replay(race, saved.schedule, saved.args);
  History& history = replayed.history;
  history.in_time = question.timing.has_value();
  if (question.timing)
    for (std::size_t i = 0; i < history.steps.size(); ++i)
      set_time(history.steps[i], *question.timing, saved.saved.steps[i].at.value_or(Duration{0}));
  Performed done{.history = std::move(history), .shown = {}, .finding = {}, .divergence = {}};
  done.shown = describe_steps(race, done.history);
  // What a step is given comes before its result.
  const auto with_other_args = other_args(done.shown, saved.saved);
  if (replayed.divergence)
    done.divergence = {.step = replayed.divergence->step, .says = replayed.divergence->says};
  if (with_other_args && (!done.divergence || with_other_args->step <= done.divergence->step))
    done.divergence = with_other_args;
  if (!done.divergence && question.timing)
    done.divergence = untimely(race, saved, done.history.steps);
  if (!done.divergence) {
    done.finding = judge::judge_history(*question.property, done.history, question.limit).finding;
    if (done.finding)
      done.shown = describe_counterexample(race, done.history, *done.finding, *question.property);
    done.divergence = other_finding(done.shown, done.finding.has_value(), saved.saved);
  }
  if (question.timing) show_times(done.shown, done.history);
  return done;
}

Result<report::Replay> replay(std::string_view text, std::string_view file,
                              const scenario::Scenario* other, std::uint64_t seed) {
  const auto saved = load_saved_race(text, file, other);
  if (!saved) return saved.error();
  const auto race = race_of(saved->plan, saved->strategy, saved->question);
  report::Replay result;
  result.title = saved->scenario.title;
  result.strategy = saved->saved.strategy;
  result.property = saved->saved.property;
  for (Key key = 0; key < race.plan().keys(); ++key)
    result.starts.emplace_back(race.plan().key_name(key), name(race.plan().starts[key]));
  auto performed = perform(*saved, race);
  result.shown = std::move(performed.shown);
  result.divergence = std::move(performed.divergence);
  if (saved->question.timing && !result.divergence)
    repeat_in_clock(*saved, race, performed.history, result);
  if (result.divergence && result.divergence->step > 0)
    result.realigned = describe_realigned(*saved, race, realign(*saved, race, seed), seed);
  return result;
}

}  // namespace cacherace::harness
