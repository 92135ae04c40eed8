#pragma once
// One given execution, for a clock engine that is to repeat it.

#include <cstdint>
#include <map>
#include <tuple>

#include "sim/core/effect.hpp"
#include "sim/core/stream.hpp"

namespace cacherace::engine {

/// Names in the streams: what is drawn for an operation or a task is keyed by its name.
using StreamName = std::uint64_t;

/// Of the operation of a flow that is number `count`, from 0.
constexpr StreamName operation_name(std::uint32_t flow, std::uint64_t count) {
  constexpr int flow_shift = 56;
  return std::uint64_t{flow} << flow_shift | count;
}

/// Of the task that is number `index`, from 0, of those that one operation or task starts. No flow
/// has the highest bit.
inline StreamName task_name(std::uint64_t seed, StreamName starter, std::uint32_t index) {
  return draw(seed, starter, Purpose::task, index).first | std::uint64_t{1} << 63;
}

/// What takes the place of draws: how long things take, and which effect is first at the same
/// moment; operations and tasks begin before all of them.
struct Answers {
  struct OfEffect {
    Duration pause{};    // before the command is issued
    Duration latency{};  // of the command
    std::uint32_t tie = 0;
  };
  /// By whose effect it is, its kind, and how many of that kind came before it.
  std::map<std::tuple<StreamName, EffectKind, std::uint32_t>, OfEffect> effects;
  /// By task: how long after its cause it starts.
  std::map<StreamName, Duration> delays;
};

}  // namespace cacherace::engine
