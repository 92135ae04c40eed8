#pragma once
// The parts that the protocols are made of, for protocol*.cpp.

#include "tests/rules/model/protocol.hpp"

namespace cacherace::rules {

inline const Strategy& strategy(const World& world) { return world.race->strategy; }
inline Actor& at(World& world, int actor) { return world.actors[static_cast<std::size_t>(actor)]; }

/// A task that `parent` starts.
Actor task_of(const Actor& parent, Task task);

/// The operation, or the task, is over.
void end(World& world, int actor, bool answered, Event& event);

/// The invalidation of a write: what it deletes, or what it stores and then deletes.
void add_deletes(const World& world, const Actor& a, std::vector<WriteStep>& steps, bool stores);
std::vector<WriteStep> steps_of_write(const World& world, const Actor& a);

/// Makes the first step of a load past the cache the next one.
void fetch(const World& world, Actor& a);
/// Makes the first step of a look-up the next one: filter, first-level copy, version, entry.
void look_up(const World& world, Actor& a);
/// The same of one that no filter has answered.
void past_filter(const World& world, Actor& a);

void after_write_step(World& world, int actor, Got got, Event& event);
void after_read_step(World& world, int actor, Got got, int version, Event& event);
void after_refresh_step(World& world, int actor, Got got, int version, Event& event);
void after_flush_step(World& world, int actor, Got got, Event& event);

}  // namespace cacherace::rules
