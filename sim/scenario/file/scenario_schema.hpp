#pragma once
// The published schema of scenario files.

#include <string_view>

namespace cacherace::scenario {

/// The file in reports/schema, as it was when the program was built.
std::string_view scenario_schema_file();

/// What the file should be, with the properties and metrics of their tables. JSON schema (draft-07)
/// of scenario files, as text. It says what the loader calls shape; what no schema can say (names
/// that must exist, one bound above another) only the loader knows.
std::string_view scenario_schema();

}  // namespace cacherace::scenario
