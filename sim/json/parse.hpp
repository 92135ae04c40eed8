#pragma once
// From JSON text to a tree of nodes.

#include <cstddef>
#include <optional>
#include <string_view>

#include "sim/json/collector.hpp"
#include "sim/json/node.hpp"

namespace cacherace::json {

inline constexpr std::size_t text_bytes_max = std::size_t{1} << 20U;
inline constexpr std::size_t depth_max = 64;
inline constexpr std::size_t members_max = 10'000;  // of one object

/// Parses JSON (RFC 8259) with // and /* */ comments. What is not JSON, and what exceeds
/// `bytes_max`, `depth_max` or `members_max`, goes to `problems` as syntax and yields nothing; a
/// duplicate key goes there as meaning. O(size of `text` * log of the members of an object).
std::optional<Document> parse(std::string_view text, Collector& problems,
                              std::size_t bytes_max = text_bytes_max);

}  // namespace cacherace::json
