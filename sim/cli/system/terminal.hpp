#pragma once
// What the terminal sees: colour, a progress line, and interruption by the user.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace cacherace::cli {

enum class ColorChoice { automatic, always, never };

/// Whether stdout gets colours: as asked, else when it is a terminal and NO_COLOR is not set.
bool use_color(ColorChoice choice);

bool stdout_is_terminal();

/// How wide a text on stdout may be: as the terminal is, and no wider than `most`, which it is
/// where stdout is no terminal.
std::size_t stdout_columns(std::size_t most);

/// Writes to stderr what is said beside the result. Where that cannot be written, there is nobody
/// left to tell.
void tell(std::string_view text);

/// One line on stderr, written over and over, at most ten times a second, on a terminal only. Safe
/// to call from any thread.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// `text` is made only when the line is due; what is not printable of it is spelled out.
  template <typename MakeText>
  void show(MakeText&& text) {
    if (!enabled_) return;
    const std::scoped_lock lock(mutex_);
    const auto now = Clock::now();
    if (now < due_) return;
    due_ = now + std::chrono::milliseconds(100);
    print(text());
  }
  /// A line of its own, above; printable as well.
  void say(const std::string& line);
  void clear();
  double seconds() const;  // since the line was made

 private:
  using Clock = std::chrono::steady_clock;
  void print(const std::string& text);

  bool enabled_;
  bool printed_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point due_ = started_ + std::chrono::milliseconds(300);
  std::mutex mutex_;
};

/// From now on SIGINT and SIGTERM only set a flag; a second one ends the process at once.
void catch_interrupts();
bool interrupted();
/// 130 for SIGINT, 143 for SIGTERM. Requires interrupted().
int interrupt_exit_code();

}  // namespace cacherace::cli
