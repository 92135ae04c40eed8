#pragma once
// The published schemas of what commands write.

#include <string_view>

namespace cacherace::report {

/// JSON schema (draft-07) of what search, run and replay print with --format json, as text: the
/// published file, with the metrics of their table.
std::string_view result_schema();

/// JSON schema (draft-07) of counterexample files, as text. It says what the loader calls shape;
/// the scenario inside has its own schema.
std::string_view counterexample_schema();

/// The files in reports/schema, as they were when the program was built.
std::string_view result_schema_file();
std::string_view counterexample_schema_file();

}  // namespace cacherace::report
