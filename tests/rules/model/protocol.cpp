#include "tests/rules/model/protocol_steps.hpp"

namespace cacherace::rules {

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
      else
        look_up(world, a);
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
