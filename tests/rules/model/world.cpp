#include "tests/rules/model/world.hpp"

#include "tests/rules/model/effects.hpp"
#include "tests/rules/model/protocol.hpp"

namespace cacherace::rules {

int group_of(const Race& race, int row) {
  if (race.groups == 0) return 0;
  // Rows are numbered in the order in which the operations name them first.
  std::vector<int> seen;
  for (const auto& client : race.clients)
    for (const auto& operation : client) {
      if (operation.what == Do::flush || operation.what == Do::restart) continue;
      bool known = false;
      for (const int each : seen) known = known || each == operation.key.row;
      if (!known) seen.push_back(operation.key.row);
    }
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i] == row) return static_cast<int>(i) % race.groups;
  return 0;
}

Item* find(World& world, Kind kind, Key key, int named, int process) {
  for (auto& item : world.cache)
    if (item.kind == kind && item.key == key && item.named == named && item.process == process)
      return &item;
  return nullptr;
}

Item* find_entry(World& world, Key key, int named, int process) {
  auto* entry = find(world, Kind::entry, key, named, process);
  return entry != nullptr ? entry : find(world, Kind::tombstone, key, named, process);
}

void erase(World& world, const Item* item) {
  if (item == nullptr) return;
  world.cache.erase(world.cache.begin() + (item - world.cache.data()));
}

namespace {

void warm(World& world, Key key) {
  const auto& s = world.race->strategy;
  Item item;
  item.id = ++world.items;
  item.key = key;
  item.value = 1;
  if (s.write == Write::bump_version) item.named = 1;
  item.ttl = ttl_of(s, item.value);
  item.soft = soft_of(s, item.value);
  world.cache.push_back(item);
  const Key group{group_of(*world.race, key.row)};
  if (s.write == Write::bump_version && find(world, Kind::group, group) == nullptr) {
    Item version;
    version.id = ++world.items;
    version.kind = Kind::group;
    version.key = group;
    version.value = 1;
    world.cache.push_back(version);
  }
}

}  // namespace

World start_of(const Race& race) {
  World world;
  world.race = &race;
  world.faults = race.faults;
  for (const auto start : race.rows) {
    Row row;
    if (start == Start::absent) row.version = row.given = row.first = 0;
    world.rows.push_back(row);
    world.filter.push_back(start != Start::absent);
  }
  for (std::size_t i = 0; i < race.rows.size(); ++i)
    if (race.rows[i] == Start::warm) warm(world, Key{static_cast<int>(i)});
  for (const auto& key : race.warm) warm(world, key);
  std::vector<int> versions;
  for (const auto& row : world.rows) versions.push_back(row.version);
  world.replica_rows.assign(static_cast<std::size_t>(race.replicas), versions);
  world.applied.assign(static_cast<std::size_t>(race.replicas), 0);
  for (std::size_t i = 0; i < race.clients.size(); ++i) {
    Actor client;
    client.client = static_cast<int>(i);
    client.process = static_cast<int>(i) % race.strategy.processes();
    world.actors.push_back(client);
    begin_operation(world, static_cast<int>(i));
  }
  return world;
}

}  // namespace cacherace::rules
