#pragma once
// The published schema of scenario files.

#include <string_view>

namespace cacherace::scenario {

/// JSON schema (draft-07) of scenario files, as text: the published file, with the properties and
/// metrics of their tables. It says what the loader calls shape; what no schema can say (names that
/// must exist, one bound above another) only the loader knows.
std::string_view scenario_schema();

/// The file in reports/schema, as it was when the program was built.
std::string_view scenario_schema_file();

}  // namespace cacherace::scenario
