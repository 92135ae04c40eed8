#include "sim/harness/work/in_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace cacherace::harness {

void in_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr trouble;
  std::size_t troubled = count;
  // Tasks begin in order, so those before one that throws have begun, and end.
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        const std::scoped_lock lock(mutex);
        if (i < troubled) {
          troubled = i;
          trouble = std::current_exception();
        }
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    const auto helpers = std::min<std::size_t>(jobs, count);
    threads.reserve(helpers);
    try {
      for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(work);
    } catch (const std::exception&) {
      // The system gives no more threads. Those that there are do the rest, with the same result.
    }
    work();
  }
  if (trouble) std::rethrow_exception(trouble);
}

}  // namespace cacherace::harness
