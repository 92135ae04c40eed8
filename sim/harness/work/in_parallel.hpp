#pragma once
// Work that is shared among threads.

#include <cstddef>
#include <functional>

namespace cacherace::harness {

/// Runs task(0) … task(count - 1) on `jobs` threads, or on as many as the system gives. After an
/// exception no further task begins; rethrows that of the first task, by its number, which has one.
void in_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& task);

}  // namespace cacherace::harness
