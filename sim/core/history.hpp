#pragma once
// The record of one execution of a race, from which properties are judged.

#include <cstdint>
#include <vector>

#include "sim/core/effect.hpp"

namespace cacherace {

/// Who takes a step: a client by its index, or the clock, which expires entries.
using Actor = std::uint16_t;
inline constexpr Actor clock_actor = 0xffff;

/// One effect performed by one actor, within one of its operations.
struct Step {
  Actor actor = 0;
  std::uint16_t operation = 0;  // index among the client's operations
  OperationKind serves = OperationKind::read;
  Effect effect{};
  Reply reply{};
  bool completes = false;  // the operation responds after this step
  Version answer = 0;      // of a read that completes: the version returned; 0: no row

  bool operator==(const Step&) const = default;
};

/// Cache and row of one key when every client is done.
struct FinalKey {
  bool cached = false;
  Version cached_version = 0;
  Version row_version = 0;

  bool operator==(const FinalKey&) const = default;
};

struct History {
  std::vector<Step> steps;       // in the order in which they took effect
  std::vector<FinalKey> finals;  // by key; empty until the execution is complete
};

/// Steps at which another actor goes on than at the step before.
inline std::size_t context_switches(const std::vector<Step>& steps) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) count += steps[i].actor != steps[i - 1].actor;
  return count;
}

}  // namespace cacherace
