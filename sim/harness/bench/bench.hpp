#pragma once
// Measures how fast the program is on this machine.

#include <functional>
#include <string>

#include "sim/report/print/bench_outcome.hpp"

namespace cacherace::harness {

struct BenchOptions {
  bool quick = false;  // one round of less work
  /// Seconds of processor time since some moment.
  std::function<double()> seconds;
  /// Told what is measured next, and asked now and then whether to go on.
  std::function<bool(const std::string&)> go_on = [](const std::string&) { return true; };
};

/// Three fixed scenarios of traffic, the agenda of the clock engine, and the search of one race,
/// each against the peer where there is one. Unlike every other result, not deterministic: it is
/// about the machine. Ended early, it keeps what was measured. Some 30 s; with `quick` a few.
report::Bench bench(const BenchOptions& options);

}  // namespace cacherace::harness
