#pragma once
// Says in plain words why a text is not JSON.

#include <cstddef>
#include <optional>
#include <string>

#include "sim/json/scanner.hpp"

namespace cacherace::json {

/// What the parser had understood when it gave up.
struct ParserState {
  enum class After { nothing, open, key, value } after = After::nothing;
  std::size_t token = 0;                 // where the last good token starts
  std::size_t token_end = 0;             // and ends
  std::optional<std::size_t> container;  // the innermost open '{' or '['
  std::size_t consumed = 0;              // bytes read, the offending token included
  bool overflow = false;                 // a number beyond the range of a double
};

struct SyntaxTrouble {
  std::size_t offset = 0;
  std::string fact;
  std::string fix;
};

/// Requires that a JSON parser has refused the text of `scanner` in `state`. O(size of the text).
SyntaxTrouble explain(Scanner& scanner, const ParserState& state);

}  // namespace cacherace::json
