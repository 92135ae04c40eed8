#include "sim/engine/race/schedule.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"
#include "sim/core/digest.hpp"

namespace cacherace::engine {
namespace {

// What is pending instead of `wanted`; where only the operation differs, it is named.
std::string list(const std::vector<Label>& labels, const Label& wanted) {
  if (labels.empty()) return "nothing is pending";
  std::string text = "pending are: ";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text += (i == 0 ? "" : "; ") + to_text(labels[i]);
    if (to_text(labels[i]) == to_text(wanted))
      text += fmt::format(" (of \"{}\", not of \"{}\")", labels[i].operation, wanted.operation);
  }
  return text;
}

std::vector<Label> pending_labels(const Race& race, const Race::State& state) {
  std::vector<Label> labels;
  for (const Choice choice : race.pending(state)) labels.push_back(race.label(state, choice));
  return labels;
}

// Of choices with the same label: the first with the result and the arguments.
Choice best_of(const Race& race, const Race::State& state, const Race::Choices& alike,
               const Label& wanted, const std::optional<Args>& args) {
  if (alike.size() == 1) return alike.front();
  for (const Choice choice : alike) {
    auto next = state;
    const Step step = race.step(next, choice);
    if (race.label(step).result != wanted.result) continue;
    if (!args || *args == race.args(state, step, next)) return choice;
  }
  return alike.back();
}

}  // namespace

bool same_pending(const Label& a, const Label& b) {
  return a.client == b.client && a.operation == b.operation && a.effect == b.effect;
}

void perform_again(const Race& race, Race::State& state, const Step& step) {
  const Step wanted = step.at_any_time();
  for (const Choice choice : race.pending(state)) {
    if (choice.actor != step.actor) continue;
    Race::State next = state;
    if (!(race.step(next, choice) == wanted)) continue;
    state = std::move(next);
    return;
  }
  SIM_ASSERT(false);
}

void walk(const Race& race, const std::vector<Step>& steps, const Visit& visit) {
  auto before = race.initial();
  for (const Step& step : steps) {
    auto after = before;
    perform_again(race, after, step);
    visit(before, step, after);
    before = std::move(after);
  }
}

Replay replay(const Race& race, const std::vector<Label>& schedule,
              const std::vector<std::optional<Args>>& args) {
  Replay result;
  auto state = race.initial();
  const auto diverge = [&](std::size_t step, std::string says) {
    result.divergence = Divergence{.step = step, .says = std::move(says)};
    return result;
  };
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    const Label& wanted = schedule[i];
    Race::Choices alike;
    for (const Choice choice : race.pending(state))
      if (same_pending(race.label(state, choice), wanted)) alike.push_back(choice);
    if (alike.empty())
      return diverge(i + 1, fmt::format("expected {}, but {}", to_text(wanted),
                                        list(pending_labels(race, state), wanted)));
    const Choice chosen =
        best_of(race, state, alike, wanted, i < args.size() ? args[i] : std::nullopt);
    const Step step = race.step(state, chosen);
    result.history.steps.push_back(step);
    const Label found = race.label(step);
    if (found.result != wanted.result)
      return diverge(i + 1, fmt::format("expected {} to give \"{}\", but it gave \"{}\"",
                                        to_text(wanted), wanted.result, found.result));
  }
  if (const auto left = pending_labels(race, state); !left.empty())
    return diverge(schedule.size() + 1, fmt::format("expected the end, but {}", list(left, {})));
  result.history.finals = race.finals(state);
  return result;
}

std::string digest(const std::vector<Label>& schedule) {
  Digest digest;
  for (const Label& label : schedule) {
    digest.add(label.client);
    digest.add(label.operation);
    digest.add(label.effect);
    digest.add(label.result);
  }
  return digest.hex();
}

}  // namespace cacherace::engine
