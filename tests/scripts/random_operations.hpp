#pragma once
// Random scripts over all calls, and random races of their operations.

#include <cstdint>
#include <string>

namespace cacherace::test {

/// A scenario with one strategy, a script; `timed`: with latencies that count.
std::string random_race_of_script(std::uint64_t seed, bool timed);

}  // namespace cacherace::test
