#pragma once
// Scenario files, for those who run them.

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Decodes the text of a scenario file; `file` is its name in messages. Every problem at once.
Result<scenario::Scenario> load_scenario(std::string_view text, std::string_view file);

/// The JSON schema (draft-07) of scenario files.
std::string_view scenario_schema();

/// The one of `known` that `text` is probably meant to be, or "".
std::string nearest_name(std::string_view text, const std::vector<std::string>& known);

}  // namespace cacherace::harness
