#pragma once
// The files of scripts become part of the scenario that names them.

#include <string>
#include <string_view>

#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// The scenario's JSON with the texts of its scripts, read from beside its file. So it is complete:
/// saved, varied and run elsewhere it means the same.
Result<std::string> with_script_sources(const scenario::Scenario& scenario, std::string_view text);

}  // namespace cacherace::harness
