#pragma once
// A counterexample file: the interleaving that a search saved, and the scenario that it was found
// in.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/args.hpp"
#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::scenario {

/// A counterexample file is no larger: a scenario, with more blanks than it may have, and steps.
inline constexpr std::size_t counterexample_bytes_max = std::size_t{16} << 20U;

struct SavedStep {
  std::string client;          // "reader-1"
  std::string operation;       // "read user:7"; "" for the clock
  std::string effect;          // "cache.get user:7"
  std::string result;          // "miss"
  std::optional<Duration> at;  // since the first step, where time counts
  std::optional<Args> args;    // of the effect; older files have none
};

struct SavedCounterexample {
  Scenario scenario;
  std::string strategy;  // one of the scenario's
  std::string property;
  std::vector<RaceClient> clients;  // of the smallest race, each with its own name and count 1
  Start start;
  Faults faults;  // that the schedule may contain
  std::vector<SavedStep> steps;
  std::uint32_t decisive = 0;  // from 1
  std::string digest;          // of the steps
};

/// Decodes the text of a counterexample file; `file` is its name in messages. Every problem at
/// once.
Result<SavedCounterexample> load_counterexample(std::string_view text, std::string_view file);

}  // namespace cacherace::scenario
