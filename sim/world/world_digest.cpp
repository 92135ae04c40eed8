// The digest of a world.

#include "sim/world/shared_digest.hpp"

namespace cacherace::world {
namespace {

std::uint64_t ticks(SimTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

void add(Digest& digest, const Effect& effect) {
  digest.add(static_cast<std::uint64_t>(effect.kind) << 8 |
             static_cast<std::uint64_t>(effect.when));
  digest.add(std::uint64_t{effect.key} << 32 | effect.version);
  digest.add(std::uint64_t{effect.token} << 32 | effect.name_version);
  digest.add(static_cast<std::uint64_t>(effect.ttl.count()));
}

void add(Digest& digest, const Reply& reply) {
  digest.add(static_cast<std::uint64_t>(reply.found) | static_cast<std::uint64_t>(reply.soft) << 1 |
             static_cast<std::uint64_t>(reply.refused) << 2 |
             static_cast<std::uint64_t>(reply.failed) << 3);
  digest.add(std::uint64_t{reply.token} << 32 | reply.version);
}

void add(Digest& digest, const Cache& cache) {
  for (SlotId slot = 0; slot < cache.slots(); ++slot) {
    const Entry& entry = cache.entry(slot);
    digest.add(static_cast<std::uint64_t>(entry.content) << 32 | entry.number);
    digest.add(ticks(entry.expires_at));
    digest.add(ticks(entry.soft_at));
  }
}

}  // namespace

void add(Digest& digest, const Client& client) {
  digest.add(static_cast<std::uint64_t>(client.operation) << 8 |
             static_cast<std::uint64_t>(client.task));
  digest.add(client.key);
  add(digest, client.pending);
  add(digest, client.reply);
  digest.add(static_cast<std::uint64_t>(client.active));
  for (std::size_t slot = 0; slot < slots; ++slot)
    digest.add(static_cast<std::uint64_t>(client.routines[slot].position()) << 8 |
               static_cast<std::uint64_t>(client.callers[slot]));
  digest.add(std::uint64_t{client.row} << 32 | client.answer);
  digest.add(std::uint64_t{client.token} << 32 | client.generation);
  digest.add(client.node);
  digest.add(std::uint64_t{client.name_version} << 32 | client.index);
  digest.add(static_cast<std::uint64_t>(client.failed) |
             static_cast<std::uint64_t>(client.soft) << 1 |
             static_cast<std::uint64_t>(client.landed) << 2 |
             static_cast<std::uint64_t>(client.waiting) << 3);
}

void add_shared(Digest& digest, const World& world) {
  add(digest, world.cache);
  add(digest, world.locals);
  for (Key row = 0; row < world.database.rows(); ++row) {
    digest.add(world.database.read(row).version);
    for (std::uint32_t replica = 0; replica < world.database.replicas(); ++replica)
      digest.add(world.database.read_replica(replica, row).version);
  }
  for (const QueuedWrite& queued : world.queue)
    digest.add(std::uint64_t{queued.key} << 32 | queued.version);
}

void add(Digest& digest, const World& world) {
  add_shared(digest, world);
  for (const Client& client : world.clients) add(digest, client);
}

}  // namespace cacherace::world
