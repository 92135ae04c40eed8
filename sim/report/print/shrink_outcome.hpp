#pragma once
// The outcome of shrinking a saved counterexample.

#include <optional>
#include <string>

#include "sim/report/print/replay_outcome.hpp"
#include "sim/report/report_result.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// How large a counterexample is.
struct Size {
  std::size_t clients = 0;
  std::size_t operations = 0;
  std::size_t faults = 0;
  std::size_t steps = 0;
  std::size_t context_switches = 0;

  bool operator==(const Size&) const = default;
};

struct Shrunk {
  std::string title;
  std::string strategy;
  std::string property;
  bool measures_time = false;            // the property does
  std::optional<Divergence> divergence;  // of the saved steps from what there is now
  std::optional<Realigned> realigned;    // when a step diverged
  bool violated = false;                 // still; else there is nothing to shrink
  bool complete = true;                  // false when it was interrupted
  Size before, after;
  Counterexample shown;  // the smallest one; or the steps that were performed
};

std::string to_text(const Shrunk& shrunk, const TextStyle& style);
std::string to_json(const Shrunk& shrunk);

}  // namespace cacherace::report
