#include "tests/races/oracle/oracle_timers.hpp"

#include <algorithm>

namespace cacherace::oracle {
namespace {

using Of = Timer::Of;

// All that stands anywhere, with the time that it has.
struct Standing {
  Timer timer;
  int stored = 0, ttl_min = 0, ttl_max = 0;
  int hard = 0;  // at the latest, when it is not there any more
};

std::vector<Standing> standing(const State& state) {
  std::vector<Standing> all;
  const auto add = [&](const Timed& timed, Timer timer) {
    if (timed.there)
      all.push_back({timer, timed.stored, timed.ttl_min, timed.ttl_max, timed.ttl_max});
  };
  const auto add_value = [&](const Value& value, Timer timer) {
    timer.softens = value.soft_max > 0 && !value.softened;
    add(value, timer);
    if (!value.there || !timer.softens) return;
    all.back().ttl_min = value.soft_min;
    all.back().ttl_max = value.soft_max;
  };
  for (std::size_t key = 0; key < keys_max; ++key) {
    const ServerKey& server = state.server[key];
    for (std::size_t i = 0; i < names_max; ++i)
      add_value(server.values[i], {.of = Of::value, .key = key, .index = i});
    add(server.lock, {.of = Of::lock, .key = key});
    add(server.lease, {.of = Of::lease, .key = key});
    add(server.deleted, {.of = Of::deleted, .key = key});
    add(server.held_off, {.of = Of::held_off, .key = key});
    add(server.mark, {.of = Of::mark, .key = key});
    if (server.generation != 0) all.push_back({{.of = Of::generation, .key = key}});
    for (std::size_t process = 0; process < processes_max; ++process)
      add(state.locals[process][key], {.of = Of::local, .key = key, .index = process});
  }
  if (state.counter != 0) all.push_back({{.of = Of::counter}});
  return all;
}

Timed& at(State& state, const Timer& timer) {
  ServerKey& server = state.server[timer.key];
  switch (timer.of) {
    case Of::lock:
      return server.lock;
    case Of::lease:
      return server.lease;
    case Of::deleted:
      return server.deleted;
    case Of::held_off:
      return server.held_off;
    case Of::mark:
      return server.mark;
    case Of::local:
      return state.locals[timer.index][timer.key];
    default:
      return server.values[timer.index];
  }
}

}  // namespace

std::vector<Timer> next_timers(const State& state) {
  const auto all = standing(state);
  std::vector<Timer> next;
  for (const Standing& one : all) {
    if (one.ttl_max == 0) continue;
    const bool last = std::any_of(all.begin(), all.end(), [&](const Standing& other) {
      const int latest = one.timer.softens ? other.ttl_max : other.hard;
      if (one.timer.softens && !other.timer.softens) return false;
      return latest > 0 && other.stored < one.stored && latest <= one.ttl_min;
    });
    if (!last) next.push_back(one.timer);
  }
  return next;
}

void fire(const Strategy& strategy, State& state, const Timer& timer, int step) {
  if (timer.softens)
    state.server[timer.key].values[timer.index].softened = true;
  else if (timer.of == Of::value)
    evict(strategy, state, timer, step);  // either way a queued write goes with it
  else
    at(state, timer).there = false;
}

std::vector<Timer> evictable(const State& state) {
  std::vector<Timer> all;
  for (const Standing& one : standing(state))
    if (one.timer.of != Of::local) all.push_back(one.timer);
  return all;
}

void evict(const Strategy& strategy, State& state, const Timer& victim, int step) {
  switch (victim.of) {
    case Of::value:
      Effects(strategy, state, step)
          .remove(victim.key, state.server[victim.key].values[victim.index]);
      return;
    case Of::generation:
      state.server[victim.key].generation = 0;
      return;
    case Of::counter:
      state.counter = 0;
      return;
    default:
      at(state, victim).there = false;
  }
}

}  // namespace cacherace::oracle
