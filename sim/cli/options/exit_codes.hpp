#pragma once
// What the process's exit code says.

namespace cacherace::cli {

enum Exit : int {
  exit_met = 0,           // expectations met
  exit_violated = 1,      // an expectation was not met, or something unexpected was violated
  exit_usage = 2,         // wrong arguments or a bad scenario
  exit_inconclusive = 3,  // a conclusion was demanded, and the budget ended first
  exit_diverged = 4,      // a replay no longer matches
  exit_resources = 71,    // the machine has too little memory, or gives no thread
  exit_file = 74,         // a file could not be read or written
  exit_interrupted = 130,
  exit_terminated = 143,
};

}  // namespace cacherace::cli
