#pragma once
// A replay on real servers, for a terminal.

#include <string>

#include "sim/live/replay/live_replay.hpp"

namespace cacherace::live {

/// Each step with the file's result, the real command and its reply; then the outcome.
std::string to_text(const LiveRace& race, const LiveReplay& replay);

}  // namespace cacherace::live
