#include "tests/rules/enumerate/choices.hpp"

#include "tests/rules/model/protocol.hpp"

namespace cacherace::rules {
namespace {

bool is_remote(const Actor& actor) {
  switch (actor.at) {
    case At::nothing:
    case At::filter_check:
    case At::filter_add:
    case At::local_get:
    case At::local_again:
    case At::local_set:
    case At::join:
    case At::flight_wait:
    case At::finish:
    case At::forget:
    case At::wait:
    case At::evict:
    case At::flush:
    case At::restart:
      return false;
    case At::local_del:
      return actor.task == Task::tell;
    default:
      return true;
  }
}

Key key_of(const Actor& actor) {
  if (!actor.steps.empty() && actor.next < actor.steps.size()) return actor.steps[actor.next].key;
  return actor.key;
}

/// Whether a client that waits would find what it waits for.
bool would_find(const World& world, const Actor& actor) {
  auto copy = world;
  const bool writes = !actor.steps.empty();
  if (!writes && find(copy, Kind::entry, actor.key, actor.named) != nullptr) return true;
  if (!writes && world.race->strategy.local &&
      find(copy, Kind::entry, actor.key, 0, actor.process) != nullptr)
    return true;
  if (!writes && world.race->strategy.load == Load::lease)
    return is_leasable(find(copy, Kind::lease, actor.key)) ||
           find(copy, Kind::old_value, actor.key) != nullptr;
  return find(copy, Kind::lock, key_of(actor)) == nullptr;
}

void add_steps(const World& world, std::size_t index, const Actor& actor, What what,
               std::vector<Choice>& into) {
  if (is_blocked(world, actor)) return;
  const auto add = [&](Way way, int replica = -1) {
    into.push_back({.what = what, .which = index, .way = way, .replica = replica});
  };
  switch (actor.at) {
    case At::wait:
      if (would_find(world, actor)) add(Way::usual);
      add(Way::gives_up);
      return;
    case At::filter_check:
      add(Way::usual);
      if (!world.filter[static_cast<std::size_t>(actor.key.row)]) add(Way::false_positive);
      return;
    case At::get: {
      add(Way::usual);
      if (world.race->strategy.read != Read::xfetch) return;
      auto copy = world;
      const auto* entry = find(copy, Kind::entry, actor.key, actor.named);
      if (entry != nullptr && entry->ttl.max != never) add(Way::early);
      return;
    }
    case At::read_row:
      if (world.race->replicas == 0 || actor.primary) return add(Way::usual);
      for (int i = 0; i < world.race->replicas; ++i) add(Way::usual, i);
      return;
    default:
      add(Way::usual);
  }
}

struct Moment {
  std::size_t item;
  bool soft;
  int stored;
  Range length;
};

/// Whether `first` has to come before `second`, whatever the times.
bool comes_before(const Moment& first, const Moment& second) {
  if (first.item == second.item) return first.soft && !second.soft;
  return first.soft == second.soft && first.stored < second.stored &&
         first.length.max <= second.length.min;
}

void add_clock(const World& world, std::vector<Choice>& into) {
  std::vector<Moment> moments;
  for (std::size_t i = 0; i < world.cache.size(); ++i) {
    const auto& item = world.cache[i];
    if (item.soft.max != never && !item.softened)
      moments.push_back({.item = i, .soft = true, .stored = item.stored, .length = item.soft});
    if (item.ttl.max != never)
      moments.push_back({.item = i, .soft = false, .stored = item.since, .length = item.ttl});
  }
  for (const auto& moment : moments) {
    bool first = true;
    for (const auto& other : moments) first = first && !comes_before(other, moment);
    if (first)
      into.push_back({.what = moment.soft ? What::soften : What::expire, .which = moment.item});
  }
}

bool can_crash(const World& world, std::size_t client) {
  const auto& itself = world.actors[client];
  if (!itself.begun) return false;
  for (const auto& actor : world.actors) {
    if (actor.done || actor.client != static_cast<int>(client)) continue;
    if (actor.task == Task::none || actor.task == Task::refresh) return true;
    if (actor.task == Task::second_delete && !world.race->strategy.durable_timer) return true;
  }
  return false;
}

void add_faults(const World& world, std::vector<Choice>& into) {
  if (world.faults[Fault::crash] > 0)
    for (std::size_t i = 0; i < world.race->clients.size(); ++i)
      if (can_crash(world, i)) into.push_back({.what = What::crash, .which = i});
  bool shared = false, local = false;
  for (std::size_t i = 0; i < world.cache.size(); ++i) {
    local = local || world.cache[i].process >= 0;
    if (world.cache[i].process >= 0) continue;
    shared = true;
    if (world.faults[Fault::evict] > 0) into.push_back({.what = What::evict, .which = i});
  }
  const bool queued = !world.race->strategy.durable_queue && !world.queue.empty();
  if (world.faults[Fault::flush] > 0 && (shared || queued)) into.push_back({.what = What::flush});
  if (world.faults[Fault::restart] > 0 && (shared || queued || local))
    into.push_back({.what = What::restart});
}

Event event_of(const Actor& actor, std::size_t index) {
  Event event;
  event.client = actor.client;
  event.task = actor.task;
  event.actor = static_cast<int>(index);
  event.at = actor.at;
  event.key = actor.key;
  return event;
}

Event step(World& world, const Choice& choice) {
  auto& actor = world.actors[choice.which];
  auto event = event_of(actor, choice.which);
  event.begins = actor.task == Task::none && !actor.in_operation;
  if (actor.task == Task::none) {
    const auto& operation = world.race->clients[static_cast<std::size_t>(actor.client)]
                                               [static_cast<std::size_t>(actor.operation)];
    event.operation = operation.what;
    event.asked = operation.key;
  }
  const int number = static_cast<int>(choice.which);
  if (choice.what == What::step) {
    // Effects may start tasks, which moves the actors.
    Actor copy = actor;
    const auto outcome = take_effect(world, copy, number, choice.way, choice.replica, event);
    world.actors[choice.which] = copy;
    event.got = outcome.got;
    event.version = outcome.version;
    advance(world, number, outcome.got, outcome.version, event);
    return event;
  }
  event.got = Got::no_answer;
  event.will_come = choice.what == What::comes_late;
  --world.faults[Fault::lose];
  if (event.will_come) {
    world.late.push_back(actor);
  } else if (actor.at == At::commit) {
    for (auto& row : world.rows)
      if (row.locked_by == actor.transaction) row.locked_by = 0;
  }
  advance(world, number, Got::no_answer, 0, event);
  return event;
}

}  // namespace

bool is_blocked(const World& world, const Actor& actor) {
  if (actor.at == At::write_row || actor.at == At::begin) {
    const auto& row = world.rows[static_cast<std::size_t>(key_of(actor).row)];
    return row.locked_by != 0;
  }
  if (actor.at == At::flight_wait)
    return !world.flights[static_cast<std::size_t>(actor.flight)].over;
  if (actor.task == Task::propagate)
    for (const auto& other : world.actors)
      if (other.task == Task::propagate && !other.done && other.order < actor.order) return true;
  return false;
}

std::vector<Choice> choices(const World& world) {
  bool over = world.late.empty();
  for (const auto& actor : world.actors) over = over && actor.done;
  if (over) return {};
  std::vector<Choice> found;
  for (std::size_t i = 0; i < world.actors.size(); ++i) {
    const auto& actor = world.actors[i];
    if (actor.done) continue;
    add_steps(world, i, actor, What::step, found);
    if (world.faults[Fault::lose] == 0 || !is_remote(actor) || is_blocked(world, actor)) continue;
    found.push_back({.what = What::lost, .which = i});
    // A message is late at any time; a transaction that begins late is nobody's, and so are a page
    // of keys and the delete of those that it listed.
    if (actor.task != Task::tell && actor.at != At::begin && actor.at != At::list &&
        actor.at != At::del_listed)
      found.push_back({.what = What::comes_late, .which = i});
  }
  for (std::size_t i = 0; i < world.late.size(); ++i) {
    add_steps(world, i, world.late[i], What::late, found);
    if (world.faults[Fault::lose] > 0) found.push_back({.what = What::late_lost, .which = i});
  }
  add_clock(world, found);
  for (std::size_t i = 0; i < world.applied.size(); ++i)
    if (world.applied[i] < world.log.size()) found.push_back({.what = What::apply, .which = i});
  add_faults(world, found);
  return found;
}

Event take(World& world, const Choice& choice) {
  Event event;
  switch (choice.what) {
    case What::step:
    case What::lost:
    case What::comes_late:
      return step(world, choice);
    case What::late: {
      Actor actor = world.late[choice.which];
      world.late.erase(world.late.begin() + static_cast<std::ptrdiff_t>(choice.which));
      event = event_of(actor, 0);
      event.actor = -1;
      event.late = true;
      const auto outcome = take_effect(world, actor, -1, choice.way, choice.replica, event);
      event.got = outcome.got;
      event.version = outcome.version;
      if (event.commits != 0) propagate(world, actor);
      return event;
    }
    case What::late_lost: {
      --world.faults[Fault::lose];
      const Actor actor = world.late[choice.which];
      for (auto& row : world.rows)
        if (actor.at == At::commit && row.locked_by == actor.transaction) row.locked_by = 0;
      world.late.erase(world.late.begin() + static_cast<std::ptrdiff_t>(choice.which));
      event.says = "lost after all";
      return event;
    }
    case What::expire:
      event.says = "expire";
      event.key = world.cache[choice.which].key;
      lose_item(world, choice.which);
      return event;
    case What::soften:
      event.says = "soften";
      event.key = world.cache[choice.which].key;
      world.cache[choice.which].softened = true;
      return event;
    case What::apply:
      event.says = "apply";
      apply(world, static_cast<int>(choice.which));
      return event;
    case What::crash:
      --world.faults[Fault::crash];
      die(world, static_cast<int>(choice.which));
      event.client = static_cast<int>(choice.which);
      event.crashes = true;
      event.got = Got::crashed;
      event.says = "crash";
      return event;
    case What::evict:
      --world.faults[Fault::evict];
      event.says = "evict";
      event.key = world.cache[choice.which].key;
      lose_item(world, choice.which);
      return event;
    case What::flush:
      --world.faults[Fault::flush];
      event.says = "flush";
      flush_cache(world);
      return event;
    case What::restart:
      --world.faults[Fault::restart];
      event.says = "restart";
      restart_cache(world);
      return event;
  }
  return event;
}

}  // namespace cacherace::rules
