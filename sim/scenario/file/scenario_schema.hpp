#pragma once
// The published schema of scenario files.

#include <string_view>

namespace cacherace::scenario {

/// JSON schema (draft-07) of scenario files, as text. It says what the loader calls shape; what no
/// schema can say (names that must exist, one bound above another) only the loader knows.
std::string_view scenario_schema();

}  // namespace cacherace::scenario
