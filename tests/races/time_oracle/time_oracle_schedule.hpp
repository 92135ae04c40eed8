#pragma once
// One schedule of a race with its difference constraints, for the oracle of times.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "tests/races/time_oracle/time_oracle.hpp"

namespace cacherace::test {

using State = engine::Race::State;
using engine::Choice;
constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max() / 4;

struct Range {
  std::int64_t min = 0, max = none;
};
inline Range sum(Range a, Range b) { return {a.min + b.min, std::min(none, a.max + b.max)}; }

// Of the kinds that are drawn here.
inline Range ends(const scenario::Latency& latency) {
  if (const auto* fixed = std::get_if<scenario::Constant>(&latency))
    return {fixed->value.count(), fixed->value.count()};
  const auto& uniform = std::get<scenario::Uniform>(latency);
  return {uniform.min.count(), uniform.max.count()};
}

// One step of a schedule, and the state after it.
struct Moment {
  Choice choice;
  Step step;
  State after;
};

// What stands between an actor's place in a state and its next step.
struct Since {
  std::size_t step = 0;
  Range gap;
};

// What does, of an actor that may have had to wait for another since. It comes no sooner than
// either allows, and no later than the later of the two: `waited` says which that is taken for.
struct Pending : Since {
  std::optional<Since> freed = {};
  bool waited = false;
  const Since& latest() const { return waited ? *freed : *this; }
};

// Answers to questions that are asked in the same order again: first no to all, then all others.
class Cases {
 public:
  bool ask() {
    if (asked_ == answers_.size()) answers_.push_back(false);
    return answers_[asked_++];
  }
  bool next() {
    asked_ = 0;
    while (!answers_.empty() && answers_.back()) answers_.pop_back();
    if (!answers_.empty()) answers_.back() = true;
    return !answers_.empty();
  }

 private:
  std::vector<bool> answers_;
  std::size_t asked_ = 0;
};

class Schedule {
 public:
  Schedule(const std::vector<Moment>& moments, const State& start, const engine::Race& race,
           const scenario::Scenario& scenario, const strategy::Strategy& strategy, Cases& cases)
      : moments_(moments),
        start_(start),
        race_(race),
        scenario_(scenario),
        strategy_(strategy),
        times_(moments.size() + 1) {
    distance_.assign(times_ * times_, none);
    for (std::size_t i = 0; i < times_; ++i) at(i, i) = 0;
    for (std::size_t i = 0; i + 1 < moments.size(); ++i) at_least(i + 1, i, 0);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      follow_actors(i, cases);
      follow_entries(i);
      follow_replicas(i);
    }
    close();
  }

  bool possible() const { return possible_; }

  // The most that step `a` can be later than step `b`.
  std::int64_t most(std::size_t a, std::size_t b) const { return distance_[a * times_ + b]; }
  // From now on step `a` is at most so much later than step `b`; false where it cannot be.
  bool hold(std::size_t a, std::size_t b, std::int64_t bound) {
    if (most(b, a) + bound < 0) return false;
    if (most(a, b) <= bound) return true;
    for (std::size_t i = 0; i < times_; ++i)
      for (std::size_t j = 0; j < times_; ++j)
        if (most(i, a) < none && most(b, j) < none)
          at(i, j) = std::min(at(i, j), most(i, a) + bound + most(b, j));
    return true;
  }

  // From issue to effect, and from effect to reply.
  std::int64_t out_min(const Step& step) const { return out(step.effect.kind).min; }
  Range reply(const Step& step) const { return back(step); }

 private:
  std::int64_t& at(std::size_t a, std::size_t b) { return distance_[a * times_ + b]; }
  // t[a] - t[b] <= bound
  void at_most(std::size_t a, std::size_t b, std::int64_t bound) {
    at(a, b) = std::min(at(a, b), bound);
  }
  void at_least(std::size_t a, std::size_t b, std::int64_t bound) { at_most(b, a, -bound); }

  bool is_cache(EffectKind kind) const { return party(kind) == Party::cache; }

