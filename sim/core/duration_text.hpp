#pragma once
// Durations for people.

#include <string>

#include "sim/core/units.hpp"

namespace cacherace {

/// "62.0304 s", "30.5 ms", "0.5 us": exactly.
std::string duration_text(Duration duration);

/// As scenarios write it: "60s"; "62030400us" for a duration that no larger unit divides.
std::string written(Duration duration);

}  // namespace cacherace
