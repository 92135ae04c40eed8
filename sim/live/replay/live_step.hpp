#pragma once
// A saved step, ready to be performed on real servers.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/args.hpp"
#include "sim/core/result.hpp"
#include "sim/report/print/replay_outcome.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::live {

/// A counterexample whose steps have their `args`.
struct LiveRace {
  std::string title, strategy, property, says;
  std::vector<std::pair<std::string, std::string>> starts;  // key -> "cold", "warm" or "absent"
  std::vector<report::Step> steps;
  report::Standing end;  // what stands where after the last step
};

/// Of a counterexample that replayed in the simulator.
LiveRace live_race(const report::Replay& replay);

struct LiveStep {
  std::string client;  // "writer-1/second-delete"
  std::string effect;  // "cache.get", or "crash"
  std::string entry;   // "user:7", "user:7@2", "lock:user:7", "version:0"; "" where it is about all
  std::string result;  // as the file says
  bool is_sent = true;           // not lost, and not late
  bool is_early = false;         // the client's own draw: it takes a hit for a soft one
  bool uses_queue = false;       // the race queues writes in the cache
  bool replaces_queued = false;  // cache.write: the key's queued write takes the new version
  std::string queued;            // db.write: the version that the client took from the queue, or ""
  Args args;

  bool has(const std::string& name) const;
  /// As text; "" when there is no such argument.
  std::string arg(const std::string& name) const;
  std::vector<std::string> names(const std::string& name) const;
};

/// The steps in their order; a problem for each step that no real server can perform.
Result<std::vector<LiveStep>> live_steps(const LiveRace& race);

}  // namespace cacherace::live
