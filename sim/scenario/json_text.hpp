#pragma once
// From JSON text to a tree of nodes.

#include <cstddef>
#include <optional>
#include <string_view>

#include "sim/scenario/collector.hpp"
#include "sim/scenario/json_node.hpp"

namespace cacherace::scenario {

inline constexpr std::size_t text_bytes_max = std::size_t{1} << 20U;
inline constexpr std::size_t depth_max = 64;

/// Parses JSON (RFC 8259) with // and /* */ comments. What is not JSON, and what exceeds the maxima
/// above, goes to `problems` as syntax and yields nothing; a duplicate key goes there as meaning.
/// O(size of `text` * log of the members of an object).
std::optional<Document> parse_json(std::string_view text, Collector& problems);

}  // namespace cacherace::scenario
