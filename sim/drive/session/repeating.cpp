// Orders that are taken again: those that were found, saved, or come from a model.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/core/utf8.hpp"
#include "sim/drive/session/driving.hpp"
#include "sim/drive/session/model_order.hpp"
#include "sim/drive/session/naming.hpp"

namespace cacherace::drive {

void Session::repeat_all(const search::Order& order, Replayed& out) {
  driven_.leave_out(result_.without);
  for (std::uint32_t i = 0; i < options_.replays && going(); ++i) {
    tell(fmt::format("repetition {} of {}", i + 1, options_.replays));
    if (i + 1 == options_.replays) driven_.note_cache();
    const auto again = search::repeat(driven_, order);
    ++result_.replayed.of;
    if (again.followed && again.violated) {
      ++result_.replayed.times;
      result_.shown = to_counterexample(driven_, driven_.found());
    } else if (out.diverged_at == 0) {
      out.diverged_at = again.followed ? order.size() : again.diverged_at;
      out.says =
          again.followed ? "every step was the same, and nothing is wrong at the end" : again.says;
      if (result_.replayed.times == 0) result_.shown = to_counterexample(driven_, "");
    }
  }
}

void Session::repeat_found() {
  result_.word = Word::violated;
  result_.order = result_.search.first;
  if (options_.shrinks && result_.complete) shrink();
  repeat_order();
  // A smaller order that does not repeat itself is worth less than the one that was found.
  if (result_.shrunk && result_.replayed.times < result_.replayed.of) {
    result_.shrunk.reset();
    result_.order = result_.search.first;
    result_.without.clear();
    result_.replayed = {};
    result_.why.clear();
    repeat_order();
  }
  // What comes later, unordered, may yet mend what was found wrong.
  if (result_.replayed.times == result_.replayed.of && result_.noticed.uncontrolled == 0) return;
  result_.word = result_.noticed.uncontrolled > 0 ? Word::uncontrolled : Word::nondeterministic;
  if (result_.noticed.uncontrolled > 0) say_uncontrolled(result_);
  if (result_.replayed.times == 0) result_.shown = to_counterexample(driven_, "");
}

void Session::shrink() {
  tell("shrinking what was found");
  auto shrunk = search::shrink_again(driven_, *result_.order, options_.shrink_executions_max,
                                     [this] { return going(); });
  if (!shrunk) return;
  result_.order = shrunk->order;
  result_.without = shrunk->without;
  result_.shrunk = std::move(shrunk);
}

void Session::repeat_order() {
  driven_.leave_out(result_.without);
  for (std::uint32_t i = 0; i < options_.replays; ++i) {
    if (i > 0 && !going()) break;
    tell(fmt::format("repetition {} of {}", i + 1, options_.replays));
    if (i + 1 == options_.replays) driven_.note_cache();
    const auto again = search::repeat(driven_, *result_.order);
    ++result_.replayed.of;
    if (again.followed && again.violated) {
      ++result_.replayed.times;
      result_.shown = to_counterexample(driven_, driven_.found());
    } else if (result_.why.empty()) {
      result_.why.push_back("a repetition went another way: " +
                            (again.followed ? "nothing was wrong at its end" : again.says));
    }
  }
}

// Which request the model means by each of its clients; requests that it has no steps of stay away.
Result<std::map<std::string, std::string>> Session::clients_of(const ModelOrder& model) {
  std::map<std::string, std::string> known, out;
  std::map<const RequestSection*, std::size_t> numbers;
  for (const Party& party : driven_.parties())
    known[model_client(*party.section, ++numbers[party.section])] = party.name;
  for (const ModelOrder::Step& step : model.steps) {
    const auto found = known.find(step.client);
    if (found == known.end())
      return trouble_with(
          fmt::format("the model's \"{}\" is no request of this file", printable(step.client)),
          "give the clients of the model's race the names and counts of \"requests\", as --model "
          "writes them");
    out.insert(*found);
  }
  for (const auto& [client, party] : known)
    if (!out.contains(client)) result_.without.insert(party);
  return out;
}

// Once along the model's steps, which gives the application's own; then these as often as asked.
Result<void> Session::follow(const ModelOrder& model, Replayed& out) {
  const auto clients = clients_of(model);
  if (!clients) return clients.error();
  driven_.leave_out(result_.without);
  driven_.take_part({});
  driven_.begin();
  search::Order order;
  std::size_t done = 0;  // of the model's steps
  std::vector<std::string> quiet;
  const auto diverge = [&](const std::string& says) {
    out.diverged_at = done + 1;
    out.says = says;
    result_.shown = to_counterexample(driven_, "");
    driven_.give_up();
  };
  for (auto choices = driven_.choices(); !choices.empty(); choices = driven_.choices()) {
    const bool is_rest = done == model.steps.size();
    const auto* wanted = is_rest ? nullptr : &model.steps[done];
    const std::string client = is_rest ? choices.front().client : clients->at(wanted->client);
    auto choice = std::ranges::find_if(
        choices, [&](const search::Choice& one) { return one.client == client && !one.is_fault; });
    if (choice == choices.end()) {
      diverge(is_rest
                  ? "something happens that belongs to no request"
                  : fmt::format("the model does {}, and {} cannot go on", wanted->effect, client));
      return {};
    }
    const auto step = driven_.step(choice->name);
    if (!step) {
      diverge(client + " could not be controlled");
      return {};
    }
    if (!step->visible) {
      quiet.push_back(choice->name);
      continue;
    }
    order.push_back({choice->name, step->label, std::exchange(quiet, {})});
    if (is_without_command(step->label)) continue;
    const ShownStep& shown = driven_.steps().back();
    if (is_rest || !is_same_effect(wanted->effect, shown)) {
      diverge(is_rest ? fmt::format("the model has ended, and {} goes on with {}", client,
                                    shown.command)
                      : fmt::format("the model does {}, and {} does {}", wanted->effect, client,
                                    shown.command));
      return {};
    }
    ++done;
  }
  if (done < model.steps.size()) {
    diverge(
        fmt::format("the model does {}, and the application has ended", model.steps[done].effect));
    return {};
  }
  driven_.finish();
  result_.order = order;
  repeat_all(order, out);
  return {};
}

}  // namespace cacherace::drive
