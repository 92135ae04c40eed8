#pragma once
// Runs the real program as a user would, in a folder of its own.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::cli_test {

/// A temporary folder; gone when the test is over.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view content) const;
  std::string read(const std::string& name) const;
  std::vector<std::string> names() const;  // of what is in it, sorted
  /// Copies a shipped scenario here, under its own name.
  void take_scenario(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

/// The path of the program that is tested.
std::string our_program();

struct Outcome {
  int exit_code = 0;  // 128 and the signal, when a signal ended it
  std::string out;
  std::string err;
};

struct Setting {
  std::string input;                     // of stdin; /dev/null when empty
  std::vector<std::string> environment;  // "NAME=value", beside the test's own; without NO_COLOR
  bool terminal = false;                 // stderr is a terminal
  bool out_terminal = false;             // stdout is another one
  std::string out_path;                  // stdout goes to this file; Outcome::out stays empty
};

/// A program while it runs: ours, unless it is another one. Ends it, and fails the test, when it is
/// silent for a minute.
class Program {
 public:
  Program(const Folder& folder, const std::vector<std::string>& arguments,
          const Setting& setting = {}, const std::string& program = our_program());
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Reads until the progress line shows at least this many percent, or any for 0. Requires a
  /// terminal.
  void wait_for_progress(int percent);
  /// Reads until this is on stderr.
  void wait_for(const std::string& text);
  void send(int signal);
  Outcome finish();

 private:
  bool read_some();  // false when stdout and stderr have ended

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  Outcome outcome_;
};

Outcome run(const Folder& folder, const std::vector<std::string>& arguments,
            const Setting& setting = {});
Outcome run_program(const Folder& folder, const std::string& program,
                    const std::vector<std::string>& arguments, const Setting& setting = {});

}  // namespace cacherace::cli_test
