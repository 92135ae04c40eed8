#pragma once
// What a strategy does in the cache server at once, as Lua scripts for EVAL.

#include <string_view>
#include <vector>

namespace cacherace::live {

struct RealScript {
  std::string_view name;
  std::string_view text;
};

const std::vector<RealScript>& real_scripts();

/// Its text. Requires that there is one of this name.
std::string_view script_text(std::string_view name);

}  // namespace cacherace::live
