#include "sim/drive/app/quiet.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

namespace cacherace::drive {
namespace {

// The beginning of a small file of the kernel; "" where it has gone.
std::string_view read_small(const char* path, std::array<char, 512>& buffer) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  const ssize_t size = ::read(file, buffer.data(), buffer.size());
  ::close(file);
  return size <= 0 ? std::string_view{}
                   : std::string_view(buffer.data(), static_cast<std::size_t>(size));
}

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

void Threads::find() {
  processes_.clear();
  std::array<char, 512> buffer;
  each_number_in("/proc", [&](pid_t process) {
    const auto stat = read_small(("/proc/" + std::to_string(process) + "/stat").c_str(), buffer);
    if (field(stat, 3) == std::to_string(session_)) processes_.push_back(process);
  });
}

Threads::Look Threads::look() {
  Look out;
  std::array<char, 512> buffer;
  for (const pid_t process : processes_) {
    const std::string folder = "/proc/" + std::to_string(process) + "/task";
    each_number_in(folder, [&](pid_t thread) {
      ++out.threads;
      const std::string base = folder + "/" + std::to_string(thread);
      const auto state = field(read_small((base + "/stat").c_str(), buffer), 0);
      if (state == "R" || state == "D") out.runs = true;
      const auto schedule = read_small((base + "/schedstat").c_str(), buffer);
      std::uint64_t run_time = 0;
      std::from_chars(schedule.data(), schedule.data() + schedule.size(), run_time);
      out.run_time += run_time;
    });
  }
  return out;
}

}  // namespace cacherace::drive
