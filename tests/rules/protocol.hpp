#pragma once
// What a client does next, given what its last step came to: the protocols of docs/strategies.md.

#include "tests/rules/world.hpp"

namespace cacherace::rules {

/// Makes the first step of the client's next operation its next step, or ends the client.
void begin_operation(World& world, int actor);

/// Lets `actor`, whose step `at` came to `got` (with `version`), go on to its next step. Marks in
/// `event` whether its operation ended.
void advance(World& world, int actor, Got got, int version, Event& event);

/// The tasks that a step of `actor` starts because of what it did.
void start_flush(World& world, int client);

}  // namespace cacherace::rules
