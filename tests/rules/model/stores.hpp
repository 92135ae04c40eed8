#pragma once
// What the cache server does with its entries.

#include "tests/rules/model/effects.hpp"

namespace cacherace::rules {

/// Stores in the place of the entry of `key`.
Item& store(World& world, Key key, int named, int version, int process = -1);
Item& put(World& world, Kind kind, Key key, int value, Time ttl);

Outcome look_up(World& world, Actor& actor, Way way);
Outcome fill(World& world, Actor& actor);
/// A delete of `key`, with all that a delete does under the strategy.
Outcome remove(World& world, const Actor& actor, Key key);
/// What a writer stores of what it has written.
Outcome write_through(World& world, Actor& actor);

}  // namespace cacherace::rules
