#include "tests/rules/model/stores.hpp"

namespace cacherace::rules {
namespace {

Range around(Time ttl, int jitter) {
  return {.min = ttl - ttl * jitter / 100, .max = ttl + ttl * jitter / 100};
}

}  // namespace

Range ttl_of(const Strategy& s, int version) {
  if (version == 0 && s.negative != never) return {.min = s.negative, .max = s.negative};
  const Time ttl = s.read == Read::swr ? s.hard : s.ttl;
  if (ttl == never) return {.min = never, .max = never};
  auto range = around(ttl, s.jitter);
  if (s.read == Read::stale_if_error) range.min += s.keep, range.max += s.keep;
  return range;
}

Range soft_of(const Strategy& s, int version) {
  if (!(version == 0 && s.negative != never)) {
    if (s.read == Read::swr) return {.min = s.soft, .max = s.soft};
    const auto range = around(s.ttl, s.jitter);
    if (s.read == Read::refresh_ahead) return {.min = range.min / 2, .max = range.max / 2};
    if (s.read == Read::stale_if_error) return range;
  }
  return {.min = never, .max = never};
}

Item& store(World& world, Key key, int named, int version, int process) {
  const auto& s = world.race->strategy;
  erase(world, find_entry(world, key, named, process));
  Item item;
  item.id = ++world.items;
  item.key = key;
  item.named = named;
  item.process = process;
  item.value = version;
  item.stored = item.since = ++world.stores;
  if (process >= 0) {
    item.ttl = {.min = s.local_ttl, .max = s.local_ttl};
  } else {
    item.ttl = ttl_of(s, version);
    item.soft = soft_of(s, version);
  }
  world.cache.push_back(item);
  return world.cache.back();
}

Item& put(World& world, Kind kind, Key key, int value, Time ttl) {
  erase(world, find(world, kind, key));
  Item item;
  item.id = ++world.items;
  item.kind = kind;
  item.key = key;
  item.value = value;
  item.ttl = {.min = ttl, .max = ttl};
  item.stored = item.since = ++world.stores;
  world.cache.push_back(item);
  return world.cache.back();
}

Outcome look_up(World& world, Actor& actor, Way way) {
  const auto& s = world.race->strategy;
  if (const auto* generation = find(world, Kind::generation, actor.key))
    actor.generation = generation->value;
  else
    actor.generation = 0;
  const auto* entry = find(world, Kind::entry, actor.key, actor.named);
  if (entry != nullptr) {
    const bool soft = entry->softened || way == Way::early;
    return {.got = soft ? Got::soft_hit : Got::hit, .version = entry->value};
  }
  if (s.load != Load::lease || actor.at == At::get_again || actor.task != Task::none)
    return {.got = Got::miss};
  if (is_leasable(find(world, Kind::lease, actor.key))) {
    auto& lease = put(world, Kind::lease, actor.key, 0, s.token_ttl);
    if (s.rate < s.token_ttl) lease.soft = {.min = s.rate, .max = s.rate};
    lease.stored = ++world.stores;
    lease.softened = s.rate == 0;
    lease.owner = ++world.tokens;
    return {.got = Got::ok, .version = lease.owner};
  }
  if (const auto* old = find(world, Kind::old_value, actor.key))
    return {.got = Got::hit, .version = old->value};
  return {.got = Got::refused};
}

Outcome fill(World& world, Actor& actor) {
  const auto& s = world.race->strategy;
  auto* entry = find_entry(world, actor.key, actor.named);
  const auto stored = [&](bool take_it) -> Outcome {
    if (!take_it) return {.got = Got::refused, .version = actor.value};
    auto& item = store(world, actor.key, actor.named, actor.value);
    if (s.fill == Fill::set_then_expire) item.ttl = {.min = never, .max = never};
    return {.got = Got::ok, .version = actor.value};
  };
  if (s.load == Load::lease && actor.task == Task::none) {
    auto* lease = find(world, Kind::lease, actor.key);
    if (lease == nullptr || lease->owner != actor.token) return stored(false);
    lease->owner = 0;
    return stored(true);
  }
  if (s.hold_off && find(world, Kind::hold, actor.key) != nullptr) return stored(false);
  switch (s.fill) {
    case Fill::add:
      return stored(entry == nullptr);
    case Fill::set_if_newer:
      return stored(entry == nullptr || actor.value > entry->value ||
                    (entry->kind == Kind::tombstone && actor.value == entry->value));
    case Fill::generation: {
      const auto* generation = find(world, Kind::generation, actor.key);
      return stored((generation == nullptr ? 0 : generation->value) == actor.generation);
    }
    default:
      return stored(true);
  }
}

Outcome remove(World& world, const Actor& actor, Key key) {
  const auto& s = world.race->strategy;
  const auto* entry = find(world, Kind::entry, key, actor.named);
  Outcome outcome{.got = entry == nullptr ? Got::nothing : Got::ok};
  if (entry != nullptr && s.load == Load::lease && s.stale != never)
    put(world, Kind::old_value, key, entry->value, s.stale);
  const auto* there = find_entry(world, key, 0);
  if (s.fill == Fill::set_if_newer && s.tombstones != never &&
      (actor.written != 0 || (there != nullptr && there->kind == Kind::tombstone))) {
    if (there != nullptr && there->value > actor.written) return outcome;
    erase(world, there);
    put(world, Kind::tombstone, key, actor.written, s.tombstones);
  } else if (find(world, Kind::entry, key, actor.named) != nullptr) {
    erase(world, find(world, Kind::entry, key, actor.named));
  }
  if (auto* lease = find(world, Kind::lease, key)) lease->owner = 0;
  if (s.fill == Fill::generation) {
    const auto* generation = find(world, Kind::generation, key);
    put(world, Kind::generation, key, generation == nullptr ? 1 : generation->value + 1, never);
  }
  if (s.hold_off) put(world, Kind::hold, key, 0, s.hold_for);
  return outcome;
}

Outcome write_through(World& world, Actor& actor) {
  const auto& s = world.race->strategy;
  auto* entry = find_entry(world, actor.key, actor.named);
  if (s.write == Write::set_after && s.fill == Fill::set_if_newer && entry != nullptr &&
      entry->value >= actor.written)
    return {.got = Got::refused, .version = actor.written};
  const bool had = entry != nullptr;
  const Item old = had ? *entry : Item{};
  auto& item = store(world, actor.key, actor.named, actor.written);
  if (s.write == Write::set_after && s.store_ttl != StoreTtl::fresh) {
    item.ttl = item.soft = {.min = never, .max = never};
    if (s.store_ttl == StoreTtl::keep && had) {
      item.ttl = old.ttl;
      item.since = old.since;
    }
  }
  return {.got = Got::ok, .version = actor.written};
}

}  // namespace cacherace::rules