  Range out(EffectKind kind) const {
    const Range cache = ends(scenario_.cache.latency);
    if (is_cache(kind)) return {cache.min / 2, cache.max / 2};
    if (party(kind) == Party::process || kind == EffectKind::db_read) return {0, 0};
    return ends(scenario_.database.write);
  }
  Range back(const Step& step) const {
    if (step.turn == Turn::lost || step.turn == Turn::delayed) return {};  // no timeout is drawn
    const Range cache = ends(scenario_.cache.latency);
    if (is_cache(step.effect.kind)) return {cache.min - cache.min / 2, cache.max - cache.max / 2};
    return step.effect.kind == EffectKind::db_read ? ends(scenario_.database.read) : Range{0, 0};
  }
  Range pause() const { return {0, scenario_.race.pause_max.count()}; }

  const State& before(std::size_t i) const { return i == 0 ? start_ : moments_[i - 1].after; }

  void follow_actors(std::size_t i, Cases& cases) {
    const auto& [choice, step, after] = moments_[i];
    const State& was = before(i);
    // Everybody who has to do something by some time has not passed it yet.
    follow_waits(i);
    for (const auto& [actor, since] : pending_)
      if (was.world.enabled(actor)) at_most(i, since.latest().step, since.latest().gap.max);
    const bool client = choice.actor < replica_actor;
    const bool crash = choice.kind == Choice::Kind::crash;
    if (client && !crash)
      if (const auto found = pending_.find(choice.actor); found != pending_.end()) {
        const Pending& since = found->second;
        at_least(i, since.step, since.gap.min);
        if (since.freed) at_least(i, since.freed->step, since.freed->gap.min);
      }
    const auto& clients = after.world.clients;
    for (Actor actor = 0; actor < std::max(clients.size(), was.world.clients.size()); ++actor) {
      const bool busy = actor < clients.size() && clients[actor].busy();
      const bool was_busy = actor < was.world.clients.size() && was.world.clients[actor].busy();
      if (!busy) {
        pending_.erase(actor);
        continue;
      }
      const auto& now = clients[actor];
      const auto planned = race_.plan().scripts.size();
      if (client && actor == choice.actor && !crash && (actor < planned || now.under_way)) {
        if (step.completes)
          pending_[actor] = {{i, {sum(back(step), out(now.pending.kind)).min, none}}};
        else if (now.task == Task::late)
          pending_[actor] = {{i, {}}};
        else
          pending_[actor] = {{i, sum(sum(back(step), pause()), next(now.pending))}};
      } else if (actor >= planned && (!was_busy || (client && actor == choice.actor))) {
        pending_[actor] = {{i, first_of(now, after.tasks[actor - planned].durable, step)}};
      } else if (was_busy && !was.world.enabled(actor) && after.world.enabled(actor)) {
        const auto since =
            pending_.find(actor);  // none: it has not begun, and may whenever it likes
        if (since == pending_.end()) continue;
        since->second.freed = {i, once_free(now.pending.kind)};
        since->second.waited = since->second.gap.max < none && cases.ask();
      }
    }
  }

  // A waiter has begun to wait before the first look that it waits for.
  void follow_waits(std::size_t i) {
    const Step& step = moments_[i].step;
    if (step.actor >= replica_actor) return;
    if (step.effect.kind == EffectKind::wait && step.happened()) {
      const std::size_t first = first_look_.try_emplace(step.actor, i).first->second;
      const std::int64_t left = step.effect.give_up.count() - step.effect.after.count();
      if (step.turn == Turn::branched)
        at_least(i, first, left);
      else
        at_most(i, first, left - 1);
    }
    if (step.completes || step.turn == Turn::crashed) first_look_.erase(step.actor);
  }

  Range next(const Effect& pending) const {
    if (pending.kind == EffectKind::wait) return {pending.after.count(), pending.after.count()};
    return out(pending.kind);
  }

  // A transaction that was on its way already may get its row at once.
  Range once_free(EffectKind kind) const {
    return {kind == EffectKind::db_begin ? 0 : out(kind).min, out(kind).max};
  }

  Range first_of(const world::Client& task, bool durable, const Step& cause) const {
    if (task.task == Task::late) return {};
    Range gap = sum(back(cause), out(task.pending.kind));
    if (!durable) gap = sum(gap, pause());
    switch (task.task) {
      case Task::second_delete: {
        const std::int64_t delay = strategy_.second_delete.delay.count();
        return sum(gap, {delay, delay});
      }
      case Task::flush: {
        const std::int64_t interval = strategy_.write_behind.interval.count();
        return sum(gap, {interval, interval});
      }
      case Task::tell:
        return sum(gap, ends(strategy_.local_cache->message));
      case Task::propagate:
        return sum(gap, ends(strategy_.lag));
      default:
        return gap;
    }
  }

