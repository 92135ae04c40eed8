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

// A rename would put a file in the place of a device or pipe.
bool is_written_directly(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) &&
         !std::filesystem::is_regular_file(path, ignored) &&
         !std::filesystem::is_directory(path, ignored);
}

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

namespace {

// `path` is a new one in the folder.
Result<void> may_add(const std::filesystem::path& folder, const std::string& path) {
  errno = 0;
  if (::access((folder / ".").c_str(), W_OK | X_OK) != 0)
    return trouble(path, "cannot be written: " + reason());
  return {};
}

}  // namespace

Result<void> may_write(const std::string& path, bool overwrite) {
  if (is_written_directly(path)) return {};
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return trouble(path, "is a directory", "name a file");
  if (!overwrite && std::filesystem::exists(path, ignored))
    return trouble(path, "exists already", "name another file, or pass --force to overwrite it");
  return may_add(std::filesystem::path(path).parent_path(), path);
}

Result<void> may_make_folder(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return may_add(path, path);
  if (std::filesystem::exists(path, ignored)) return trouble(path, "is a file", "name a folder");
  return may_add(std::filesystem::path(path).parent_path(), path);
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directory(path, error);
  if (error) return trouble(path, "cannot be made: " + error.message());
  return {};
}

Result<void> write_file(const std::string& path, const std::string& content, bool overwrite) {
  if (const auto allowed = may_write(path, overwrite); !allowed) return allowed;
  const bool directly = is_written_directly(path);
  const std::string temporary = directly ? path : fmt::format("{}.{}.tmp", path, ::getpid());
  std::error_code ignored;
  errno = 0;
  {
    std::ofstream file(temporary, std::ios::binary);
    file << content;
    file.close();
    if (!file) {
      const std::string why = reason();
      if (!directly) std::filesystem::remove(temporary, ignored);
      return trouble(path, "cannot be written: " + why);
    }
  }
  if (directly) return {};
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) {
    std::filesystem::remove(temporary, ignored);
    return trouble(path, "cannot be written: " + error.message());
  }
  return {};
}

}  // namespace cacherace::cli
