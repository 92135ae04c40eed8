// How many queries of one key are under way at once.

#include <fmt/format.h>

#include <string>

#include "sim/judge/property.hpp"
#include "sim/judge/steps.hpp"

namespace cacherace::judge {
namespace {

// Between the steps there are moments: moment m is the one before step m. A query may be issued at
// any moment after its client's step before, and answered at any moment before the next one.
struct Flight {
  std::size_t from = 0, to = 0;  // the first and the last moment

  bool contains(std::size_t moment) const { return from <= moment && moment <= to; }
};

std::size_t issued_after(const History& history, std::size_t end, const Step& query) {
  for (std::size_t i = end; i > 0; --i)
    if (same_actor(history.steps[i - 1], query)) return i;
  return 0;
}

// The step at which the client stopped waiting for a query that comes late.
std::size_t given_up(const History& history, std::size_t late) {
  const Step& query = history.steps[late];
  for (std::size_t i = late; i > 0; --i) {
    const Step& step = history.steps[i - 1];
    if (step.turn == Turn::delayed && step.owner == query.owner && step.effect == query.effect)
      return i - 1;
  }
  return late;
}

Flight flight(const History& history, std::size_t load) {
  const auto& steps = history.steps;
  if (steps[load].task == Task::late) {  // nobody waits for its reply
    const std::size_t gave_up = given_up(history, load);
    return {.from = issued_after(history, gave_up, steps[gave_up]), .to = steps.size()};
  }
  Flight result{.from = issued_after(history, load, steps[load]), .to = load + 1};
  const auto goes_on = [&](const Step& step) {
    return same_actor(step, steps[load]) ||
           (step.turn == Turn::crashed && step.actor == steps[load].owner);
  };
  while (result.to < steps.size() && !goes_on(steps[result.to])) ++result.to;
  return result;
}

bool loads(const Step& step) { return step.effect.kind == EffectKind::db_read && step.happened(); }

bool in_flight(const History& history, std::size_t step, Key key, std::size_t moment) {
  return loads(history.steps[step]) && history.steps[step].effect.key == key &&
         flight(history, step).contains(moment);
}

// The most flights are in the air at the moment at which one of them may start.
struct Peak {
  std::uint64_t count = 0;
  std::size_t moment = 0, last = 0;  // the last of them to be served
  Key key = 0;
};

Peak peak(const History& history) {
  Peak highest;
  const auto& steps = history.steps;
  for (std::size_t load = 0; load < steps.size(); ++load) {
    if (!loads(steps[load])) continue;
    Peak here{.moment = flight(history, load).from, .key = steps[load].effect.key};
    for (std::size_t other = 0; other < steps.size(); ++other)
      if (in_flight(history, other, here.key, here.moment)) {
        ++here.count;
        here.last = other;
      }
    if (here.count > highest.count) highest = here;
  }
  return highest;
}

Judgement judge(const History& history, std::uint64_t limit) {
  const Peak highest = peak(history);
  Judgement judgement{
      .arose = highest.count > 0, .finding = std::nullopt, .measured = highest.count};
  if (highest.count > limit)
    judgement.finding = Finding{.key = highest.key, .decisive = highest.last};
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const Peak highest = peak(history);
  std::string who;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    if (!in_flight(history, i, highest.key, highest.moment)) continue;
    const char* separator = who.empty() ? "" : i == highest.last ? " and " : ", ";
    who += fmt::format("{}{} (step {})", separator, names.who[i], i + 1);
  }
  return fmt::format("{} load {} at once: each may have issued its query before any has its reply.",
                     who, names.keys[finding.key]);
}

// Remembers, by actor, the key of the query that was its last step, if it was one; and by key, the
// queries for whose reply nobody waits. A query that is pending may be under way, too.
class InFlight : public Monitor {
 public:
  InFlight(const Rows& rows, std::uint64_t limit) : keys_(rows.keys), limit_(limit) {
    shared_words = rows.keys;
    actor_words = 1;
    observes = looks = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (step.actor >= replica_actor) return {};
    Word& answered = memory.of(step.actor)[0];
    answered = loads(step) && step.task != Task::late ? step.effect.key + 1 : 0;
    if (step.turn == Turn::delayed && step.effect.kind == EffectKind::db_read)
      ++memory.shared[step.effect.key];
    return {};
  }

  Observed look(std::span<const Pending> pending, Memory memory) const override {
    Observed observed;
    for (Key key = 0; key < keys_; ++key) {
      std::uint64_t count = memory.shared[key];
      for (std::size_t actor = 0; actor < pending.size(); ++actor) {
        const auto& [effect, task] = pending[actor];
        count += memory.of(static_cast<Actor>(actor))[0] == key + 1;
        count += effect != nullptr && effect->kind == EffectKind::db_read && effect->key == key &&
                 task != Task::late;
      }
      observed.add({.arose = count > 0, .violated = count > limit_, .measured = count});
    }
    return observed;
  }

 private:
  Key keys_;
  std::uint64_t limit_;
};

}  // namespace

const Property loads_in_flight{
    .name = "loads-in-flight",
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t limit) -> std::unique_ptr<Monitor> {
      return std::make_unique<InFlight>(rows, limit);
    },
    .measures = true,
    .limit = 1};

}  // namespace cacherace::judge
