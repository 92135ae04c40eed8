#pragma once
// What --verbose tells on stderr: what was read, and what each piece of work came to and cost.

#include <map>
#include <mutex>
#include <string>

#include "sim/cli/system/terminal.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/work/work.hpp"

namespace cacherace::cli {

class WorkLog {
 public:
  /// Tells nothing unless `verbose`.
  WorkLog(ProgressLine& progress, bool verbose) : progress_(progress), verbose_(verbose) {}

  void loaded(const scenario::Scenario& scenario);
  /// How much memory searches have together.
  void may_take(Bytes memory);
  /// Tells of each piece of work when it has ended, with its time. This outlives what is returned.
  harness::Log log();

 private:
  void hear(const harness::Work& work);

  ProgressLine& progress_;
  bool verbose_;
  std::mutex mutex_;
  std::map<std::string, double> began_;  // seconds, by what is done
};

}  // namespace cacherace::cli
