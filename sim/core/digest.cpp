#include "sim/core/digest.hpp"

#include <fmt/format.h>

namespace cacherace {

std::string Digest::hex() const { return fmt::format("{:016x}", state_); }

}  // namespace cacherace
