#pragma once
// Small races that nobody chose, under strategies that nobody chose, for
// RapidCheck.

#include <rapidcheck.h>

#include <vector>

#include "tests/races/oracle/oracle.hpp"

namespace cacherace::oracle {

/// Draws a race; not every strategy that it draws makes sense to the loader of
/// scenarios.
Race draw_race();
/// Draws a race under cache-aside or one of the three simplest other ways to
/// write.
Race draw_plain_race();

/// For shrinking: without one operation each, or with something simpler in one
/// place.
std::vector<Race> simpler(const Race& race);

/// Whether some operation touches each key, as a scenario demands.
bool touches_every_key(const Race& race);

}  // namespace cacherace::oracle
