#pragma once
// The arguments of a step: what its effect's name does not say.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cacherace {

/// Whether, how many, what, which ones. A duration is a text with its unit, as scenarios write it.
using Arg = std::variant<bool, std::uint64_t, std::string, std::vector<std::string>>;

/// By name, each once.
using Args = std::vector<std::pair<std::string, Arg>>;

}  // namespace cacherace
