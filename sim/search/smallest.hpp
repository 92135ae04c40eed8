#pragma once
// The smallest part of a whole that still shows what the whole shows.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace cacherace::search {

/// Tries the subsets of {0, …, parts-1} in the order of their size, up to `size_max`, and
/// lexicographically within a size, and returns the first one for which
/// `shows(const std::vector<bool>& kept)` holds; nothing when none does, or as soon as `go_on()`
/// says no, which is asked before each. The empty subset is not tried. At most 2^parts calls; few
/// when the answer is small.
template <typename Shows, typename GoOn>
std::optional<std::vector<bool>> smallest_subset(std::size_t parts, std::size_t size_max,
                                                 Shows&& shows, GoOn&& go_on) {
  for (std::size_t size = 1; size <= std::min(parts, size_max); ++size) {
    std::vector<bool> kept(parts);
    std::fill_n(kept.begin(), size, true);
    do {
      if (!go_on()) return std::nullopt;
      if (shows(std::as_const(kept))) return kept;
    } while (std::prev_permutation(kept.begin(), kept.end()));
  }
  return std::nullopt;
}

/// The greatest size for which there are at most `subsets_max` subsets of `parts` of that size or
/// less.
inline std::size_t largest_size_within(std::size_t parts, std::size_t subsets_max) {
  std::size_t subsets = 1;  // of the size at hand
  std::size_t size = 0;
  for (std::size_t all = 0; size < parts; ++size) {
    subsets = subsets * (parts - size) / (size + 1);
    all += subsets;
    if (all > subsets_max) break;
  }
  return size;
}

/// Leaves out one part after another, from the last to the first, for as long as the rest still
/// `shows` it. Afterwards no single part can be left out, unless `go_on()` ended it early.
/// Requires that the whole shows it. O(parts^2) calls.
template <typename Shows, typename GoOn>
std::vector<bool> without_needless(std::size_t parts, Shows&& shows, GoOn&& go_on) {
  std::vector<bool> kept(parts, true);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t part = parts; part-- > 0;) {
      if (!kept[part]) continue;
      if (!go_on()) return kept;
      kept[part] = false;
      const bool needless = shows(std::as_const(kept));
      kept[part] = !needless;
      changed |= needless;
    }
  }
  return kept;
}

}  // namespace cacherace::search
