#pragma once
// A script's text, with `#` made to notice holes.

#include <cstddef>
#include <string>
#include <string_view>

namespace cacherace::script {

/// The operand of `#` becomes that of `_length_ ^`, which binds as `#` does: what a script writes
/// as
/// `#t` calls a function of the host's. No line moves.
struct CheckedLengths {
  std::string text;
  std::size_t line_of_power = 0;  // where the script itself has a `^`, from 1
};
CheckedLengths with_checked_lengths(std::string_view text);

/// The global through which it is called.
inline constexpr const char* length_name = "_length_";

}  // namespace cacherace::script
