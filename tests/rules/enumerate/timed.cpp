#include "tests/rules/enumerate/timed.hpp"

#include <algorithm>
#include <map>

#include "tests/rules/enumerate/choices.hpp"
#include "tests/rules/enumerate/difference.hpp"
#include "tests/rules/enumerate/gaps.hpp"

namespace cacherace::rules {
namespace {

/// When an actor took its last step, or was started.
struct Last {
  std::size_t moment = 0;
  Range after;       // to the reply
  bool free = true;  // what comes next may come as late as it likes
  Time delay = 0;
  bool pauses = true;
  std::optional<std::size_t> reply;  // of a query
  std::optional<std::size_t> freed;  // when it had no longer to wait for another
  bool waited = false;               // until then; else it was not there yet
};

struct Load {
  std::size_t issued, replied;
  Key key;
  std::size_t actor, step;           // that issued it, and which of the history
  std::optional<std::size_t> ended;  // which step was the crash of its client
};

/// Everything that is known of the moments of a beginning of a schedule.
struct Times {
  System system;
  std::size_t start = 0;
  std::size_t now = 0;  // of the last step
  std::vector<Last> actors;
  std::map<int, std::size_t> stored, counted;  // of items, by id: soft expiry, TTL
  std::vector<std::size_t> committed;          // by place in the log
  std::map<std::size_t, std::size_t> invoked;  // first step of the operation of a client
  std::map<std::size_t, std::size_t> joined;
  std::vector<Load> loads;
  std::vector<std::size_t> steps;  // moments of the history
};

struct Walk {
  const Race* race;
  std::uint64_t steps_left;
  Timed found;
  History history;

  [[nodiscard]] Range window(const World& world, const Times& times, std::size_t actor) const {
    const auto& a = world.actors[actor];
    const auto& last = times.actors[actor];
    // What the start holds was stored before the first step, perhaps after that was issued.
    if (last.moment == times.start) return {.min = 0, .max = never};
    auto range = sum(last.after, parts_of(*race, a.at, a.task).before);
    range = sum(range, exactly(last.delay));
    if (last.free)
      range.max = never;
    else if (last.pauses)
      range = sum(range, {.min = 0, .max = race->pause_max});
    return range;
  }

  /// Nobody whom nothing holds back has let the time pass until `now`.
  void hold(const World& world, const Times& times, std::size_t i, System& system,
            std::size_t now) const {
    const auto& actor = world.actors[i];
    if (actor.done || is_blocked(world, actor)) return;
    const auto& last = times.actors[i];
    const auto way = parts_of(*race, actor.at, actor.task).before;
    const auto range = last.waited ? way : window(world, times, i);
    if (range.max != never) system.at_most(now, last.waited ? *last.freed : last.moment, range.max);
  }

  /// What is to come must still be able to come in time.
  [[nodiscard]] bool in_time(const World& world, const Times& times) const {
    auto system = times.system;
    for (std::size_t i = 0; i < world.actors.size(); ++i) hold(world, times, i, system, times.now);
    parties_in_time(world, times, system);
    return system.is_possible();
  }

  /// Nothing has expired by now that still stands, and no replica is further behind than its lag.
  void parties_in_time(const World& world, const Times& times, System& system) const {
    for (const auto& item : world.cache) {
      if (item.ttl.max != never) system.at_most(times.now, times.counted.at(item.id), item.ttl.max);
      if (item.soft.max != never && !item.softened)
        system.at_most(times.now, times.stored.at(item.id), item.soft.max);
    }
    for (const auto done : world.applied)
      for (std::size_t j = done; j < world.log.size(); ++j)
        if (race->replica_lag.max != never)
          system.at_most(times.now, times.committed[j], race->replica_lag.max);
  }

  void constrain(const World& before, const Choice& choice, Times& times, std::size_t now) {
    auto& system = times.system;
    switch (choice.what) {
      case What::step: {
        const auto& a = before.actors[choice.which];
        const auto& last = times.actors[choice.which];
        const auto way = parts_of(*race, a.at, a.task).before;
        hold(before, times, choice.which, system, now);
        system.between(now, last.moment,
                       {.min = window(before, times, choice.which).min, .max = never});
        if (last.freed) system.between(now, *last.freed, {.min = way.min, .max = never});
        if (last.reply) {
          const Range rest = sum(way, {.min = 0, .max = last.free ? never : race->pause_max});
          system.between(now, *last.reply, rest);
        }
        return;
      }
      case What::expire: {
        const auto& item = before.cache[choice.which];
        system.between(now, times.counted.at(item.id), item.ttl);
        return;
      }
      case What::soften: {
        const auto& item = before.cache[choice.which];
        system.between(now, times.stored.at(item.id), item.soft);
        return;
      }
      case What::apply:
        system.between(now, times.committed[before.applied[choice.which]], race->replica_lag);
        return;
      default:
        return;
    }
  }

