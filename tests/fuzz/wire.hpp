#pragma once
// The readers of what the proxies pass on between applications and servers.

#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/readers.hpp"

namespace cacherace::fuzz {

/// Their promises: bytes are read at a size within them that more bytes do not change, or they are
/// refused with a reason; and what writes is never called less. None where drive is not built.
const std::vector<Reader>& wire_readers();

/// Nothing for another reader.
std::vector<std::string> wire_seeds(std::string_view reader);

}  // namespace cacherace::fuzz
