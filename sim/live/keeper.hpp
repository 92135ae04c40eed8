#pragma once
// Child processes that end with us, however we end.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/core/result.hpp"

namespace cacherace::live {

/// A folder of our own under the system's temporary one. Removed by its keeper, or on destruction.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Command {
  std::vector<std::string> words;             // program and arguments
  std::vector<std::string> environment;       // "NAME=value", on top of our own
  std::filesystem::path folder;               // where it runs; ours if ""
  std::filesystem::path output;               // a file for what it prints; nowhere if ""
  std::filesystem::path remove;               // a folder that goes when the process has ended
  std::chrono::milliseconds patience{3'000};  // from the request to end until it is killed
};

/// A process and all its descendants, in a session of their own: a keeper (a shell) starts them,
/// waits until we close a pipe or die, and then ends them. So a kill of ours, or a crash, leaves
/// nothing behind.
class Kept {
 public:
  static Result<Kept> start(const Command& command);
  Kept(Kept&& other) noexcept;
  Kept& operator=(Kept&& other) noexcept;
  ~Kept();

  /// The session in which it and its descendants run.
  pid_t session() const { return keeper_; }
  /// False when the process itself has ended; its descendants are ended then.
  bool runs();
  /// Ends them, and waits for it.
  void end();

 private:
  Kept(pid_t keeper, int pipe) : keeper_(keeper), pipe_(pipe) {}

  pid_t keeper_ = -1;
  int pipe_ = -1;
};

/// Runs a command to its end, and returns its exit code. `turn` is called again and again
/// meanwhile; false ends the command, and throws Stopped.
Result<int> run(Command command, const std::function<bool()>& turn);

/// The program of this name on PATH, or in one of the folders; "" where there is none.
std::filesystem::path find_program(const std::string& name,
                                   const std::vector<std::filesystem::path>& folders = {});

/// The last lines of a file, for an error message.
std::string tail_of(const std::filesystem::path& file, std::size_t lines = 5);

}  // namespace cacherace::live
