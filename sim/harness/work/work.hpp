#pragma once
// What a command says of its work while it goes on. Never part of a result.

#include <cstdint>
#include <functional>
#include <string>

namespace cacherace::harness {

/// A piece of work, told of when it begins, and again with its outcome when it has ended.
struct Work {
  std::string what;          // "cache-aside no-stale-residue", the same both times
  std::string outcome = {};  // "violated, 17 states"; "" when it begins
  std::uint64_t amount = 0;  // of what it went through, to make a rate of
  const char* unit = "";     // "states"
};

/// Called from any thread.
using Log = std::function<void(const Work&)>;

}  // namespace cacherace::harness
