#pragma once
// Reading and writing files: whole or not at all.

#include <string>

#include "sim/core/result.hpp"

namespace cacherace::cli {

/// The content of a file; "-" is stdin.
Result<std::string> read_file(const std::string& path);

/// Says what make_folder() would refuse.
Result<void> may_make_folder(const std::string& path);
/// Makes the folder, unless it is there; the one above it must be.
Result<void> make_folder(const std::string& path);

/// Says what write_file() would refuse, so that nobody computes for long in vain.
Result<void> may_write(const std::string& path, bool overwrite);

/// Writes to a temporary name beside `path` and renames it. An existing file is refused unless
/// `overwrite`. Devices and pipes are written directly.
Result<void> write_file(const std::string& path, const std::string& content, bool overwrite);

}  // namespace cacherace::cli
