#pragma once
// Kinds of values that an option of a choice can have: each knows how it is read, what it is
// called, how the schema has it, and how a default is written.

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/core/duration_text.hpp"
#include "sim/scenario/decode/decode_values.hpp"

namespace cacherace::scenario {

template <typename T>
struct OptionKind {
  std::function<std::optional<T>(const Node&, Collector&)> decode;
  std::string values;  // "duration"; or the words: "process | durable"
  std::string schema;  // the members of an object without the braces
  std::function<std::string(const T&)> written;
};

/// The schema of what has a definition there.
inline std::string defined(std::string_view name) {
  return fmt::format(R"("allOf": [{{"$ref": "#/definitions/{}"}}])", name);
}

inline OptionKind<Duration> durations() {
  return {duration, "duration", defined("duration"),
          [](const Duration& value) { return written(value); }};
}

/// Durations above 0.
inline OptionKind<Duration> positive_durations() {
  OptionKind<Duration> kind = durations();
  kind.decode = positive_duration;
  kind.values = "duration above 0";
  return kind;
}

/// "0.8", exactly.
std::string written_decimal(const Decimal& value);

inline OptionKind<Share> shares() { return {share, "share", defined("share"), written_decimal}; }

/// Numbers from 0 to `max`.
inline OptionKind<Decimal> numbers_up_to(std::int64_t max) {
  return {[max](const Node& node, Collector& problems) { return decimal(node, problems, max); },
          fmt::format("0 to {}", max),
          fmt::format(R"("type": "number", "minimum": 0, "maximum": {})", max), written_decimal};
}

/// Whole numbers.
template <typename T>
OptionKind<T> counts(T min, T max) {
  return {count<T>(min, max), fmt::format("{} to {}", min, max),
          fmt::format(R"("type": "integer", "minimum": {}, "maximum": {})", min, max),
          [](const T& value) { return fmt::format("{}", value); }};
}

inline OptionKind<bool> booleans() {
  return {json::boolean, "true | false", R"("type": "boolean")",
          [](const bool& value) { return value ? "true" : "false"; }};
}

OptionKind<Latency> latencies();

/// One of some words; `what` says in messages what they name. `spellings` outlives the kind.
template <typename T, std::size_t N>
OptionKind<T> words(const std::array<Spelling<T>, N>& spellings, std::string_view what) {
  OptionKind<T> kind{one_of(spellings, what), "", R"("type": "string", "enum": [)", {}};
  for (const auto& [name, value] : spellings) {
    const bool first = kind.values.empty();
    kind.values.append(first ? "" : " | ").append(name);
    kind.schema.append(first ? "" : ", ").append(in_quotes(name));
  }
  kind.schema += ']';
  kind.written = [&spellings](const T& value) {
    for (const auto& [name, known] : spellings)
      if (known == value) return std::string(name);
    return std::string();
  };
  return kind;
}

}  // namespace cacherace::scenario
