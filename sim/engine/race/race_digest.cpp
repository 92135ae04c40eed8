// Digests of the states of a race.

#include "sim/engine/race/race_digest.hpp"

#include <algorithm>

#include "sim/world/shared_digest.hpp"

namespace cacherace::engine {
namespace {

void add_shared(Digest& digest, const world::World& world,
                const std::vector<Race::Expiring>& expiring, const scenario::Faults& faults) {
  world::add_shared(digest, world);
  for (const auto& entry : expiring)
    digest.add(std::uint64_t{entry.name.key} << 32 |
               static_cast<std::uint64_t>(entry.name.space) << 1 |
               static_cast<std::uint64_t>(entry.local));
  for (const std::uint32_t left :
       {faults.crash, faults.evict, faults.lose, faults.flush, faults.cache_restart})
    digest.add(left);
}

void add_task(Digest& digest, const Race::TaskOf& task) {
  digest.add(std::uint64_t{task.owner} << 32 | std::uint64_t{task.number} << 1 |
             std::uint64_t{task.durable});
}

}  // namespace

void add(Digest& digest, const world::World& world, const std::vector<Race::Expiring>& expiring,
         const scenario::Faults& faults) {
  add_shared(digest, world, expiring, faults);
  for (const auto& client : world.clients) add(digest, client);
}

std::uint64_t digest_of(const Race::State& state) {
  Digest digest;
  add(digest, state.world, state.expiring, state.faults);
  for (const std::uint16_t operation : state.operation) digest.add(operation);
  for (const auto& task : state.tasks) add_task(digest, task);
  return digest.value();
}

std::uint64_t canonical_digest(const Race& race, const Race::State& state) {
  if (race.coupled()) return digest_of(state);
  const std::size_t planned = race.plan().scripts.size();
  Digest digest;
  add_shared(digest, state.world, state.expiring, state.faults);
  const auto& clients = state.world.clients;
  for (std::size_t actor = 0; actor < planned; ++actor) {
    add(digest, clients[actor]);
    digest.add(state.operation[actor]);
  }
  std::vector<std::uint64_t> tasks;
  for (std::size_t task = 0; task < state.tasks.size(); ++task) {
    if (!clients[planned + task].busy()) continue;
    Digest own;
    add(own, clients[planned + task]);
    add_task(own, state.tasks[task]);
    tasks.push_back(own.value());
  }
  std::sort(tasks.begin(), tasks.end());
  for (const std::uint64_t task : tasks) digest.add(task);
  return digest.value();
}

}  // namespace cacherace::engine
