#pragma once
// Patterns of names, as KEYS and SCAN of Redis have them.

#include <string_view>

namespace cacherace::strategy {

/// `*` stands for anything, `?` for one character, `[a-z]` and `[^a-z]` for one of some, and what
/// follows `\\` for itself. O(size of both, multiplied).
bool matches_pattern(std::string_view pattern, std::string_view name);

}  // namespace cacherace::strategy
