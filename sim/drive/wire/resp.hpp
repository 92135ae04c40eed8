#pragma once
// The protocol of Redis, RESP2 and RESP3: from bytes to commands and to the extents of replies.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::drive {

/// Bytes that are not the protocol, or beyond what is accepted.
struct BadBytes {
  std::string says;
};

struct RedisCommand {
  std::vector<std::string> words;  // the first one in upper case
  std::size_t size = 0;            // bytes; words may be empty, for an empty line
};
/// The command at the beginning of `bytes`; nothing while it is not all there. Throws BadBytes.
/// O(size).
std::optional<RedisCommand> first_command(std::string_view bytes);

struct RedisAnswer {
  std::size_t size = 0;
  char type = 0;           // '+', '-', ':', '$', '*', '>', …
  std::string first_word;  // of an array or a push: its first element, if that is a text
};
/// The reply at the beginning of `bytes`; nothing while it is not all there. Throws BadBytes.
std::optional<RedisAnswer> first_answer(std::string_view bytes);

/// As redis-cli shows it, shortened to so many characters, printable.
std::string shown_answer(std::string_view bytes, std::size_t length_max = 60);

}  // namespace cacherace::drive
