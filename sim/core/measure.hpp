#pragma once
// What a metric, or the limit of a property, is measured in.

#include <cstdint>
#include <string_view>

namespace cacherace {

enum class Unit : std::uint8_t { count, share, microseconds, bytes, per_second };

/// As in results and in the documentation.
constexpr std::string_view name(Unit unit) {
  switch (unit) {
    case Unit::count:
      return "count";
    case Unit::share:
      return "share";
    case Unit::microseconds:
      return "us";
    case Unit::bytes:
      return "bytes";
    case Unit::per_second:
      return "per second";
  }
  return "";
}

}  // namespace cacherace
