#include "sim/core/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace cacherace {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "cacherace: internal error, please report it: %s:%d: %s\n", file, line,
               expression);
  std::fflush(stderr);
  std::_Exit(exit_bug);
}

}  // namespace cacherace
