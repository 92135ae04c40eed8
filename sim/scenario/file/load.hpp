#pragma once
// From the text of a scenario file to a Scenario.

#include <string_view>

#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::scenario {

/// Decodes `text`, which stands in `file` (used in messages only; nothing is read from disk).
/// Returns every problem of the text at once, in the order of the text. O(size of the text).
Result<Scenario> load(std::string_view text, std::string_view file);

}  // namespace cacherace::scenario
