#pragma once
// SIM_ASSERT checks what only a bug of ours could break. It stays on in every build.

namespace cacherace {

/// Exit code that says "our own bug".
inline constexpr int exit_bug = 70;

/// Prints the broken assertion to stderr and ends the process with `exit_bug`.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace cacherace

#define SIM_ASSERT(expression) \
  ((expression) ? void(0) : ::cacherace::assertion_failed(#expression, __FILE__, __LINE__))
