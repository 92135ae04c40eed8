// How many queries of one key are under way at once.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sim/core/assert.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// Between the steps there are moments: moment m is the one before step m. Without times a query may
// be issued at any moment after its client's step before, and answered at any moment before the
// next one. With times it is issued when it takes effect, and answered when its reply is there.
struct Flight {
  std::size_t from = 0, to = 0;  // the first and the last moment
  SimTime until = never;

  bool contains(std::size_t moment, SimTime at) const {
    return from <= moment && moment <= to && at <= until;
  }
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
  const SimTime replied = history.in_time ? steps[load].replied_by() : never;
  if (steps[load].task == Task::late) {  // nobody waits for its reply
    const std::size_t sent = given_up(history, load);
    return {.from = history.in_time ? sent : issued_after(history, sent, steps[sent]),
            .to = steps.size(),
            .until = replied};
  }
  Flight result{.from = history.in_time ? load : issued_after(history, load, steps[load]),
                .to = load + 1,
                .until = replied};
  const auto crashes = [&](const Step& step) {
    return step.turn == Turn::crashed && step.actor == steps[load].owner;
  };
  const auto goes_on = [&](const Step& step) {
    return same_actor(step, steps[load]) || crashes(step);
  };
  while (result.to < steps.size() && !goes_on(steps[result.to])) ++result.to;
  if (result.to < steps.size() && !crashes(steps[result.to]))
    result.until = std::min(result.until, steps[result.to].issued());
  return result;
}

bool loads(const Step& step) { return step.effect.kind == EffectKind::db_read && step.happened(); }

bool in_flight(const History& history, std::size_t step, Key key, std::size_t moment) {
  if (!loads(history.steps[step]) || history.steps[step].effect.key != key) return false;
  const SimTime at = moment < history.steps.size() ? history.steps[moment].at : start_of_time;
  return flight(history, step).contains(moment, at);
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
  if (history.in_time)
    return fmt::format("{} load {} at once: at {} each has issued its query, and none its reply.",
                       who, names.keys[finding.key],
                       duration_text(history.steps[highest.moment].at - start_of_time));
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

// The same where time counts: when a query is issued, those before it may still be without their
// replies. Remembers, by actor, the key of the query that was its last step, if it was one; by key,
// how many queries are to come late; and of those that have come, their keys. Each that was
// answered has a clock, and its actor may issue the next one at once: clocks come in pairs.
class InFlightInTime : public Monitor {
 public:
  InFlightInTime(const Rows& rows, std::uint64_t limit) : rows_(rows), limit_(limit) {
    shared_words = rows.keys + rows.losses;
    actor_words = 1;
    observes = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (step.actor >= replica_actor) return {};
    const bool query = step.effect.kind == EffectKind::db_read;
    if (query && step.turn == Turn::delayed) ++memory.shared[step.effect.key];
    if (query && step.task == Task::late) {
      --memory.shared[step.effect.key];
      const auto late = memory.shared.subspan(rows_.keys);
      const auto place = std::find(late.begin(), late.end(), 0U);
      SIM_ASSERT(place != late.end());
      if (step.happened()) *place = step.effect.key + 1;
      return {.arose = step.happened()};
    }
    Word& answered = memory.of(step.actor)[0];
    const Word second = answered % 2;
    answered = query && step.happened() ? 2 * (step.effect.key + 1) + (1 - second) : 0;
    return {.arose = answered != 0};
  }

  void clocks(Memory memory, std::vector<ClockId>& running) const override {
    for (Actor actor = 0; actor < memory.actor_count(); ++actor)
      if (const Word answered = memory.of(actor)[0]; answered != 0)
        running.push_back(query_clock(actor, answered));
    for (std::uint32_t late = 0; late < rows_.losses; ++late)
      if (memory.shared[rows_.keys + late] != 0) running.push_back(late_clock(late));
  }

  void claims(const Step& step, Memory memory, std::vector<Claim>& all) const override {
    if (step.actor >= replica_actor || step.effect.kind != EffectKind::db_read) return;
    if (step.task == Task::late || (!step.happened() && step.turn != Turn::delayed)) return;
    const Key key = step.effect.key;
    all.resize(1 + memory.shared[key]);  // this one, and those that are to come
    for (Actor actor = 0; actor < memory.actor_count(); ++actor)
      if (const Word answered = memory.of(actor)[0]; actor != step.actor && answered / 2 == key + 1)
        all.push_back({.ahead = query_clock(actor, answered),
                       .at_most = rows_.read_max,
                       .waits_for_reply = Claim::Waits{actor, rows_.read_min}});
    for (std::uint32_t late = 0; late < rows_.losses; ++late)
      if (memory.shared[rows_.keys + late] == key + 1)
        all.push_back({.ahead = late_clock(late), .at_most = rows_.read_max});
  }

  Observed hold(std::size_t claims) const override {
    return {.violated = claims > limit_, .measured = claims};
  }

 private:
  static ClockId query_clock(Actor actor, Word answered) {
    return numbered_clock(2U * actor + answered % 2);
  }
  static ClockId late_clock(std::uint32_t late) { return numbered_clock(1U << 20 | late); }

  Rows rows_;
  std::uint64_t limit_;
};

}  // namespace

const Property loads_in_flight{
    .id = PropertyId::loads_in_flight,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t limit) -> std::unique_ptr<Monitor> {
      if (rows.in_time) return std::make_unique<InFlightInTime>(rows, limit);
      return std::make_unique<InFlight>(rows, limit);
    },
    .limit = 1};

}  // namespace cacherace::judge
