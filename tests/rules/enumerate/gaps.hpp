#pragma once
// How long a step takes, on its way to its effect and back.

#include "tests/rules/model/world.hpp"

namespace cacherace::rules {

/// From its issue to its effect, and from its effect to its reply.
struct Parts {
  Range before, after;
};

Range sum(Range a, Range b);
Range exactly(Time time);
Parts parts_of(const Race& race, At at, Task task);

}  // namespace cacherace::rules
