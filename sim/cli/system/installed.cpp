#include "sim/cli/system/installed.hpp"

#include <filesystem>

namespace cacherace::cli {

std::string shipped_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);  // bin/cacherace
  if (error) return path;
  for (auto folder = program.parent_path(); folder.has_relative_path();
       folder = folder.parent_path())
    for (const auto& root : {folder / "share/cacherace", folder})
      if (fs::exists(root / path, error)) return (root / path).string();
  return path;
}

}  // namespace cacherace::cli
