#include "sim/json/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cacherace::json {

namespace {

constexpr std::size_t length_max = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Optimal string alignment distance (Damerau 1964), case-insensitive.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, length_max + 1>, length_max + 1> cost{};
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view text,
                                        std::span<const std::string_view> known) {
  if (text.empty() || text.size() > length_max) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = text.size() < 3 ? 2 : (text.size() + 2) / 3 + 1;
  for (const std::string_view name : known) {
    if (name.size() > length_max) continue;
    const std::size_t apart = distance(text, name);
    if (apart < best_distance && apart < std::max(text.size(), name.size())) {
      best_distance = apart;
      best = name;
    }
  }
  return best;
}

}  // namespace cacherace::json
