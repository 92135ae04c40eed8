#include <algorithm>

#include "tests/rules/model/protocol_steps.hpp"

namespace cacherace::rules {

void add_deletes(const World& world, const Actor& a, std::vector<WriteStep>& steps, bool stores) {
  const auto& s = strategy(world);
  if (s.local && s.local_first && !stores) steps.push_back({At::local_del, a.key});
  if (stores) {
    if (s.write != Write::write_behind || s.durable_queue)
      steps.push_back({At::store, a.key});
    else
      steps.push_back({At::queue_write, a.key});
  } else {
    steps.push_back({At::del, a.key});
  }
  const bool cache_first = s.write == Write::write_through && s.cache_first;
  if (cache_first) steps.push_back({At::commit, a.key});
  if (world.race->derived)
    for (int i = 1; i <= world.race->known; ++i)
      steps.push_back({At::del, Key{.row = a.key.row, .aggregate = i}});
  if (s.local && (stores || !s.local_first)) steps.push_back({At::local_del, a.key});
  if (s.forget && s.load == Load::single_flight && !stores) steps.push_back({At::forget, a.key});
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

namespace {

void tell_others(World& world, const Actor& actor) {
  for (int process = 0; process < strategy(world).local_processes; ++process) {
    if (process == actor.process) continue;
    Actor tell;
    tell.client = actor.client;
    tell.task = Task::tell;
    tell.at = At::local_del;
    tell.key = actor.key;
    tell.process = process;
    world.actors.push_back(tell);
  }
}

/// Messages are sent at the last deletion, whether or not it was answered.
bool tells(const World& world, const Actor& a) {
  const auto deletes = [](const WriteStep& step) {
    return step.at == At::del || step.at == At::local_del;
  };
  const auto rest = a.steps.begin() + static_cast<std::ptrdiff_t>(a.next);
  return strategy(world).local && deletes(*rest) && std::none_of(rest + 1, a.steps.end(), deletes);
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

}  // namespace

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
    if (tells(world, a)) {
      const Actor teller = a;
      tell_others(world, teller);
    }
  }
  {
    auto& a = at(world, actor);
    ++a.next;
  }
  if (event.commits != 0) {
    const auto writer = at(world, actor);
    propagate(world, writer);
  }
  next_write_step(world, actor, event);
}

void propagate(World& world, const Actor& writer) {
  if (strategy(world).write != Write::cdc) return;
  auto task = task_of(writer, Task::propagate);
  task.order = ++world.propagated;
  add_deletes(world, task, task.steps, false);
  task.at = task.steps.front().at;
  world.actors.push_back(task);
}

}  // namespace cacherace::rules
