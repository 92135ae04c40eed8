#pragma once
// Exact numbers and quantities from text: "1.5ms", "2000/s", "64mb", "10%". No floating point.

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/units.hpp"

namespace cacherace::scenario {

inline constexpr Duration duration_max = std::chrono::hours{24 * 365};
inline constexpr std::int64_t rate_max = 10'000'000;  // per second
inline constexpr Bytes bytes_max = Bytes{1} << 50U;

/// malformed: not of the form. inexact: finer than the unit that it is kept in. too_large: beyond
/// the maximum.
enum class Fault { none, malformed, inexact, too_large };

template <typename T>
struct Parsed {
  T value{};
  Fault fault = Fault::none;
};

/// The JSON number `text`, without its sign, times `unit`, as a whole number. O(length).
Parsed<std::uint64_t> parse_multiple(std::string_view text, std::uint64_t unit);

/// A number (digits, maybe with a fraction) and ns, us, ms, s, min or h; up to duration_max.
Parsed<Duration> parse_duration(std::string_view text);

/// A number and /s, /min or /h; up to rate_max.
Parsed<Rate> parse_rate(std::string_view text);

/// A number and b, kb, mb or gb (powers of 1024, letter case is free); up to bytes_max.
Parsed<Bytes> parse_size(std::string_view text);

/// A number and %; up to 100%.
Parsed<Share> parse_percentage(std::string_view text);

/// The number at the start of `text`, or "", and what follows it.
struct Quantity {
  std::string_view number, unit;
};
Quantity split_quantity(std::string_view text);

}  // namespace cacherace::scenario
