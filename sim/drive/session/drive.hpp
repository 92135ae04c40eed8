#pragma once
// From an application to a verdict.

#include <functional>
#include <string>

#include "sim/core/result.hpp"
#include "sim/drive/drive_file.hpp"
#include "sim/drive/session/drive_result.hpp"
#include "sim/drive/session/model_order.hpp"

namespace cacherace::drive {

struct DriveOptions {
  /// Automatic: a few random executions, then every order.
  enum class Mode { automatic, exhaustive, random, pct } mode = Mode::automatic;
  bool count = false;                // every order, none left out
  std::uint64_t executions_max = 0;  // 0 for no limit
  std::uint64_t seed = 1;
  std::uint32_t replays = 10;
  bool shrinks = true;  // what was found, before it is shown
  std::uint64_t shrink_executions_max = 200;
  std::function<bool()> go_on;                   // false when the user or a time limit ends it
  std::function<void(const std::string&)> tell;  // of progress
};

/// Starts servers and application, checks itself, searches, and repeats what it has found.
Result<DriveResult> drive(const DriveFile& file, const DriveOptions& options);

/// Only what each request does alone.
Result<DriveResult> record(const DriveFile& file, const DriveOptions& options);

/// An order that was saved, as often as `options.replays` says.
struct Replayed {
  DriveResult result;
  std::size_t diverged_at = 0;  // from 1; 0 when every repetition followed and was violated
  std::string says;
};
Result<Replayed> replay(const DriveFile& file, const search::Order& order,
                        const std::set<std::string>& without, const DriveOptions& options);

/// The order of a model's counterexample: performed once, and then repeated as `replay` does.
Result<Replayed> confirm(const DriveFile& file, const ModelOrder& model,
                         const DriveOptions& options);

}  // namespace cacherace::drive
