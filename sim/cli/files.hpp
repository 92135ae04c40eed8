#pragma once
// Reading and writing files: whole or not at all.

#include <string>

#include "sim/core/result.hpp"

namespace cacherace::cli {

/// The content of a file; "-" is stdin.
Result<std::string> read_file(const std::string& path);

/// Writes to a temporary name beside `path` and renames it. An existing file is refused unless
/// `overwrite`.
Result<void> write_file(const std::string& path, const std::string& content, bool overwrite);

}  // namespace cacherace::cli
