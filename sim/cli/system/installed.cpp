#include "sim/cli/system/installed.hpp"

#include <filesystem>

namespace cacherace::cli {

std::string own_or_installed(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(path, error) || fs::path(path).is_absolute()) return path;
  const auto program = fs::read_symlink("/proc/self/exe", error);  // bin/cacherace
  if (error) return path;
  const auto installed = program.parent_path().parent_path() / "share/cacherace" / path;
  return fs::exists(installed, error) ? installed.string() : path;
}

}  // namespace cacherace::cli
