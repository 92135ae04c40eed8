#pragma once
// Whether processes have come to rest, by what the kernel says of their threads.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cacherace::drive {

/// All threads of the processes of a session.
class Threads {
 public:
  explicit Threads(pid_t session) : session_(session) {}

  /// Finds the session's processes again. O(processes of the machine).
  void find();
  /// What the threads have used so far: equal in two looks when none has run between them.
  struct Look {
    bool runs = false;           // one is running, or could
    std::uint64_t run_time = 0;  // nanoseconds, of all
    std::size_t threads = 0;
    bool operator==(const Look&) const = default;
  };
  Look look();

 private:
  pid_t session_;
  std::vector<pid_t> processes_;
};

}  // namespace cacherace::drive
