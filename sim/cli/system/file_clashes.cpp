// Which names are names of one file.

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "sim/cli/system/files.hpp"

namespace cacherace::cli {
namespace {

// A file that is there has a number; one that is not there has a folder and a name.
struct Identity {
  dev_t device{};
  ino_t number{};
  std::string name;

  bool operator==(const Identity&) const = default;
};

std::optional<Identity> identity_of(const NamedFile& file) {
  struct stat status{};
  const bool is_stdout = file.path.empty();
  if (is_stdout ? ::fstat(STDOUT_FILENO, &status) == 0 : ::stat(file.path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    return Identity{.device = status.st_dev, .number = status.st_ino, .name = ""};
  }
  const std::filesystem::path path(file.path);
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (is_stdout || ::stat(folder.c_str(), &status) != 0) return std::nullopt;
  return Identity{
      .device = status.st_dev, .number = status.st_ino, .name = path.filename().string()};
}

using Identities = std::vector<std::optional<Identity>>;

Identities identities_of(const std::vector<NamedFile>& files) {
  Identities all;
  for (const auto& file : files) all.push_back(file.path == "-" ? std::nullopt : identity_of(file));
  return all;
}

bool same(const std::optional<Identity>& a, const std::optional<Identity>& b) {
  return a && a == b;
}

Problem clash(const NamedFile& file, std::string fact, std::string fix) {
  return {.kind = Problem::Kind::meaning,
          .file = file.path.empty() ? file.option : fmt::format("{} {}", file.option, file.path),
          .pointer = "",
          .fact = std::move(fact),
          .fix = std::move(fix)};
}

}  // namespace

Problems clashes(const std::vector<NamedFile>& read, const std::vector<NamedFile>& written) {
  const auto inputs = identities_of(read), outputs = identities_of(written);
  Problems problems;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (same(outputs[i], outputs[j]))
        problems.push_back(clash(written[i],
                                 fmt::format("{} goes to the same file", written[j].option),
                                 "name two files"));
    for (const auto& input : inputs)
      if (same(outputs[i], input)) {
        problems.push_back(
            clash(written[i], "is a file that this command reads", "name another file"));
        break;
      }
  }
  return problems;
}

}  // namespace cacherace::cli