  /// Whoever is gone now was in time until now.
  void note_ends(const World& before, const World& after, const Choice& choice, Times& times,
                 std::size_t now) {
    for (const auto& item : before.cache) {
      const Item* still = nullptr;
      for (const auto& other : after.cache)
        if (other.id == item.id) still = &other;
      const bool same_ttl = still != nullptr && still->since == item.since;
      if (!same_ttl && item.ttl.max != never)
        times.system.at_most(now, times.counted.at(item.id), item.ttl.max);
      if (still == nullptr && item.soft.max != never && !item.softened)
        times.system.at_most(now, times.stored.at(item.id), item.soft.max);
    }
    if (choice.what != What::crash) return;
    for (std::size_t i = 0; i < before.actors.size(); ++i) {
      if (!after.actors[i].done) continue;
      hold(before, times, i, times.system, now);
      for (auto& load : times.loads)
        if (load.actor == i && !load.ended) load.ended = times.steps.size();
    }
  }

  void note_new(const World& before, const World& after, const Choice& choice, const Event& event,
                Times& times, std::size_t now) {
    for (const auto& item : after.cache) {
      if (times.stored.contains(item.id)) {
        for (const auto& old : before.cache)
          if (old.id == item.id && old.since != item.since) times.counted[item.id] = now;
        continue;
      }
      times.stored[item.id] = times.counted[item.id] = now;
      // KEEPTTL: the TTL counts on.
      for (const auto& old : before.cache)
        if (item.kind == Kind::entry && old.kind == Kind::entry && old.key == item.key &&
            old.process == item.process && item.since == old.since && item.ttl.max != never)
          times.counted[item.id] = times.counted[old.id];
    }
    for (std::size_t i = before.log.size(); i < after.log.size(); ++i)
      times.committed.push_back(now);
    if (choice.what == What::step) note_step(before, after, choice.which, event, times, now);
  }

  void note_step(const World& before, const World& after, std::size_t actor, const Event& event,
                 Times& times, std::size_t now) {
    const auto& old = before.actors[actor];
    const auto parts = parts_of(*race, old.at, old.task);
    if (event.begins) times.invoked[actor] = now;
    if (event.at == At::join && event.got == Got::joined) times.joined[actor] = now;
    if (event.at == At::flight_wait) measure(found.wait, times, now, times.joined[actor], 0);
    Last last{.moment = now,
              .after = parts.after,
              .free = event.ends,
              .delay = 0,
              .pauses = true,
              .reply = {},
              .freed = {}};
    if (event.at == At::read_row) {
      const auto reply = times.system.add_moment();
      times.system.between(reply, now, race->read);
      last.reply = reply;
      times.loads.push_back({.issued = now,
                             .replied = reply,
                             .key = event.key,
                             .actor = actor,
                             .step = times.steps.size(),
                             .ended = {}});
    }
    times.actors[actor] = last;
    for (std::size_t i = before.actors.size(); i < after.actors.size(); ++i) {
      Last started{.moment = now,
                   .after = parts.after,
                   .free = false,
                   .delay = 0,
                   .pauses = true,
                   .reply = {},
                   .freed = {}};
      switch (after.actors[i].task) {
        case Task::second_delete:
          started.delay = race->strategy.delay;
          started.pauses = !race->strategy.durable_timer;
          break;
        case Task::propagate:
          started.delay = race->strategy.lag;
          started.pauses = false;
          break;
        case Task::tell:
          started.pauses = false;
          break;
        default:
          break;
      }
      times.actors.push_back(started);
    }
  }

  static void measure(Longest& longest, const Times& times, std::size_t later, std::size_t earlier,
                      Time less) {
    const auto most = times.system.largest(later, earlier);
    if (!most)
      longest.unbounded = true;
    else
      longest.time = std::max(longest.time, *most - less);
  }

  void judge_end(World& world, const Times& times) {
    ++found.schedules;
    const auto judged = judge(*race, history, world);
    for (std::size_t i = 0; i < judged.size(); ++i) {
      if (i == loads_in_flight || i == linearizable) {
        found.arises[i] = found.arises[i] || judged[i].arises;
        continue;
      }
      found.arises[i] = found.arises[i] || judged[i].arises;
      if (judged[i].violated && !found.violated[i]) {
        found.violated[i] = true;
        found.example[i] = history;
      }
    }
    judge_loads(times);
    judge_reads(times);
  }

