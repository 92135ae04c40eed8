#pragma once
// What ends a run that cannot go on.

#include "sim/core/result.hpp"

namespace cacherace::harness {

/// Thrown where a run cannot go on: its clock would go too far, or its trace is broken. A run may
/// be hours old when that shows, on any thread; nothing of such a run is delivered.
struct BrokenRun {
  Problem problem;
};

}  // namespace cacherace::harness
