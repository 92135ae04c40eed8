#pragma once
// How a race starts and ends on real servers.

#include <string>
#include <utility>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/live/replay/live_servers.hpp"
#include "sim/live/replay/live_step.hpp"
#include "sim/live/replay/row_versions.hpp"

namespace cacherace::live {

using Named = std::vector<std::pair<std::string, std::string>>;

/// Inserts the rows and stores the entries with which the race starts. The commands, and what the
/// servers replied.
Result<Named> start(const LiveRace& race, const std::vector<LiveStep>& steps, LiveServers& servers);

struct LiveEnd {
  Named cache;     // key -> "v1", of those that readers find
  Named database;  // row -> "v1", of those that the steps touch
};

/// What there is after the last step, in words of the race.
Result<LiveEnd> end_of(const LiveRace& race, const std::vector<LiveStep>& steps,
                       LiveServers& servers, const RowVersions& versions);

/// How `found` differs from what the file says; "" when it does not.
std::string difference(const LiveRace& race, const LiveEnd& found);

}  // namespace cacherace::live
