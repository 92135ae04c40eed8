#pragma once
// The published schemas of what commands write.

#include <string_view>

namespace cacherace::report {

/// JSON schema (draft-07) of what search, run and replay print with --format json, as text.
std::string_view result_schema();

/// JSON schema (draft-07) of counterexample files, as text. It says what the loader calls shape;
/// the scenario inside has its own schema.
std::string_view counterexample_schema();

}  // namespace cacherace::report
