#pragma once
// UTF-8 (RFC 3629): where characters end, and what may be shown of them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cacherace {

/// Bytes of the character at the front of `text`; 0 when it is malformed, or `text` is empty.
std::size_t character_size(std::string_view text);

/// The code point of a character. Requires that it is well-formed.
std::uint32_t code_point(std::string_view character);

/// Whether it would command a terminal, break a line or turn the order of letters around.
bool is_printable(std::uint32_t code_point);

/// Offset of the first byte that is not UTF-8; nothing when all is.
std::optional<std::size_t> first_not_utf8(std::string_view text);

/// `text` with what is not printable spelled out: control characters as \x1b, line separators and
/// bidirectional controls as \u202e, bytes that are not UTF-8 as \xff. What is printable stays as
/// it is. O(size of `text`).
std::string printable(std::string_view text);

}  // namespace cacherace
