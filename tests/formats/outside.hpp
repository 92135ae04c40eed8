#pragma once
// Other programs that read what the project writes.

#include <optional>
#include <string>

namespace cacherace::report {

/// What `command` prints, given `input` in the file that stands for {} in it; nothing when it
/// fails. Skips the test when this machine has no `program`.
std::optional<std::string> read_by(const std::string& program, const std::string& command,
                                   const std::string& input);

}  // namespace cacherace::report
