#pragma once
// Problems as a test reads them.

#include <string>
#include <string_view>

#include "sim/scenario/file/load.hpp"

namespace cacherace::scenario {

/// Every problem of `text` on a line of its own; "" when it loads.
inline std::string problems_of(std::string_view text) {
  const auto loaded = load(text, "x.json");
  std::string lines;
  if (loaded.has_value()) return lines;
  for (const Problem& problem : loaded.error()) lines += to_text(problem) + '\n';
  return lines;
}

}  // namespace cacherace::scenario
