#include "tests/rules/protocol.hpp"

namespace cacherace::rules {
namespace {

const Strategy& strategy(const World& world) { return world.race->strategy; }

Actor& at(World& world, int actor) { return world.actors[static_cast<std::size_t>(actor)]; }

Actor task_of(const Actor& parent, Task task) {
  Actor made;
  made.client = parent.client;
  made.task = task;
  made.process = parent.process;
  made.key = parent.key;
  made.named = parent.named;
  made.written = parent.written;
  return made;
}

// --- ends ---

void end(World& world, int actor, bool answered, Event& event) {
  auto& a = at(world, actor);
  if (a.task != Task::none) {
    a.done = true;
    a.at = At::nothing;
    return;
  }
  event.ends = true;
  event.answered = answered;
  event.answer = a.value;
  ++a.operation;
  begin_operation(world, actor);
}

// --- deletes and stores of a write, one step after another ---

void add_deletes(const World& world, const Actor& a, std::vector<WriteStep>& steps, bool stores) {
  const auto& s = strategy(world);
  if (s.local && s.local_first) steps.push_back({At::local_del, a.key});
  if (stores) {
    if (s.write != Write::write_behind || s.durable_queue)
      steps.push_back({At::store, a.key});
    else
      steps.push_back({At::queue_write, a.key});
  } else {
    steps.push_back({At::del, a.key});
  }
  if (world.race->derived)
    for (int i = 1; i <= world.race->known; ++i)
      steps.push_back({At::del, Key{.row = a.key.row, .aggregate = i}});
  if (s.local && !s.local_first) steps.push_back({At::local_del, a.key});
  if (s.forget && !stores) steps.push_back({At::forget, a.key});
}

std::vector<WriteStep> steps_of_write(const World& world, const Actor& a) {
  const auto& s = strategy(world);
  std::vector<WriteStep> steps;
  const auto add = [&](At step) { steps.push_back({step, a.key}); };
  if (s.bloom) add(At::filter_add);
  if (s.write == Write::write_through && s.through_lock) add(At::lock);
  if (s.marker) add(At::mark);
  switch (s.write) {
    case Write::delete_after:
      add(At::write_row);
      add_deletes(world, a, steps, false);
      break;
    case Write::delete_before:
      add_deletes(world, a, steps, false);
      add(At::write_row);
      break;
    case Write::set_after:
      add(At::write_row);
      add_deletes(world, a, steps, true);
      break;
    case Write::none:
    case Write::cdc:
      add(At::write_row);
      break;
    case Write::double_delete:
      if (s.first_before) {
        add_deletes(world, a, steps, false);
        add(At::write_row);
      } else {
        add(At::write_row);
        add_deletes(world, a, steps, false);
      }
      break;
    case Write::in_transaction:
      add(At::begin);
      add_deletes(world, a, steps, false);
      add(At::commit);
      break;
    case Write::write_through:
      if (s.cache_first) {
        add(At::begin);
        add_deletes(world, a, steps, true);
        add(At::commit);
      } else {
        add(At::write_row);
        add_deletes(world, a, steps, true);
      }
      break;
    case Write::write_behind:
      if (s.durable_queue) add(At::append);
      add_deletes(world, a, steps, true);
      break;
    case Write::bump_version:
      add(At::write_row);
      add(At::bump);
      break;
    case Write::delete_by_keys:
    case Write::delete_by_scan:
      add(At::write_row);
      add(At::list);
      break;
  }
  if (s.write == Write::write_through && s.through_lock) add(At::unlock);
  return steps;
}

void next_write_step(World& world, int actor, Event& event) {
  auto& a = at(world, actor);
  if (a.next < a.steps.size()) {
    a.at = a.steps[a.next].at;
    return;
  }
  const auto& s = strategy(world);
  if (a.task == Task::none && s.write == Write::double_delete) {
    auto second = task_of(a, Task::second_delete);
    add_deletes(world, a, second.steps, false);
    second.at = second.steps.front().at;
    world.actors.push_back(second);
  }
  end(world, actor, true, event);
}

void after_write_step(World& world, int actor, Got got, Event& event) {
  {
    auto& a = at(world, actor);
    switch (a.at) {
      case At::lock:
        if (got == Got::ok) a.holds_lock = true;
        if (got != Got::ok) {
          a.at = At::wait;
          return;
        }
        break;
      case At::wait:
        if (got == Got::gave_up) return end(world, actor, false, event);
        a.at = At::lock;
        return;
      case At::unlock:
        a.holds_lock = false;
        if (a.failed) return end(world, actor, false, event);
        break;
      case At::write_row:
      case At::begin:
      case At::commit:
        if (got == Got::no_answer) {
          a.failed = true;
          if (a.holds_lock) {
            a.at = At::unlock;
            return;
          }
          return end(world, actor, false, event);
        }
        break;
      case At::append:
        if (got == Got::no_answer) return end(world, actor, false, event);
        break;
      case At::list:
        if (got != Got::ok) break;
        a.at = At::del_listed;
        return;
      default:
        break;
    }
    ++a.next;
  }
  if (event.commits != 0) {
    const auto writer = at(world, actor);
    propagate(world, writer);
  }
  next_write_step(world, actor, event);
}

// --- reads ---

void load(World& world, Actor& a);

void look(const World& world, Actor& a) {
  (void)world;
  a.at = At::get;
}

void past_local(const World& world, Actor& a) {
  if (strategy(world).write == Write::bump_version)
    a.at = At::get_version;
  else
    look(world, a);
}

void past_filter(const World& world, Actor& a) {
  if (strategy(world).local)
    a.at = At::local_get;
  else
    past_local(world, a);
}

void fetch(const World& world, Actor& a) {
  a.at = strategy(world).marker ? At::get_mark : At::read_row;
}

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

void after_read_step(World& world, int actor, Got got, int version, Event& event) {
  const auto& s = strategy(world);
  auto& a = at(world, actor);
  switch (a.at) {
    case At::filter_check:
      if (got == Got::absent) {
        a.value = 0;
        return end(world, actor, true, event);
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
      a.at = At::get_again;
      return;
    case At::get_version:
      if (got != Got::ok)
        a.at = At::seed_version;
      else
        a.named = version, look(world, a);
      return;
    case At::seed_version:
      if (got != Got::ok) {
        a.fills = false;
        return load(world, a);
      }
      a.named = version;
      return look(world, a);
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
        a.at = s.local ? At::local_again : At::get_again;
        return;
      }
      a.at = At::wait;
      return;
    case At::wait:
      if (got == Got::gave_up) {
        a.fills = false;
        return fetch(world, a);
      }
      if (s.local)
        a.at = At::local_get;
      else
        look(world, a);
      return;
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

void after_refresh_step(World& world, int actor, Got got, int version, Event& event) {
  const auto& s = strategy(world);
  auto& a = at(world, actor);
  const auto release = [&] { a.at = At::unlock; };
  switch (a.at) {
    case At::lock:
      if (got != Got::ok) return end(world, actor, true, event);
      a.holds_lock = true;
      a.at = At::get_again;
      return;
    case At::get_again:
      if (got == Got::hit) return release();
      return fetch(world, a);
    case At::get_mark:
      a.primary = got == Got::ok;
      a.at = At::read_row;
      return;
    case At::read_row:
      a.value = version;
      if (got == Got::no_answer || (version == 0 && s.negative == never)) return release();
      a.at = At::fill;
      return;
    case At::fill:
      if (s.fill == Fill::set_then_expire)
        a.at = At::set_ttl;
      else
        release();
      return;
    case At::set_ttl:
      return release();
    default:
      end(world, actor, true, event);
  }
}

void after_flush_step(World& world, int actor, Got got, Event& event) {
  const auto& s = strategy(world);
  auto& a = at(world, actor);
  const auto stop_or_go_on = [&](bool again) {
    a.flushed = 0;
    if (again) {
      a.at = At::take;
      return;
    }
    world.flushing = false;
    end(world, actor, true, event);
  };
  switch (a.at) {
    case At::take:
      if (got == Got::ok)
        a.at = At::write_row;
      else
        stop_or_go_on(!world.queue.empty());
      return;
    case At::write_row:
      if (got == Got::no_answer)
        stop_or_go_on(!world.queue.empty());
      else
        a.at = At::clean;
      return;
    default:
      if (++a.flushed < s.batch)
        a.at = At::take;
      else
        stop_or_go_on(!world.queue.empty());
  }
}

}  // namespace

void propagate(World& world, const Actor& writer) {
  if (strategy(world).write != Write::cdc) return;
  auto task = task_of(writer, Task::propagate);
  task.order = ++world.propagated;
  add_deletes(world, task, task.steps, false);
  task.at = task.steps.front().at;
  world.actors.push_back(task);
}

void start_flush(World& world, int client) {
  if (world.flushing) return;
  world.flushing = true;
  Actor flush;
  flush.client = client;
  flush.task = Task::flush;
  flush.at = At::take;
  world.actors.push_back(flush);
}

void begin_operation(World& world, int actor) {
  auto& a = at(world, actor);
  const auto& operations = world.race->clients[static_cast<std::size_t>(a.client)];
  Actor fresh;
  fresh.client = a.client;
  fresh.process = a.process;
  fresh.operation = a.operation;
  fresh.begun = a.begun;
  if (static_cast<std::size_t>(a.operation) == operations.size()) {
    fresh.done = true;
    a = fresh;
    return;
  }
  const auto& operation = operations[static_cast<std::size_t>(a.operation)];
  fresh.key = operation.key;
  a = fresh;
  const auto& s = strategy(world);
  switch (operation.what) {
    case Do::read:
      if (s.read == Read::direct)
        fetch(world, a);
      else if (s.bloom)
        a.at = At::filter_check;
      else
        past_filter(world, a);
      break;
    case Do::write:
      a.steps = steps_of_write(world, a);
      a.at = a.steps.front().at;
      break;
    case Do::evict:
      a.at = At::evict;
      break;
    case Do::flush:
      a.at = At::flush;
      break;
    case Do::restart:
      a.at = At::restart;
      break;
  }
}

void advance(World& world, int actor, Got got, int version, Event& event) {
  auto& a = at(world, actor);
  a.begun = true;
  a.in_operation = true;
  switch (a.task) {
    case Task::refresh:
      return after_refresh_step(world, actor, got, version, event);
    case Task::flush:
      return after_flush_step(world, actor, got, event);
    case Task::tell:
      return end(world, actor, true, event);
    case Task::second_delete:
    case Task::propagate: {
      const bool again = a.task == Task::propagate || strategy(world).durable_timer;
      if (got == Got::no_answer && again) return;  // is repeated until it is answered
      return after_write_step(world, actor, got, event);
    }
    case Task::none:
      break;
  }
  switch (
      world.race->clients[static_cast<std::size_t>(a.client)][static_cast<std::size_t>(a.operation)]
          .what) {
    case Do::read:
      return after_read_step(world, actor, got, version, event);
    case Do::write:
      return after_write_step(world, actor, got, event);
    default:
      end(world, actor, true, event);
  }
}

}  // namespace cacherace::rules
