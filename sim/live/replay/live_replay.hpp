#pragma once
// A counterexample on real servers: its steps one after another, each reply held against the file.

#include <string>
#include <utility>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/live/replay/live_servers.hpp"
#include "sim/live/replay/live_step.hpp"
#include "sim/live/replay/real_commands.hpp"

namespace cacherace::live {

struct PerformedStep {
  std::string command;  // as it was sent; "" for what is the client's own
  std::string reply;    // as the server gave it
  std::string note;     // in place of both: "not sent", "the client's own"
};

struct LiveReplay {
  std::string servers;                                      // "Redis 7.0.15 and …"
  std::vector<std::pair<std::string, std::string>> begins;  // a command that sets up, its reply
  std::vector<PerformedStep> steps;                         // up to the one that diverged
  std::vector<std::pair<std::string, std::string>> cache_end, database_end;  // key -> "v1"
  std::size_t diverged = 0;  // the step, from 1; 0 where all steps agree
  std::string says;          // how it diverged; "" where everything agrees
};

/// Performs the steps up to the first that diverges. Problems, before anything is sent, for steps
/// that no real server can perform; and when a server has gone.
Result<LiveReplay> replay_live(const LiveRace& race, const Where& where,
                               const std::vector<RealCommand>& table = real_commands());

}  // namespace cacherace::live
