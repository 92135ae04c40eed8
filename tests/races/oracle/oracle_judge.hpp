#pragma once
// The properties, judged from one execution: its events in order, and what it
// leaves.

#include <cstddef>
#include <vector>

#include "tests/races/oracle/oracle_world.hpp"

namespace cacherace::oracle {

/// One step of a client or task; those of the clock, of replicas and of faults
/// are left out, but for a crash.
struct Event {
  enum class What { happened, lost, comes_late, crashed };
  What what = What::happened;
  std::size_t moment = 0;  // which step of the execution
  std::size_t actor = 0;
  bool is_client = true;
  bool is_late = false;  // the step in which a command takes effect that came late
  std::size_t operation = 0;
  Operation::Kind kind = Operation::Kind::read;
  Do effect = Do::get;
  Outcome outcome = Outcome::yes;
  std::size_t key = 0;
  int version = 0;  // read, committed, queued
  bool responds = false;
  bool answers = false;
};

/// Adds one execution of `moments` steps to the counts.
void judge(Counts& counts, const Race& race, const std::vector<Event>& events, std::size_t moments,
           const State& end);

}  // namespace cacherace::oracle
