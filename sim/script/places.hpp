#pragma once
// Exact places in a script: every instruction gets a line of its own.

#include <cstdint>
#include <string>
#include <vector>

namespace cacherace::script {

/// Lua tells of a frame at which line it stands, and several calls may be on one line. So the
/// numbers of lines in compiled code are replaced: each instruction of each function has another,
/// from 1 up.
class Places {
 public:
  /// Rewrites code that lua_dump has written, Lua 5.4, with its debug information. Requires that
  /// nothing else has been done to it.
  void number_instructions(std::string& code);
  /// The line of the source; 0 for none.
  std::uint32_t line_of(int place) const {
    return place >= 0 && static_cast<std::size_t>(place) < lines_.size()
               ? lines_[static_cast<std::size_t>(place)]
               : 0;
  }

 private:
  std::vector<std::uint32_t> lines_{0};  // by place
};

}  // namespace cacherace::script
