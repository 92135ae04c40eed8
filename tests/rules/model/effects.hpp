#pragma once
// What one step does to the world.

#include "tests/rules/model/world.hpp"

namespace cacherace::rules {

struct Outcome {
  Got got = Got::ok;
  int version = 0;
};

/// How a step that may go either way goes.
enum class Way { usual, early, gives_up, false_positive };

/// Lets the step `actor.at` take effect. `actor` may be a command that comes late.
/// `replica` answers a query, unless it is -1. Notes commits and new versions in `event`.
Outcome take_effect(World& world, Actor& actor, int index, Way way, int replica, Event& event);

/// How long an entry of `version` lives, and until when it is fresh.
Range ttl_of(const Strategy& strategy, int version);
Range soft_of(const Strategy& strategy, int version);

/// An item goes: by expiry or eviction. With it goes what it has queued.
void lose_item(World& world, std::size_t item);

void flush_cache(World& world);
void restart_cache(World& world);

/// A replica applies its next commit.
void apply(World& world, int replica);

/// `client` dies.
void die(World& world, int client);

}  // namespace cacherace::rules
