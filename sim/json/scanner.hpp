#pragma once
// Finds the places of tokens in JSON text whose grammar another parser has judged.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/json/node.hpp"

namespace cacherace::json {

/// What lies between two tokens that carry a value.
struct Gap {
  std::size_t next = 0;                     // offset of the following token, or the text's size
  std::vector<std::size_t> separators;      // offsets of the ',' and ':' on the way
  std::optional<std::size_t> open_comment;  // offset of a comment that is never closed
};

class Scanner {
 public:
  /// `text` is valid UTF-8 and outlives the scanner.
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }

  /// Skips blanks, comments, ',' and ':' from offset `from`. O(what is skipped).
  Gap gap(std::size_t from) const;

  /// Offset after the token at `start`: a string with its quotes, a number, a word, or one sign.
  std::size_t token_end(std::size_t start) const;

  /// Line and column of `offset`. O(1) amortised for growing offsets, O(offset) otherwise.
  Place place(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t offset_ = 0;  // where place_ is
  Place place_;
};

/// Offset of the first byte that is not UTF-8 (RFC 3629) or is NUL; nothing if there is none.
std::optional<std::size_t> first_bad_byte(std::string_view text);

}  // namespace cacherace::json
