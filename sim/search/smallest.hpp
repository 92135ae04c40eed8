#pragma once
// The smallest part of a whole that still shows what the whole shows.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace cacherace::search {

/// Tries the subsets of {0, …, parts-1} in the order of their size, and lexicographically within a
/// size, and returns the first one for which `shows(const std::vector<bool>& kept)` holds; nothing
/// when none does. The empty subset is not tried. At most 2^parts calls; few when the answer is
/// small.
template <typename Shows>
std::optional<std::vector<bool>> smallest_subset(std::size_t parts, Shows&& shows) {
  for (std::size_t size = 1; size <= parts; ++size) {
    std::vector<bool> kept(parts);
    std::fill_n(kept.begin(), size, true);
    do {
      if (shows(std::as_const(kept))) return kept;
    } while (std::prev_permutation(kept.begin(), kept.end()));
  }
  return std::nullopt;
}

}  // namespace cacherace::search