  /// The largest set of loads of one key that can have a moment in common.
  void judge_loads(const Times& times) {
    const auto count = times.loads.size();
    for (std::size_t set = 1; set < (std::size_t{1} << count); ++set) {
      std::vector<Load> members;
      bool same = true;
      for (std::size_t i = 0; i < count; ++i)
        if ((set >> i & 1U) != 0) {
          members.push_back(times.loads[i]);
          same = same && members.front().key == times.loads[i].key;
        }
      if (!same || static_cast<int>(members.size()) <= found.loads) continue;
      auto system = times.system;
      bool at_once = true;
      for (const auto& one : members)
        for (const auto& other : members) {
          system.at_most(one.issued, other.replied, 0);
          at_once = at_once && (!other.ended || one.step < *other.ended);
        }
      if (!at_once || !system.is_possible()) continue;
      found.loads = static_cast<int>(members.size());
      if (found.loads > 1) {
        found.violated[loads_in_flight] = true;
        found.example[loads_in_flight] = history;
      }
    }
  }

  /// Staleness and linearizability of each read.
  void judge_reads(const Times& times) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      const auto& read = history[i];
      if (read.task != Task::none || !read.ends || !read.answered || read.operation != Do::read)
        continue;
      std::size_t first = i;
      while (!(history[first].actor == read.actor && history[first].begins &&
               history[first].task == Task::none))
        --first;
      const auto begun = parts_of(*race, history[first].at, Task::none).before;
      for (const auto& event : history) {
        if (event.commits <= read.answer || event.key.row != read.asked.row) continue;
        const auto commit = static_cast<std::size_t>(&event - history.data());
        measure(found.staleness, times, times.steps[first], times.steps[commit], begun.min);
        break;
      }
      if (found.violated[linearizable]) continue;
      for (std::size_t j = 0; j < i; ++j) {
        const auto& other = history[j];
        if (other.task != Task::none || other.actor < 0 || !other.ends || !other.answered ||
            other.asked.row != read.asked.row)
          continue;
        int version = other.answer;
        if (other.operation == Do::write) {
          version = 0;
          for (std::size_t k = 0; k <= j; ++k)
            if (history[k].actor == other.actor && history[k].task == Task::none &&
                history[k].commits != 0 && history[k].key.row == other.asked.row)
              version = history[k].commits;
        } else if (other.operation != Do::read) {
          continue;
        }
        if (version <= read.answer) continue;
        const auto ended = parts_of(*race, other.at, Task::none).after;
        auto system = times.system;
        system.at_most(times.steps[j], times.steps[first], -ended.min - begun.min);
        if (!system.is_possible()) continue;
        found.violated[linearizable] = true;
        found.example[linearizable] = history;
        break;
      }
    }
  }

  bool visit(World& world, const Times& times) {
    const auto next = choices(world);
    if (next.empty()) {
      auto end = times;
      parties_in_time(world, end, end.system);
      judge_end(world, end);
      return true;
    }
    for (const auto& choice : next) {
      if (steps_left-- == 0) return false;
      auto copy = world;
      auto later = times;
      const auto now = later.system.add_moment();
      constrain(world, choice, later, now);
      later.system.at_most(times.now, now, 0);
      const auto event = take(copy, choice);
      note_ends(world, copy, choice, later, now);
      later.now = now;
      note_new(world, copy, choice, event, later, now);
      later.steps.push_back(now);
      history.push_back(event);
      const bool on = go_on(world, copy, later, 0);
      history.pop_back();
      if (!on) return false;
    }
    return true;
  }

  /// Of each actor from `first` on that is free now: either it has waited for that, or it goes on
  /// as if nothing had been in its way, if that is later.
  bool go_on(const World& before, World& after, const Times& times, std::size_t first) {
    for (std::size_t i = first; i < before.actors.size(); ++i) {
      if (before.actors[i].done || after.actors[i].done) continue;
      if (!is_blocked(before, before.actors[i]) || is_blocked(after, after.actors[i])) continue;
      for (const bool waited : {false, true}) {
        auto one = times;
        one.actors[i].freed = times.now;
        one.actors[i].waited = waited;
        if (!go_on(before, after, one, i + 1)) return false;
      }
      return true;
    }
    if (!in_time(after, times)) return true;
    auto copy = after;
    return visit(copy, times);
  }
};

}  // namespace

std::optional<Timed> try_all_times(const Race& race, std::uint64_t steps_max) {
  auto world = start_of(race);
  Times times;
  times.start = times.now = times.system.add_moment();
  for (std::size_t i = 0; i < world.actors.size(); ++i) times.actors.emplace_back();
  for (const auto& item : world.cache) {
    // It was stored at any time before, up to its TTL.
    const auto stored = times.system.add_moment();
    times.system.between(times.start, stored,
                         {.min = 0, .max = item.ttl.max == never ? 0 : item.ttl.max});
    times.stored[item.id] = times.counted[item.id] = stored;
  }
  Walk walk{.race = &race, .steps_left = steps_max, .found = {}, .history = {}};
  if (!walk.visit(world, times)) return std::nullopt;
  return walk.found;
}

}  // namespace cacherace::rules
