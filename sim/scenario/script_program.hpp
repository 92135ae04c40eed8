#pragma once
// The program behind a strategy that is a script.

#include "sim/scenario/slots.hpp"
#include "sim/script/host.hpp"
#include "sim/script/program.hpp"

namespace cacherace::scenario {

/// What a script's host has to be told.
script::Environment script_environment(std::function<std::string(Key)> name_of_row);

/// Reads and checks it; problems name its file and line.
Result<script::Program> load_script(const Script& settings, const script::ReadFile& read);
/// The same from the sources that the scenario has.
Result<script::Program> load_script(const Script& settings);

}  // namespace cacherace::scenario
