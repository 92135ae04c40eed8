#include "sim/judge/property/steps.hpp"

#include <fmt/format.h>

namespace cacherace::judge {

std::string version_text(Version version) {
  return version == 0 ? "no row" : fmt::format("v{}", version);
}

}  // namespace cacherace::judge
