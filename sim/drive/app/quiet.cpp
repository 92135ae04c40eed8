#include "sim/drive/app/quiet.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

namespace cacherace::drive {
namespace {

using Buffer = std::array<char, 512>;

// The beginning of a small file of the kernel as it is now; "" where it has gone.
std::string_view read_now(int file, Buffer& buffer) {
  const ssize_t size = ::pread(file, buffer.data(), buffer.size(), 0);
  return {buffer.data(), size <= 0 ? 0 : static_cast<std::size_t>(size)};
}

int open_file(const std::string& path) { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }

template <typename Each>
void each_number_in(const std::string& folder, Each each) {
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) return;
  while (const dirent* entry = ::readdir(open)) {
    pid_t number = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    if (const auto [at, wrong] = std::from_chars(entry->d_name, end, number);
        wrong == std::errc{} && at == end)
      each(number);
  }
  ::closedir(open);
}

// Field `index`, from 0, behind the name in brackets, which may contain anything.
std::string_view field(std::string_view stat, std::size_t index) {
  const auto bracket = stat.rfind(')');
  if (bracket == stat.npos) return {};
  stat.remove_prefix(std::min(bracket + 2, stat.size()));
  for (; index > 0; --index) {
    const auto space = stat.find(' ');
    if (space == stat.npos) return {};
    stat.remove_prefix(space + 1);
  }
  return stat.substr(0, stat.find(' '));
}

}  // namespace

Threads::~Threads() {
  for (const auto& [id, files] : threads_) ::close(files.stat), ::close(files.schedule);
}

void Threads::find() {
  processes_.clear();
  Buffer buffer;
  const std::string session = std::to_string(session_);
  each_number_in("/proc", [&](pid_t process) {
    if (process == session_) return;
    const int file = open_file("/proc/" + std::to_string(process) + "/stat");
    if (file < 0) return;
    if (field(read_now(file, buffer), 3) == session) processes_.push_back(process);
    ::close(file);
  });
  find_threads();
}

void Threads::find_threads() {
  auto before = std::exchange(threads_, {});
  for (const pid_t process : processes_) {
    const std::string folder = "/proc/" + std::to_string(process) + "/task";
    each_number_in(folder, [&](pid_t thread) {
      const std::pair id{process, thread};
      if (const auto known = before.extract(id); !known.empty()) {
        threads_.emplace(id, known.mapped());
        return;
      }
      const std::string base = folder + "/" + std::to_string(thread);
      const Files files{open_file(base + "/stat"), open_file(base + "/schedstat")};
      if (files.stat >= 0 && files.schedule >= 0) threads_.emplace(id, files);
    });
  }
  for (const auto& [id, files] : before) ::close(files.stat), ::close(files.schedule);
}

Threads::Look Threads::look() {
  find_threads();
  Look out;
  out.threads = threads_.size();
  Buffer buffer;
  for (const auto& [id, files] : threads_) {
    const auto schedule = read_now(files.schedule, buffer);
    std::uint64_t run_time = 0;
    std::from_chars(schedule.data(), schedule.data() + schedule.size(), run_time);
    out.run_time += run_time;
  }
  return out;
}

void Threads::kill() const {
  for (const pid_t process : processes_) ::kill(process, SIGKILL);
}

bool Threads::any_runs() {
  Buffer buffer;
  return std::ranges::any_of(threads_, [&](const auto& entry) {
    const auto state = field(read_now(entry.second.stat, buffer), 0);
    return state == "R" || state == "D";
  });
}

}  // namespace cacherace::drive
