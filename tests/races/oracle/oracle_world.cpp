#include "tests/races/oracle/oracle_world.hpp"

#include <algorithm>
#include <cstdlib>

namespace cacherace::oracle {
namespace {

Value* find(ServerKey& key, int name) {
  for (Value& value : key.values)
    if (value.there && value.name == name) return &value;
  return nullptr;
}

// A refresh takes the lock of loads where there is one.
constexpr int refresh_lock_ttl = 10;
bool of_refresh(const Strategy& strategy, const Actor& actor) {
  return actor.task == Task::refresh && strategy.load != Load::lock;
}

Outcome yes_if(bool condition) { return condition ? Outcome::yes : Outcome::no; }

}  // namespace

const Value* found(const ServerKey& key, int name) {
  const Value* value = find(const_cast<ServerKey&>(key), name);
  return value && !value->tombstone ? value : nullptr;
}

bool possible(const Strategy& strategy, const State& state, const Actor& actor, Do effect) {
  const ServerKey& key = state.server[actor.key];
  const Value* value = found(key, actor.name);
  const bool past_ttl = value && value->softened && strategy.read == Read::stale_if_error;
  switch (effect) {
    case Do::wait_load:
      return (value && !past_ttl) || !key.lock.there;
    case Do::wait_lock:
      return !key.lock.there;
    case Do::wait_lease:
      return value || !key.lease.there || key.deleted.there;
    case Do::flight_wait:
      return state.flights[static_cast<std::size_t>(actor.flight)].over;
    case Do::db_write:
    case Do::db_begin:
      return state.rows[actor.key].writing == 0;
    default:
      return true;
  }
}

void Effects::start(Timed& timed, int ttl, int jitter) const {
  timed.there = true;
  timed.stored = step_;
  timed.ttl_min = ttl - jitter;
  timed.ttl_max = ttl + jitter;
}

Value Effects::fresh(const Actor& actor) const {
  Value value;
  value.name = actor.name;
  value.version = actor.version;
  if (!negative(actor)) {
    const bool past_ttl = s_.read == Read::stale_if_error;
    value.soft_min = past_ttl ? s_.ttl : s_.soft;
    value.soft_max = past_ttl ? s_.ttl : s_.soft;
  }
  if (s_.fill == Fill::set_then_expire && actor.reads)
    start(value, 0);
  else
    give_time(value, actor);
  return value;
}

bool Effects::negative(const Actor& actor) const { return actor.version == 0 && s_.negative > 0; }

// As long as what the actor stores lives.
void Effects::give_time(Timed& timed, const Actor& actor) const {
  if (negative(actor)) return start(timed, s_.negative);
  const int keep = s_.read == Read::stale_if_error ? s_.soft : 0;
  start(timed, s_.ttl + keep, s_.jitter);
}

Outcome Effects::perform(Actor& actor, Do effect) {
  ServerKey& key = server(actor);
  switch (effect) {
    case Do::get:
      return look(actor);
    case Do::lease_get:
      return ask_for_lease(actor);
    case Do::get_version:
      actor.name = state_.counter;
      return yes_if(state_.counter != 0);
    case Do::seed_version:
      if (state_.counter == 0) {
        state_.counter = s_.seed_one ? 1 : 1000 * ++state_.seeds;
      }
      actor.name = state_.counter;
      return Outcome::yes;
    case Do::bump:
      if (state_.counter == 0)
        state_.counter = s_.seed_one ? 1 : 1000 * ++state_.seeds;
      else
        ++state_.counter;
      return Outcome::yes;
    case Do::get_mark:
      actor.from_primary = key.mark.there;
      return yes_if(key.mark.there);
    case Do::mark:
      start(key.mark, s_.mark_ttl);
      return Outcome::yes;
    case Do::set:
    case Do::set_ttl:
    case Do::add:
    case Do::set_if_newer:
    case Do::set_if_generation:
    case Do::lease_set:
      return fill(actor, effect);
    case Do::del:
      remove(actor);
      return Outcome::yes;
    case Do::lock:
      if (key.lock.there) return Outcome::no;
      start(key.lock, of_refresh(s_, actor) ? refresh_lock_ttl : s_.lock_ttl);
      actor.token = key.lock.token = ++state_.tokens;
      return Outcome::yes;
    case Do::unlock:
      if (key.lock.there && key.lock.token == actor.token) key.lock.there = false;
      return Outcome::yes;
    case Do::unlock_any:
      key.lock.there = false;
      return Outcome::yes;
    case Do::db_read:
    case Do::db_write:
    case Do::db_begin:
    case Do::db_commit:
      return database(actor, effect);
    case Do::write_cache:
    case Do::clean:
    case Do::append:
    case Do::take:
      return queue(actor, effect);
    case Do::evict:
      if (Value* value = find(key, state_.counter)) remove(actor.key, *value);
      key.held_off.there = false;
      return Outcome::yes;
    case Do::flush:
      flush_server();
      return Outcome::yes;
    case Do::wait_load:
    case Do::wait_lock:
    case Do::wait_lease:
      return Outcome::yes;
    default:
      return process(actor, effect);
  }
}

Outcome Effects::look(Actor& actor) {
  const Value* value = found(server(actor), actor.name);
  actor.generation = server(actor).generation;
  if (!value) return Outcome::no;
  actor.version = value->version;
  return value->softened ? Outcome::refused : Outcome::yes;
}

Outcome Effects::ask_for_lease(Actor& actor) {
  ServerKey& key = server(actor);
  if (const Value* value = found(key, actor.name)) {
    actor.version = value->version;
    return Outcome::yes;
  }
  if (!key.lease.there) {
    start(key.lease, s_.lease_rate);
    key.lease.live = true;
    actor.token = key.lease.token = ++state_.tokens;
    return Outcome::no;
  }
  if (!key.deleted.there) return Outcome::refused;
  actor.version = key.deleted.version;
  return Outcome::yes;
}

Outcome Effects::store(Actor& actor) {
  ServerKey& key = server(actor);
  Value* place = find(key, actor.name);
  for (Value& value : key.values)
    if (!place && !value.there) place = &value;
  if (!place) std::abort();
  *place = fresh(actor);
  return Outcome::yes;
}

Outcome Effects::fill(Actor& actor, Do effect) {
  ServerKey& key = server(actor);
  Value* value = find(key, actor.name);
  if (effect == Do::set_ttl) {
    // A hold-off stands under the name of the value, and EXPIRE knows no difference.
    Timed* entry = value ? value : key.held_off.there ? &key.held_off : nullptr;
    if (!entry) return Outcome::no;
    give_time(*entry, actor);
    return Outcome::yes;
  }
  if (key.held_off.there) return Outcome::no;
  if (effect == Do::add && value) return Outcome::no;
  if (effect == Do::set_if_newer && value &&
      (value->version > actor.version || (value->version == actor.version && !value->tombstone)))
    return Outcome::no;
  if (effect == Do::set_if_generation && key.generation != actor.generation) return Outcome::no;
  if (effect == Do::lease_set) {
    if (!key.lease.there || !key.lease.live || key.lease.token != actor.token) return Outcome::no;
    key.lease.live = false;
  }
  return store(actor);
}

void Effects::remove(Actor& actor) {
  ServerKey& key = server(actor);
  Value* value = find(key, actor.name);
  const bool committed = state_.rows[actor.key].writing == 0 && actor.version > 0;
  const bool entombs = s_.tombstones > 0 && committed;
  const bool newer =
      s_.tombstones > 0 && value && (committed ? value->version > actor.version : value->tombstone);
  if (newer) return;

  if (value && s_.lease_stale > 0) {
    key.deleted = *value;
    start(key.deleted, s_.lease_stale);
  }
  if (value) remove(actor.key, *value);
  key.lease.live = false;
  if (s_.hold_off > 0) start(key.held_off, s_.hold_off);
  if (s_.fill == Fill::generation) ++key.generation;
  if (!entombs) return;
  store(actor);
  value = find(key, actor.name);
  value->tombstone = true;
  value->soft_min = value->soft_max = 0;
  start(*value, s_.tombstones);
}

void Effects::remove(std::size_t number, Value& value) {
  const bool queued = value.dirty;
  value = {};
  if (!queued) return;
  const auto begin = state_.queue.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(state_.queued);
  const auto left = std::remove_if(begin, end, [&](const Commit& c) { return c.key == number; });
  state_.queued = static_cast<std::size_t>(left - begin);
}

void Effects::flush_server() {
  state_.server = {};
  state_.counter = 0;
  if (s_.write == Write::write_behind && !s_.durable) state_.queued = 0;
}

Outcome Effects::database(Actor& actor, Do effect) {
  Row& row = state_.rows[actor.key];
  switch (effect) {
    case Do::db_read:
      actor.version = s_.replicas > 0 && !actor.from_primary ? row.at_replica : row.version;
      return yes_if(actor.version > 0);
    case Do::db_begin:
      actor.version = row.writing = ++row.given;
      return Outcome::yes;
    case Do::db_write:
      if (s_.write != Write::write_behind) actor.version = ++row.given;
      break;
    default:
      row.writing = 0;
  }
  row.version = actor.version;
  state_.log[state_.committed++] = {actor.key, actor.version};
  return Outcome::yes;
}

void Effects::apply_at_replica() {
  const Commit commit = state_.log[state_.applied++];
  state_.rows[commit.key].at_replica = commit.version;
  state_.server[commit.key].mark.there = false;
}

Outcome Effects::queue(Actor& actor, Do effect) {
  if (effect == Do::clean) {
    Value* value = find(server(actor), actor.name);
    if (!value || !value->dirty || value->version != actor.version) return Outcome::no;
    value->dirty = false;
    return Outcome::yes;
  }
  if (effect == Do::take) {
    if (state_.queued == 0) return Outcome::no;
    actor.key = state_.queue[0].key;
    actor.version = state_.queue[0].version;
    std::copy(state_.queue.begin() + 1, state_.queue.end(), state_.queue.begin());
    --state_.queued;
    return Outcome::yes;
  }
  actor.version = ++state_.rows[actor.key].given;
  std::size_t place = state_.queued;
  for (std::size_t i = 0; s_.coalesce && i < state_.queued; ++i)
    if (state_.queue[i].key == actor.key) place = i;
  state_.queue[place] = {actor.key, actor.version};
  state_.queued = std::max(state_.queued, place + 1);
  if (effect != Do::write_cache) return Outcome::yes;
  store(actor);
  find(server(actor), actor.name)->dirty = true;
  return Outcome::yes;
}

Outcome Effects::process(Actor& actor, Do effect) {
  Value& local = state_.locals[actor.process][actor.key];
  int& flying = state_.flying[actor.process][actor.key];
  Flight& flight = state_.flights[static_cast<std::size_t>(actor.flight)];
  switch (effect) {
    case Do::local_get:
      if (local.there) actor.version = local.version;
      return yes_if(local.there);
    case Do::local_set:
      local.version = actor.version;
      start(local, s_.local_ttl);
      return Outcome::yes;
    case Do::local_del:
      local.there = false;
      return Outcome::yes;
    case Do::flight_join:
      actor.flight = flying;
      if (flying != 0) return Outcome::no;
      actor.flight = flying = ++state_.flights_begun;
      return Outcome::yes;
    case Do::flight_wait:
      actor.version = flight.version;
      actor.fails = flight.failed;
      return Outcome::yes;
    case Do::flight_finish:
      flight = {.over = true, .failed = actor.fails, .version = actor.version};
      if (flying == actor.flight) flying = 0;
      return Outcome::yes;
    case Do::flight_forget:
      flying = 0;
      return Outcome::yes;
    default:
      std::abort();
  }
}

}  // namespace cacherace::oracle