  using EntryId = std::pair<world::Name, bool>;
  struct Stored {
    std::size_t step;  // times_ - 1 stands for the time before the first step
    bool softened = false;
  };

  std::int64_t soft_of(const State& state, const engine::Race::Expiring& entry) const {
    const SimTime soft =
        entry.local ? never : state.world.cache.peek(entry.name, start_of_time).soft_at;
    return soft == never ? none : (soft - start_of_time).count();
  }

  // An entry is there until step i at most as long as its TTL, and expires no sooner.
  void follow_entries(std::size_t i) {
    const auto& [choice, step, after] = moments_[i];
    const State& was = before(i);
    using Kind = Choice::Kind;
    for (std::size_t n = 0; n < was.expiring.size(); ++n) {
      const auto& entry = was.expiring[n];
      const std::int64_t soft = soft_of(was, entry);
      const bool is_soft = soft < 0;
      const EntryId id{entry.name, entry.local};
      const bool old = entry.warm && !stored_.contains(id);
      // The clock of a warm entry starts some time before the first step.
      const std::size_t from = old ? warm(i, entry, was) : stored_.at(id).step;
      const bool soft_is_next = soft != none && !is_soft;
      const bool ends_ever = entry_expires(was, entry);
      const std::int64_t latest = soft_is_next ? soft : ends_ever ? entry.max.count() : none;
      at_most(i, from, latest);
      const bool acts = (choice.kind == Kind::expire || choice.kind == Kind::expire_local ||
                         choice.kind == Kind::soften) &&
                        choice.which == n;
      if (acts) at_least(i, from, soft_is_next ? soft : entry.min.count());
    }
    for (std::size_t n = after.expiring.size() - step.timers; n < after.expiring.size(); ++n)
      stored_[{after.expiring[n].name, after.expiring[n].local}] = {i};
  }

  static bool entry_expires(const State& state, const engine::Race::Expiring& entry) {
    const auto& cache = entry.local ? state.world.locals : state.world.cache;
    return cache.peek(entry.name, start_of_time).expires_at != never;
  }

  // Only one entry is warm in what is drawn, so one time is enough.
  std::size_t warm(std::size_t i, const engine::Race::Expiring&, const State&) {
    at_least(0, times_ - 1, 0);
    (void)i;
    return times_ - 1;
  }

  void follow_replicas(std::size_t i) {
    const auto& [choice, step, after] = moments_[i];
    const Range lag =
        scenario_.database.replicas.count > 0 ? ends(scenario_.database.replicas.lag) : Range{};
    const auto& database = before(i).world.database;
    for (std::uint32_t replica = 0; replica < database.replicas(); ++replica)
      for (auto commit = database.applied(replica); commit < database.commits(); ++commit)
        at_most(i, commits_[commit], lag.max);
    if (choice.kind == Choice::Kind::apply)
      at_least(i, commits_[database.applied(choice.which)], lag.min);
    while (commits_.size() < after.world.database.commits()) commits_.push_back(i);
  }

  // Ends at the first contradiction: from there on sums would only fall, without end.
  void close() {
    for (std::size_t k = 0; k < times_ && possible_; ++k) {
      for (std::size_t a = 0; a < times_; ++a)
        for (std::size_t b = 0; b < times_; ++b)
          if (at(a, k) < none && at(k, b) < none)
            at(a, b) = std::min(at(a, b), at(a, k) + at(k, b));
      for (std::size_t i = 0; i < times_; ++i) possible_ &= at(i, i) >= 0;
    }
  }

  const std::vector<Moment>& moments_;
  const State& start_;
  const engine::Race& race_;
  const scenario::Scenario& scenario_;
  const strategy::Strategy& strategy_;
  std::size_t times_;
  std::vector<std::int64_t> distance_;
  bool possible_ = true;
  std::map<Actor, Pending> pending_;
  std::map<Actor, std::size_t> first_look_;
  std::map<EntryId, Stored> stored_;
  std::vector<std::size_t> commits_;
};

}  // namespace cacherace::test
