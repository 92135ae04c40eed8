#pragma once
// The smallest counterexample that a saved one leads to.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "sim/core/result.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/print/shrink_outcome.hpp"

namespace cacherace::harness {

struct ShrinkOptions {
  const scenario::Scenario* other = nullptr;  // whose strategy takes the place of the saved one
  std::uint64_t seed = 1;                     // of what is drawn where the saved steps diverge
  // Per race that is tried:
  std::uint64_t states_max = 50'000'000;
  std::uint64_t bytes_max = std::uint64_t{4} << 30U;
  /// Asked every few thousand states. Anything but `on` ends it with the smallest so far.
  std::function<Going(const SearchProgress&)> go_on = [](const SearchProgress&) {
    return Going::on;
  };
};

struct ShrinkOutcome {
  report::Shrunk shrunk;
  std::optional<report::CounterexampleFile> file;  // unless the property is no longer violated
};

/// Performs the counterexample file `text`, named `file` in messages, and realigns it where it
/// diverges; then shrinks the race and the schedule. Of a property that measures time, the smallest
/// one measures at least as much. Problems when the file, or a name in it, is wrong.
Result<ShrinkOutcome> shrink(std::string_view text, std::string_view file,
                             const ShrinkOptions& options);

}  // namespace cacherace::harness
