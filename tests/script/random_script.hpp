#pragma once
// Scripts that nobody would write: all calls, loops, closures, captured variables, tables and
// errors, mixed.

#include <cstdint>
#include <string>

namespace cacherace::test {

/// The same seed gives the same script, with the operations `read` and `write`.
std::string random_script(std::uint64_t seed);

}  // namespace cacherace::test
