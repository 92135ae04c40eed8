#pragma once
// Reading and writing files: whole or not at all.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/result.hpp"

namespace cacherace::cli {

/// What a file is read as, for messages, and how large such a file may be.
struct Readable {
  const char* what;  // "a scenario file"
  std::size_t bytes_max;
};

/// The content of a file; "-" is stdin, which can be read once. Never holds more than a byte beyond
/// the maximum, so that what never ends is refused as well.
Result<std::string> read_file(const std::string& path, const Readable& as);

/// Says what make_folder() would refuse.
Result<void> may_make_folder(const std::string& path);
/// Makes the folder, unless it is there; the one above it must be.
Result<void> make_folder(const std::string& path);

/// Says what write_file() would refuse, so that nobody computes for long in vain.
Result<void> may_write(const std::string& path, bool overwrite);

/// Writes to a temporary name beside `path` and renames it. An existing file is refused unless
/// `overwrite`. Devices and pipes are written directly.
Result<void> write_file(const std::string& path, const std::string& content, bool overwrite);

/// Writes all of `content` to an open file; returns what went wrong, as errno says it, or 0.
int write_all(int descriptor, std::string_view content);

/// A file that a command reads or writes, and the option that names it.
struct NamedFile {
  std::string option;  // "--output"; "stdout", whose path is ""
  std::string path;
};

/// Finds the files that would be written over each other or over what was read, however their names
/// are spelled. Devices and pipes are nobody's own.
Problems clashes(const std::vector<NamedFile>& read, const std::vector<NamedFile>& written);

}  // namespace cacherace::cli
