#pragma once

namespace cacherace::script {

/// In Lua; a function that is given `ask`, the numbers of calls, and what the host helps with, and
/// returns what scripts find.
extern const char* const prelude;

}  // namespace cacherace::script
