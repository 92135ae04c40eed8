#pragma once
// Whether processes have come to rest, by what the kernel says of their threads.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cacherace::drive {

/// All threads of the processes of a session, but the one that leads it and its own helper.
class Threads {
 public:
  explicit Threads(pid_t session) : session_(session) {}
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads();

  /// Finds the session's processes again. O(processes of the machine).
  void find();
  /// How long the threads have run so far, in nanoseconds, and how many they are: equal in two
  /// looks when none has run between them. O(threads).
  struct Look {
    std::uint64_t run_time = 0;
    std::size_t threads = 0;
    bool operator==(const Look&) const = default;
  };
  Look look();
  /// Whether one runs right now, or could.
  bool any_runs();
  /// Ends the processes that were found, without a word to them.
  void kill() const;

 private:
  struct Files {  // of a thread, kept open
    int stat = -1, schedule = -1;
  };
  void find_threads();

  pid_t session_;
  std::vector<pid_t> processes_;
  std::map<std::pair<pid_t, pid_t>, Files> threads_;  // by process and thread
};

}  // namespace cacherace::drive
