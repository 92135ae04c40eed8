#include "tests/rules/model/protocol_steps.hpp"

namespace cacherace::rules {

namespace {

/// Under a lock it has looked before.
bool again(const Actor& a) { return a.holds_lock; }

void look(Actor& a) { a.at = again(a) ? At::get_again : At::get; }

void past_local(const World& world, Actor& a) {
  if (strategy(world).write == Write::bump_version)
    a.at = At::get_version;
  else
    look(a);
}

}  // namespace

void past_filter(const World& world, Actor& a) {
  if (strategy(world).local && a.task != Task::refresh)
    a.at = again(a) ? At::local_again : At::local_get;
  else
    past_local(world, a);
}

void look_up(const World& world, Actor& a) {
  if (strategy(world).bloom)
    a.at = At::filter_check;
  else
    past_filter(world, a);
}

void fetch(const World& world, Actor& a) {
  a.at = strategy(world).marker ? At::get_mark : At::read_row;
}

namespace {

void load(World& world, Actor& a) {
  switch (strategy(world).load) {
    case Load::single_flight:
    case Load::read_through:
      a.at = At::join;
      return;
    case Load::lock:
      a.at = At::lock;
      return;
    default:
      fetch(world, a);
  }
}

/// The value in hand is to be answered; what is held is given back first.
void give_back(World& world, int actor, Event& event) {
  auto& a = at(world, actor);
  if (a.holds_lock) {
    a.at = At::unlock;
    return;
  }
  if (a.flight >= 0 && a.at != At::finish && a.at != At::flight_wait) {
    a.at = At::finish;
    return;
  }
  if (a.failed && a.old_value >= 0) {
    a.value = a.old_value;
    return end(world, actor, true, event);
  }
  end(world, actor, !a.failed, event);
}

void keep(World& world, int actor, Event& event) {
  auto& a = at(world, actor);
  if (strategy(world).local && a.task == Task::none) {
    a.at = At::local_set;
    return;
  }
  give_back(world, actor, event);
}

void start_refresh(World& world, int actor) {
  auto refresh = task_of(at(world, actor), Task::refresh);
  refresh.at = At::lock;
  refresh.generation = at(world, actor).generation;
  world.actors.push_back(refresh);
}

void hit(World& world, int actor, Got got, int version, Event& event) {
  const auto& s = strategy(world);
  auto& a = at(world, actor);
  if (got == Got::soft_hit) {
    if (s.read == Read::xfetch) return load(world, a);
    if (s.read == Read::stale_if_error) {
      a.old_value = version;
      return load(world, a);
    }
  }
  a.value = version;
  if (got == Got::soft_hit) start_refresh(world, actor);
  keep(world, actor, event);
}

}  // namespace

void after_read_step(World& world, int actor, Got got, int version, Event& event) {
  const auto& s = strategy(world);
  auto& a = at(world, actor);
  switch (a.at) {
    case At::filter_check:
      if (got == Got::absent) {
        a.value = 0;
        return give_back(world, actor, event);
      }
      return past_filter(world, a);
    case At::local_get:
      if (got != Got::hit) return past_local(world, a);
      a.value = version;
      return end(world, actor, true, event);
    case At::local_again:
      if (got == Got::hit) {
        a.value = version;
        return give_back(world, actor, event);
      }
      return past_local(world, a);
    case At::get_version:
      if (got != Got::ok)
        a.at = At::seed_version;
      else
        a.named = version, look(a);
      return;
    case At::seed_version:
      if (got != Got::ok) {
        a.fills = false;
        return again(a) ? fetch(world, a) : load(world, a);
      }
      a.named = version;
      return look(a);
    case At::get:
      if (got == Got::hit || got == Got::soft_hit) return hit(world, actor, got, version, event);
      if (s.load == Load::lease) {
        if (got == Got::ok) {
          a.token = version;
          return fetch(world, a);
        }
        if (s.refused == Refused::retry) {
          a.at = At::wait;
          return;
        }
        if (s.refused == Refused::give_up) return end(world, actor, false, event);
        a.fills = false;
        return fetch(world, a);
      }
      return load(world, a);
    case At::join:
      if (got == Got::leads) return fetch(world, a);
      a.at = At::flight_wait;
      return;
    case At::flight_wait:
      if (got == Got::error) a.failed = true;
      a.value = version;
      a.flight = -1;
      return give_back(world, actor, event);
    case At::lock:
      if (got == Got::ok) {
        a.holds_lock = true;
        return look_up(world, a);
      }
      a.at = At::wait;
      return;
    case At::wait:
      if (got == Got::gave_up) {
        a.fills = false;
        return fetch(world, a);
      }
      return look_up(world, a);
    case At::get_again:
      if (got == Got::hit) {
        a.value = version;
        return keep(world, actor, event);
      }
      if (got == Got::soft_hit) {
        if (s.read == Read::stale_if_error) a.old_value = version;
      }
      return fetch(world, a);
    case At::get_mark:
      a.primary = got == Got::ok;
      a.at = At::read_row;
      return;
    case At::read_row:
      if (got == Got::no_answer) {
        a.failed = true;
        return give_back(world, actor, event);
      }
      a.value = version;
      if (!a.fills || s.read == Read::direct || (version == 0 && s.negative == never))
        return give_back(world, actor, event);
      a.at = At::fill;
      return;
    case At::fill:
      a.keeps = got != Got::refused;
      if (s.fill == Fill::set_then_expire) {
        a.at = At::set_ttl;
        return;
      }
      if (!a.keeps) return give_back(world, actor, event);
      return keep(world, actor, event);
    case At::set_ttl:
      return keep(world, actor, event);
    case At::local_set:
      return give_back(world, actor, event);
    case At::unlock:
      a.holds_lock = false;
      return give_back(world, actor, event);
    case At::finish:
      a.flight = -1;
      return give_back(world, actor, event);
    default:
      break;
  }
}

}  // namespace cacherace::rules
