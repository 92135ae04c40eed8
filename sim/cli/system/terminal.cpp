#include "sim/cli/system/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "sim/core/utf8.hpp"

namespace cacherace::cli {
namespace {

// A signal arrives on any thread, and the others ask for it: without a lock, both are allowed.
std::atomic<int> caught_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int signal) {
  if (caught_signal.exchange(signal) != 0) std::_Exit(128 + signal);
}

}  // namespace

bool use_color(ColorChoice choice) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  const char* no_color = std::getenv("NO_COLOR");
  return stdout_is_terminal() && (no_color == nullptr || *no_color == '\0');
}

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::size_t stdout_columns(std::size_t most) {
  if (!stdout_is_terminal()) return most;
  const char* said = std::getenv("COLUMNS");
  std::size_t columns = said == nullptr ? 0 : std::strtoull(said, nullptr, 10);
  winsize size{};
  if (columns == 0 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  return columns == 0 ? most : std::min(columns, most);
}

void tell(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stderr) < text.size()) std::clearerr(stderr);
  if (std::fflush(stderr) != 0) std::clearerr(stderr);
}

ProgressLine::ProgressLine(bool quiet) : enabled_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::print(const std::string& text) {
  tell("\r\x1b[K" + printable(text));
  printed_ = true;
}

void ProgressLine::say(const std::string& line) {
  const std::scoped_lock lock(mutex_);
  clear();
  tell(printable(line) + "\n");
}

void ProgressLine::clear() {
  if (printed_) tell("\r\x1b[K");
  printed_ = false;
}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(Clock::now() - started_).count();
}

void catch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool interrupted() { return caught_signal != 0; }

int interrupt_exit_code() { return 128 + caught_signal; }

}  // namespace cacherace::cli
