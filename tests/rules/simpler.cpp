#include "tests/rules/simpler.hpp"

namespace cacherace::rules {
namespace {

/// Every race that is simpler by one thing.
std::vector<Race> simpler(const Race& race) {
  std::vector<Race> found;
  const auto add = [&](const std::function<void(Race&)>& change) {
    found.push_back(race);
    change(found.back());
  };
  for (std::size_t i = 0; i < race.clients.size(); ++i) {
    if (race.clients.size() > 1)
      add([&](Race& r) { r.clients.erase(r.clients.begin() + static_cast<std::ptrdiff_t>(i)); });
    for (std::size_t j = 0; race.clients[i].size() > 1 && j < race.clients[i].size(); ++j)
      add([&](Race& r) {
        r.clients[i].erase(r.clients[i].begin() + static_cast<std::ptrdiff_t>(j));
      });
  }
  for (std::size_t i = 0; i < race.faults.size(); ++i)
    if (race.faults[i] > 0) add([&](Race& r) { --r.faults[i]; });
  for (std::size_t i = 0; i < race.rows.size(); ++i)
    if (race.rows[i] != Start::cold) add([&](Race& r) { r.rows[i] = Start::cold; });
  if (!race.warm.empty()) add([](Race& r) { r.warm.clear(); });
  if (race.groups != 0) add([](Race& r) { r.groups = 0; });
  if (race.replicas != 0) add([](Race& r) { --r.replicas; });
  if (race.known != 0) add([](Race& r) { --r.known; });
  const auto& s = race.strategy;
  const Strategy plain;
  if (s.read != plain.read) add([](Race& r) { r.strategy.read = Read::plain; });
  if (s.load != plain.load)
    add([](Race& r) {
      r.strategy.load = Load::every_reader;
      r.strategy.forget = false;
    });
  if (s.fill != plain.fill) add([](Race& r) { r.strategy.fill = Fill::set; });
  if (s.write != plain.write) add([](Race& r) { r.strategy.write = Write::delete_after; });
  if (s.ttl != never) add([](Race& r) { r.strategy.ttl = never; });
  if (s.negative != never) add([](Race& r) { r.strategy.negative = never; });
  if (s.jitter != 0) add([](Race& r) { r.strategy.jitter = 0; });
  if (s.stale != never) add([](Race& r) { r.strategy.stale = never; });
  if (s.tombstones != never) add([](Race& r) { r.strategy.tombstones = never; });
  if (s.local) add([](Race& r) { r.strategy.local = false; });
  if (s.local_processes != 2) add([](Race& r) { r.strategy.local_processes = 2; });
  if (s.local_first) add([](Race& r) { r.strategy.local_first = false; });
  if (s.marker) add([](Race& r) { r.strategy.marker = false; });
  if (s.bloom) add([](Race& r) { r.strategy.bloom = false; });
  if (s.hold_off) add([](Race& r) { r.strategy.hold_off = false; });
  if (s.batch != 1000) add([](Race& r) { r.strategy.batch = 1000; });
  if (!s.coalesce) add([](Race& r) { r.strategy.coalesce = true; });
  if (s.forget) add([](Race& r) { r.strategy.forget = false; });
  if (s.durable_queue) add([](Race& r) { r.strategy.durable_queue = false; });
  if (s.through_lock) add([](Race& r) { r.strategy.through_lock = false; });
  if (race.timed) {
    if (race.pause_max != 0) add([](Race& r) { r.pause_max = 0; });
    if (race.cache.min != race.cache.max) add([](Race& r) { r.cache.max = r.cache.min; });
    if (race.read.min != race.read.max) add([](Race& r) { r.read.max = r.read.min; });
    if (race.write.min != race.write.max) add([](Race& r) { r.write.max = r.write.min; });
  }
  return found;
}

}  // namespace

Race simplest(Race race, const std::function<bool(const Race&)>& differs) {
  for (bool again = true; again;) {
    again = false;
    for (const auto& candidate : simpler(race)) {
      if (!differs(candidate)) continue;
      race = candidate;
      again = true;
      break;
    }
  }
  return race;
}

}  // namespace cacherace::rules
