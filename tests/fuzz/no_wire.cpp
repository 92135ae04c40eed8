#include "tests/fuzz/wire.hpp"

namespace cacherace::fuzz {

const std::vector<Reader>& wire_readers() {
  static const std::vector<Reader> none;
  return none;
}

}  // namespace cacherace::fuzz
