#pragma once
// "Did you mean": the nearest of some known names.

#include <optional>
#include <span>
#include <string_view>

namespace cacherace::json {

/// The first of the `known` names at the smallest edit distance (insert, drop, replace, swap two
/// neighbours; letter case is free) from `text`; nothing when a third of its letters or more would
/// change. O(known * length^2); texts over 64 bytes have no neighbour.
std::optional<std::string_view> nearest(std::string_view text,
                                        std::span<const std::string_view> known);

}  // namespace cacherace::json
