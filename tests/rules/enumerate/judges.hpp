#pragma once
// The untimed properties of docs/properties.md, each judged on a whole history.

#include <array>
#include <string_view>

#include "tests/rules/model/world.hpp"

namespace cacherace::rules {

enum Property {
  no_stale_residue,
  heals,
  read_your_writes,
  monotonic_reads,
  linearizable,
  no_dirty_reads,
  loads_in_flight,
  mutual_exclusion,
  no_lost_writes,
  every_key_expires,
};

constexpr std::array<std::string_view, 10> property_names{"no-stale-residue", "heals",
                                                          "read-your-writes", "monotonic-reads",
                                                          "linearizable",     "no-dirty-reads",
                                                          "loads-in-flight",  "mutual-exclusion",
                                                          "no-lost-writes",   "every-key-expires"};

struct Judgement {
  bool arises = false;
  bool violated = false;
  int worst = 0;  // of loads-in-flight
};

/// `end` is the world after the last step of `history`.
std::array<Judgement, 10> judge(const Race& race, const History& history, World& end);

}  // namespace cacherace::rules
