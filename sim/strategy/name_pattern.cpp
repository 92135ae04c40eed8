#include "sim/strategy/name_pattern.hpp"

#include <utility>

namespace cacherace::strategy {
namespace {

// One part of a pattern that stands for one character: whether it stands for this one, and where
// the next part begins. As in Redis, a set that is not closed ends with the pattern.
std::pair<bool, std::size_t> one_part(std::string_view pattern, std::size_t at, char c) {
  if (pattern[at] == '?') return {true, at + 1};
  if (pattern[at] == '\\' && at + 1 < pattern.size()) return {pattern[at + 1] == c, at + 2};
  if (pattern[at] != '[') return {pattern[at] == c, at + 1};
  ++at;
  const bool negated = at < pattern.size() && pattern[at] == '^';
  if (negated) ++at;
  bool found = false;
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      found |= pattern[++at] == c;
    } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
      auto [low, high] = std::pair(pattern[at], pattern[at + 2]);
      if (low > high) std::swap(low, high);
      found |= low <= c && c <= high;
      at += 2;
    } else {
      found |= pattern[at] == c;
    }
  }
  return {found != negated, at < pattern.size() ? at + 1 : at};
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view name) {
  constexpr auto none = std::string_view::npos;
  std::size_t at = 0, in_name = 0;
  std::size_t star = none, star_name = 0;  // the last one, and up to where it stands for the name
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_name = in_name;
      continue;
    }
    if (at < pattern.size()) {
      const auto [fits, next] = one_part(pattern, at, name[in_name]);
      if (fits) {
        at = next;
        ++in_name;
        continue;
      }
    }
    if (star == none) return false;
    at = star + 1;
    in_name = ++star_name;
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace cacherace::strategy
