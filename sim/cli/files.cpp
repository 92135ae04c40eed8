#include "sim/cli/files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace cacherace::cli {
namespace {

Problems trouble(const std::string& path, std::string fact, std::string fix = "") {
  return {{.kind = Problem::Kind::file,
           .file = path,
           .pointer = "",
           .fact = std::move(fact),
           .fix = std::move(fix)}};
}

std::string reason() { return errno == 0 ? "unknown error" : std::strerror(errno); }

}  // namespace

Result<std::string> read_file(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return trouble(path, "is a directory", "name a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return trouble(path, "cannot be read: " + reason());
  std::string content(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return trouble(path, "cannot be read: " + reason());
  return content;
}

Result<void> write_file(const std::string& path, const std::string& content, bool overwrite) {
  std::error_code ignored;
  if (!overwrite && std::filesystem::exists(path, ignored))
    return trouble(path, "exists already", "name another file, or pass --force to overwrite it");
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  errno = 0;
  {
    std::ofstream file(temporary, std::ios::binary);
    file << content;
    file.close();
    if (!file) {
      const std::string why = reason();
      std::filesystem::remove(temporary, ignored);
      return trouble(path, "cannot be written: " + why);
    }
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) {
    std::filesystem::remove(temporary, ignored);
    return trouble(path, "cannot be written: " + error.message());
  }
  return {};
}

}  // namespace cacherace::cli
