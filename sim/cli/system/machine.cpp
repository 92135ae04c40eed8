#include "sim/cli/system/machine.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace cacherace::cli {
namespace {

constexpr Bytes no_limit = std::numeric_limits<Bytes>::max();

// The number in a file that holds nothing else; nothing for "max".
std::optional<Bytes> number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  Bytes number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

// The number behind a name, in a file with one such line after another.
std::optional<Bytes> number_of(const std::string& name, const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string word;
  while (file >> word) {
    Bytes number = 0;
    if (word == name && file >> number) return number;
  }
  return std::nullopt;
}

Bytes free_of_machine() {
  if (const auto free = number_of("MemAvailable:", "/proc/meminfo")) return *free << 10U;
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto page = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? static_cast<Bytes>(pages) * static_cast<Bytes>(page) : no_limit;
}

// What a control group (cgroup v2) may still take: what it holds of files can be dropped.
Bytes free_of_group(const std::filesystem::path& group) {
  const auto limit = number_in(group / "memory.max");
  if (!limit) return no_limit;
  const Bytes files = number_of("inactive_file", group / "memory.stat").value_or(0);
  const Bytes used = number_in(group / "memory.current").value_or(0);
  const Bytes held = used - std::min(used, files);
  return *limit - std::min(*limit, held);
}

// Of the process's control group and of those around it.
Bytes free_of_groups() {
  const std::filesystem::path root = "/sys/fs/cgroup";
  std::ifstream file("/proc/self/cgroup");
  Bytes free = no_limit;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("0::/")) continue;
    for (auto group = root / line.substr(4);; group = group.parent_path()) {
      free = std::min(free, free_of_group(group));
      if (group.string().size() <= root.string().size() + 1) break;
    }
  }
  return std::min(free, free_of_group(root));
}

Bytes limit_of_process() {
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return no_limit;
  return limit.rlim_cur;
}

}  // namespace

Bytes free_memory() {
  const Bytes free = std::min({free_of_machine(), free_of_groups(), limit_of_process()});
  return free == no_limit ? Bytes{1} << 30U : free;
}

}  // namespace cacherace::cli
