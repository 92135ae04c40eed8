#include "tests/rules/model/effects.hpp"

#include <algorithm>

#include "tests/rules/model/protocol.hpp"
#include "tests/rules/model/stores.hpp"

namespace cacherace::rules {
namespace {

Row& row_of(World& world, Key key) { return world.rows[static_cast<std::size_t>(key.row)]; }

void commit(World& world, Key key, int version, Event& event) {
  row_of(world, key).version = version;
  world.log.push_back({.row = key.row, .version = version});
  event.commits = version;
}

/// Queues a version of the row, and returns the number of the queued write.
int enqueue(World& world, Key key, int version) {
  if (world.race->strategy.coalesce)
    for (auto& queued : world.queue)
      if (queued.row == key.row) {
        queued.version = version;
        queued.number = ++world.writes;
        return queued.number;
      }
  world.queue.push_back({.number = ++world.writes, .row = key.row, .version = version});
  return world.writes;
}

void drop(World& world, int number) {
  std::erase_if(world.queue, [&](const Queued& queued) { return queued.number == number; });
}

Key key_of_step(const Actor& actor) {
  if (!actor.steps.empty() && actor.next < actor.steps.size() && actor.at != At::wait)
    return actor.steps[actor.next].key;
  return actor.key;
}

}  // namespace

Outcome take_effect(World& world, Actor& actor, int index, Way way, int replica, Event& event) {
  const auto& s = world.race->strategy;
  const Key key = key_of_step(actor);
  event.key = key;
  switch (actor.at) {
    case At::filter_check:
      if (world.filter[static_cast<std::size_t>(key.row)] || way == Way::false_positive)
        return {.got = Got::ok};
      return {.got = Got::absent};
    case At::filter_add:
      world.filter[static_cast<std::size_t>(key.row)] = true;
      return {};
    case At::local_get:
    case At::local_again: {
      const auto* copy = find(world, Kind::entry, key, 0, actor.process);
      if (copy == nullptr) return {.got = Got::miss};
      return {.got = Got::hit, .version = copy->value};
    }
    case At::local_set:
      store(world, key, 0, actor.value, actor.process);
      return {};
    case At::local_del:
      erase(world, find(world, Kind::entry, key, 0, actor.process));
      return {};
    case At::get_version: {
      const auto* group = find(world, Kind::group, Key{group_of(*world.race, key.row)});
      if (group == nullptr) return {.got = Got::miss};
      return {.got = Got::ok, .version = group->value};
    }
    case At::seed_version: {
      const Key number{group_of(*world.race, key.row)};
      const auto* group = find(world, Kind::group, number);
      if (group == nullptr)
        group = &put(world, Kind::group, number, s.seed_one ? 1 : (world.names += 100), never);
      return {.got = Got::ok, .version = group->value};
    }
    case At::bump: {
      const Key number{group_of(*world.race, key.row)};
      const auto* group = find(world, Kind::group, number);
      const int value = group != nullptr ? group->value + 1 : s.seed_one ? 1 : (world.names += 100);
      put(world, Kind::group, number, value, never);
      return {.got = Got::ok, .version = value};
    }
    case At::get:
    case At::get_again:
      return look_up(world, actor, way);
    case At::get_mark:
      return {.got = find(world, Kind::mark, Key{key.row}) != nullptr ? Got::ok : Got::miss};
    case At::mark:
      put(world, Kind::mark, Key{key.row}, 0, s.mark_ttl);
      return {};
    case At::read_row:
      if (replica >= 0)
        return {.got = Got::row,
                .version = world.replica_rows[static_cast<std::size_t>(replica)]
                                             [static_cast<std::size_t>(key.row)]};
      return {.got = Got::row, .version = row_of(world, key).version};
    case At::fill:
      return fill(world, actor);
    case At::set_ttl:
      if (auto* entry = find(world, Kind::entry, key, actor.named)) {
        entry->ttl = ttl_of(s, entry->value);
        entry->since = ++world.stores;
      }
      return {};
    case At::join: {
      const int process = s.load == Load::read_through ? 0 : actor.process;
      for (std::size_t i = 0; i < world.flights.size(); ++i) {
        const auto& flight = world.flights[i];
        if (!flight.open || flight.process != process || !(flight.key == key)) continue;
        actor.flight = static_cast<int>(i);
        return {.got = Got::joined};
      }
      actor.flight = static_cast<int>(world.flights.size());
      world.flights.push_back({.process = process, .key = key, .leader = index});
      return {.got = Got::leads};
    }
    case At::flight_wait: {
      const auto& flight = world.flights[static_cast<std::size_t>(actor.flight)];
      return {.got = flight.failed ? Got::error : Got::ok, .version = flight.version};
    }
    case At::finish: {
      auto& flight = world.flights[static_cast<std::size_t>(actor.flight)];
      flight.open = false;
      flight.over = true;
      flight.failed = actor.failed;
      flight.version = actor.value;
      return {};
    }
    case At::forget:
      for (auto& flight : world.flights)
        if (flight.process == actor.process && flight.key == key) flight.open = false;
      return {};
    case At::lock: {
      if (find(world, Kind::lock, Key{key}) != nullptr) return {.got = Got::held};
      const bool load_lock = actor.task != Task::refresh || s.load == Load::lock;
      auto& lock = put(world, Kind::lock, key, 0, load_lock ? s.lock.ttl : s.refresh_lock);
      actor.token = lock.owner = ++world.tokens;
      return {.got = Got::ok};
    }
    case At::unlock: {
      const bool checked = s.lock.checked || (actor.task == Task::refresh && s.load != Load::lock);
      const auto* lock = find(world, Kind::lock, key);
      if (lock != nullptr && (!checked || lock->owner == actor.token)) erase(world, lock);
      return {};
    }
    case At::wait:
      return {.got = way == Way::gives_up ? Got::gave_up : Got::ok};
    case At::write_row: {
      if (actor.task == Task::flush) {
        commit(world, key, actor.written, event);
        drop(world, actor.queued);
        return {.got = Got::ok, .version = actor.written};
      }
      actor.written = ++row_of(world, key).given;
      commit(world, key, actor.written, event);
      return {.got = Got::ok, .version = actor.written};
    }
    case At::begin: {
      auto& row = row_of(world, key);
      actor.written = ++row.given;
      actor.transaction = ++world.transactions;
      row.locked_by = actor.transaction;
      event.created = actor.written;
      return {.got = Got::ok, .version = actor.written};
    }
    case At::commit: {
      auto& row = row_of(world, key);
      if (row.locked_by != actor.transaction) return {.got = Got::nothing};
      row.locked_by = 0;
      commit(world, key, actor.written, event);
      return {.got = Got::ok, .version = actor.written};
    }
    case At::del:
      return remove(world, actor, key);
    case At::store:
      return write_through(world, actor);
    case At::append: {
      actor.written = ++row_of(world, key).given;
      enqueue(world, key, actor.written);
      event.created = actor.written;
      event.queued = true;
      start_flush(world, actor.client);
      return {.got = Got::ok, .version = actor.written};
    }
    case At::queue_write: {
      const int written = ++row_of(world, key).given;
      actor.written = written;
      event.created = written;
      event.queued = true;
      const int number = enqueue(world, key, written);
      store(world, key, 0, written).queued = number;
      start_flush(world, actor.client);
      return {.got = Got::ok, .version = written};
    }
    case At::take: {
      if (world.queue.empty()) return {.got = Got::nothing};
      actor.key = Key{world.queue.front().row};
      actor.written = world.queue.front().version;
      actor.queued = world.queue.front().number;
      event.key = actor.key;
      return {.got = Got::ok, .version = actor.written};
    }
    case At::clean:
      return {};
    case At::list: {
      for (const auto& item : world.cache)
        if (item.kind == Kind::entry && item.process < 0 &&
            group_of(*world.race, item.key.row) == group_of(*world.race, key.row))
          actor.listed_keys.push_back(item.key);
      return {.got = actor.listed_keys.empty() ? Got::nothing : Got::ok};
    }
    case At::del_listed: {
      for (const auto& listed : actor.listed_keys) {
        const auto* entry = find(world, Kind::entry, listed);
        if (entry != nullptr) erase(world, entry);
      }
      return {};
    }
    case At::evict: {
      // The one that readers find.
      const auto* group = find(world, Kind::group, Key{group_of(*world.race, key.row)});
      if (s.write == Write::bump_version && group == nullptr) return {};
      const auto* entry = find_entry(world, key, group == nullptr ? 0 : group->value);
      if (entry != nullptr) lose_item(world, static_cast<std::size_t>(entry - world.cache.data()));
      return {};
    }
    case At::flush:
      flush_cache(world);
      return {};
    case At::restart:
      restart_cache(world);
      return {};
    case At::nothing:
      break;
  }
  return {};
}

void lose_item(World& world, std::size_t item) {
  const auto lost = world.cache[item];
  world.cache.erase(world.cache.begin() + static_cast<std::ptrdiff_t>(item));
  if (lost.queued != 0) drop(world, lost.queued);
}

void flush_cache(World& world) {
  std::erase_if(world.cache, [](const Item& item) { return item.process < 0; });
  if (!world.race->strategy.durable_queue) world.queue.clear();
}

void restart_cache(World& world) {
  flush_cache(world);
  for (auto& actor : world.actors)
    if (actor.task == Task::tell) {
      actor.done = true;
      actor.at = At::nothing;
    }
  if (world.race->strategy.local && !world.race->strategy.keep_copies)
    std::erase_if(world.cache, [](const Item& item) { return item.process >= 0; });
}

void apply(World& world, int replica) {
  const auto number = static_cast<std::size_t>(replica);
  const auto& next = world.log[world.applied[number]++];
  world.replica_rows[number][static_cast<std::size_t>(next.row)] = next.version;
  if (world.race->strategy.marker) erase(world, find(world, Kind::mark, Key{next.row}));
}

void die(World& world, int client) {
  for (std::size_t i = 0; i < world.actors.size(); ++i) {
    auto& actor = world.actors[i];
    if (actor.client != client) continue;
    const bool lives_on = actor.task == Task::propagate || actor.task == Task::flush ||
                          actor.task == Task::tell ||
                          (actor.task == Task::second_delete && world.race->strategy.durable_timer);
    if (lives_on) continue;
    actor.done = true;
    actor.at = At::nothing;
    for (auto& row : world.rows)
      if (actor.transaction != 0 && row.locked_by == actor.transaction) row.locked_by = 0;
    for (auto& flight : world.flights)
      if (flight.leader == static_cast<int>(i) && !flight.over) {
        flight.open = false;
        flight.over = true;
        flight.failed = true;
      }
  }
}

}  // namespace cacherace::rules
