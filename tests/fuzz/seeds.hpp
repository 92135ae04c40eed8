#pragma once
// Inputs that are right, to begin with.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::fuzz {

/// Inputs for the reader of this name: shipped scenarios, what commands make of some of them, short
/// traces, arguments; and the files of tests/fuzz/found, each of which once did harm.
std::vector<std::string> seeds_for(std::string_view reader);

}  // namespace cacherace::fuzz
