#include "tests/rules/enumerate/difference.hpp"

#include <algorithm>

namespace cacherace::rules {

bool System::is_possible() const {
  // Bellman and Ford: no cycle of negative length.
  std::vector<Time> latest(moments_, 0);
  for (std::size_t round = 0; round <= moments_; ++round) {
    bool changed = false;
    for (const auto& c : constraints_) {
      const Time bound = latest[c.earlier] + c.most;
      if (latest[c.later] <= bound) continue;
      latest[c.later] = bound;
      changed = true;
    }
    if (!changed) return true;
  }
  return false;
}

std::optional<Time> System::largest(std::size_t later, std::size_t earlier) const {
  std::vector<std::optional<Time>> shortest(moments_);
  shortest[earlier] = 0;
  for (std::size_t round = 0; round <= moments_; ++round)
    for (const auto& c : constraints_) {
      if (!shortest[c.earlier]) continue;
      const Time bound = *shortest[c.earlier] + c.most;
      if (!shortest[c.later] || *shortest[c.later] > bound) shortest[c.later] = bound;
    }
  return shortest[later];
}

}  // namespace cacherace::rules
