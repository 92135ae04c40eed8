#pragma once
// Performs a saved counterexample again.

#include <string_view>

#include "sim/core/result.hpp"
#include "sim/report/replay.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Replays the counterexample file `text`, named `file` in messages. With `other`, the strategy of
/// that scenario which has the saved strategy's name takes its place. Problems when the file, or
/// the name, is wrong; a divergence is a result.
Result<report::Replay> replay(std::string_view text, std::string_view file,
                              const scenario::Scenario* other);

}  // namespace cacherace::harness
