#include "tests/rules/model/protocol_steps.hpp"

namespace cacherace::rules {

void after_refresh_step(World& world, int actor, Got got, int version, Event& event) {
  const auto& s = strategy(world);
  auto& a = at(world, actor);
  const auto release = [&] { a.at = At::unlock; };
  switch (a.at) {
    case At::lock:
      if (got != Got::ok) return end(world, actor, true, event);
      a.holds_lock = true;
      return look_up(world, a);
    case At::filter_check:
      if (got == Got::absent) return release();
      return past_filter(world, a);
    case At::get_version:
      if (got == Got::ok) a.named = version;
      a.at = got == Got::ok ? At::get_again : At::seed_version;
      return;
    case At::seed_version:
      a.fills = got == Got::ok;
      if (!a.fills) return fetch(world, a);
      a.named = version;
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
      if (got == Got::no_answer || !a.fills || (version == 0 && s.negative == never))
        return release();
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
        stop_or_go_on(got == Got::no_answer);
      return;
    case At::write_row:
      if (got == Got::no_answer)
        stop_or_go_on(true);
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

void start_flush(World& world, int client) {
  if (world.flushing) return;
  world.flushing = true;
  Actor flush;
  flush.client = client;
  flush.task = Task::flush;
  flush.at = At::take;
  world.actors.push_back(flush);
}

}  // namespace cacherace::rules
