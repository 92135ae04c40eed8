#pragma once
// What a client does next, given what its last step came to: the protocols of docs/strategies.md.

#include "tests/rules/model/world.hpp"

namespace cacherace::rules {

/// Makes the first step of the client's next operation its next step, or ends the client.
void begin_operation(World& world, int actor);

/// Lets `actor`, whose step `at` came to `got` (with `version`), go on to its next step. Marks in
/// `event` whether its operation ended.
void advance(World& world, int actor, Got got, int version, Event& event);

/// What `writer` has committed enters the stream of changes, if there is one.
void propagate(World& world, const Actor& writer);

/// A write has gone into the queue of write-behind.
void start_flush(World& world, int client);

}  // namespace cacherace::rules
