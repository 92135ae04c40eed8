#pragma once
// What may happen next, and letting it happen.

#include <vector>

#include "tests/rules/model/effects.hpp"

namespace cacherace::rules {

enum class What {
  step,
  lost,
  comes_late,
  late,
  late_lost,  // a late command never comes
  expire,
  soften,
  apply,
  crash,
  evict,
  flush,
  restart
};

struct Choice {
  What what = What::step;
  std::size_t which = 0;  // actor, late command, item, replica or client
  Way way = Way::usual;
  int replica = -1;
};

/// Whether it has to wait for another.
bool is_blocked(const World& world, const Actor& actor);

/// Every way to go on; none when the race is over.
std::vector<Choice> choices(const World& world);

/// Takes a choice, and says what was seen of it.
Event take(World& world, const Choice& choice);

}  // namespace cacherace::rules
