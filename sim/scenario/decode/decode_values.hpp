#pragma once
// Decoders of single values. Each reports what is wrong and then returns nothing.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "sim/core/units.hpp"
#include "sim/scenario/decode/json_names.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::scenario {

inline constexpr std::uint32_t groups_max = 1'000'000;

std::optional<Duration> duration(const Node& node, Collector& problems);

/// What to write instead of `text`, as JSON: its number with a unit, or else the example.
std::string duration_fix(std::string_view text, std::string_view example);

/// A duration above 0.
std::optional<Duration> positive_duration(const Node& node, Collector& problems);

/// A rate above 0.
std::optional<Rate> rate(const Node& node, Collector& problems);

std::optional<Bytes> size(const Node& node, Collector& problems);

/// A number from 0 to 1, or a percentage.
std::optional<Share> share(const Node& node, Collector& problems);

/// A number from 0 to `max`, kept to nine places.
std::optional<Decimal> decimal(const Node& node, Collector& problems, std::int64_t max);

std::optional<Latency> latency(const Node& node, Collector& problems);

/// The longest that `latency` can take; nothing when it has no upper end.
std::optional<Duration> longest(const Latency& latency);

std::optional<std::uint64_t> whole_number(const Node& node, Collector& problems, std::uint64_t min,
                                          std::uint64_t max);

/// A decoder of whole numbers from `min` to `max`.
template <typename T>
auto count(T min, T max) {
  return [min, max](const Node& node, Collector& problems) -> std::optional<T> {
    const auto value = whole_number(node, problems, min, max);
    return value ? std::optional<T>(static_cast<T>(*value)) : std::nullopt;
  };
}

}  // namespace cacherace::scenario
