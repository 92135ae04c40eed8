#include "sim/harness/search/shrink.hpp"

#include <utility>

#include "sim/harness/counterexample/counterexample.hpp"
#include "sim/harness/counterexample/replay.hpp"
#include "sim/harness/search/smallest_race.hpp"

namespace cacherace::harness {
namespace {

report::Size size_of(const engine::Plan& plan, const report::Counterexample& shown) {
  report::Size size{.clients = plan.scripts.size(),
                    .operations = operations_of(plan),
                    .faults = 0,
                    .steps = shown.steps.size(),
                    .context_switches = shown.context_switches};
  for (const auto& [fault, count] : shown.faults) size.faults += count;
  return size;
}

// A no is final.
search::StateBudget budget_of(const ShrinkOptions& options, Going& going) {
  return {.states_max = options.states_max,
          .bytes_max = options.bytes_max,
          .go_on = [&](const search::Explored& explored) {
            if (going == Going::on)
              going = options.go_on({.strategy = {},
                                     .property = {},
                                     .shrinking = true,
                                     .states = explored.states,
                                     .transitions = explored.transitions,
                                     .depth = explored.depth,
                                     .bytes = explored.bytes});
            return going == Going::on;
          }};
}

// The saved execution, or what has become of it, if it still violates.
std::optional<Violation> verified(const SavedRace& saved, const ShrinkOptions& options,
                                  report::Shrunk& shrunk) {
  const auto race = race_of(saved.plan, saved.strategy, saved.question);
  auto performed = perform(saved, race);
  shrunk.divergence = std::move(performed.divergence);
  shrunk.shown = std::move(performed.shown);
  if (performed.finding)
    return Violation{.history = std::move(performed.history), .finding = *performed.finding};
  if (shrunk.divergence->step == 0) return std::nullopt;
  auto realigned = realign(saved, race, options.seed);
  shrunk.realigned = describe_realigned(saved, race, realigned, options.seed);
  shrunk.shown = shrunk.realigned->shown;
  return std::move(realigned.violation);
}

}  // namespace

Result<ShrinkOutcome> shrink(std::string_view text, std::string_view file,
                             const ShrinkOptions& options) {
  auto saved = load_saved_race(text, file, options.other);
  if (!saved) return saved.error();
  ShrinkOutcome outcome;
  report::Shrunk& shrunk = outcome.shrunk;
  shrunk.title = saved->scenario.title;
  shrunk.strategy = saved->saved.strategy;
  shrunk.property = saved->saved.property;
  auto violation = verified(*saved, options, shrunk);
  shrunk.before = size_of(saved->plan, shrunk.shown);
  if (!violation) return outcome;

  Question& question = saved->question;
  const auto& property = *question.property;
  shrunk.measures_time = property.timed;
  if (property.timed) {
    const auto measured =
        judge::judge_history(property, violation->history, question.limit).measured;
    question.more_than = static_cast<search::Bound>(measured) - 1;
  }
  Going going = Going::on;
  const auto smallest = smallest_race(saved->plan, saved->strategy, question, *std::move(violation),
                                      budget_of(options, going));
  shrunk.complete = going != Going::interrupted;
  shrunk.shown = describe_smallest(smallest, saved->strategy, question);
  shrunk.violated = true;
  shrunk.after = size_of(smallest.plan, shrunk.shown);
  outcome.file = counterexample_file(saved->scenario, shrunk.strategy, smallest.plan,
                                     shrunk.property, shrunk.shown);
  return outcome;
}

}  // namespace cacherace::harness
