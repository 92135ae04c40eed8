#pragma once
// Decoders of single values. Each reports what is wrong and then returns nothing.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/json/collector.hpp"
#include "sim/json/node.hpp"

namespace cacherace::json {

std::optional<std::string> text(const Node& node, Collector& problems);

/// A text that is not empty.
std::optional<std::string> label(const Node& node, Collector& problems);

std::optional<bool> boolean(const Node& node, Collector& problems);

/// A whole number, in digits alone.
std::optional<std::uint64_t> natural(const Node& node, Collector& problems);

/// A decoder of whole numbers up to `max`, in digits alone.
inline auto natural_up_to(std::uint64_t max) {
  return [max](const Node& node, Collector& problems) -> std::optional<std::uint64_t> {
    const auto value = natural(node, problems);
    if (!value || *value <= max) return value;
    problems.mismatch(node, "a whole number up to " + std::to_string(max), "1");
    return std::nullopt;
  };
}

/// A whole number that fits into 32 bits.
std::optional<std::uint32_t> natural32(const Node& node, Collector& problems);

/// A finite number.
std::optional<double> real(const Node& node, Collector& problems);

/// A decoder of arrays whose elements `decode` reads; of all that is wrong with them it reports
/// everything, and then returns nothing.
template <typename Decode>
auto list_of(Decode decode) {
  using T = typename std::invoke_result_t<Decode, const Node&, Collector&>::value_type;
  return [decode](const Node& node, Collector& problems) -> std::optional<std::vector<T>> {
    if (node.type != Node::Type::array) {
      problems.mismatch(node, "an array", "[]");
      return std::nullopt;
    }
    std::vector<T> values;
    for (const Node* child : node.children)
      if (auto value = decode(*child, problems)) values.push_back(*std::move(value));
    if (values.size() != node.children.size()) return std::nullopt;
    return values;
  };
}

/// The same for objects whose keys are names; in the file's order.
template <typename Decode>
auto named(Decode decode) {
  using T = typename std::invoke_result_t<Decode, const Node&, Collector&>::value_type;
  using Named = std::vector<std::pair<std::string, T>>;
  return [decode](const Node& node, Collector& problems) -> std::optional<Named> {
    if (node.type != Node::Type::object) {
      problems.mismatch(node, "an object", "{}");
      return std::nullopt;
    }
    Named values;
    for (const Node* child : node.children)
      if (auto value = decode(*child, problems)) values.emplace_back(child->key, *std::move(value));
    if (values.size() != node.children.size()) return std::nullopt;
    return values;
  };
}

/// A decoder for what may be null.
template <typename Decode>
auto or_null(Decode decode) {
  using T = typename std::invoke_result_t<Decode, const Node&, Collector&>::value_type;
  return [decode](const Node& node, Collector& problems) -> std::optional<std::optional<T>> {
    if (node.type == Node::Type::null) return std::optional<T>();
    auto value = decode(node, problems);
    if (!value) return std::nullopt;
    return value;
  };
}

template <typename T>
struct Spelling {
  std::string_view name;
  T value;
};

/// A decoder of one of some names, such as `overload`; `what` says in messages what they name.
template <typename T, std::size_t N>
auto one_of(const std::array<Spelling<T>, N>& spellings, std::string_view what) {
  return [&spellings, what](const Node& node, Collector& problems) -> std::optional<T> {
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) {
      if (node.type == Node::Type::string && node.text == spellings[i].name) {
        return spellings[i].value;
      }
      names[i] = spellings[i].name;
    }
    if (node.type == Node::Type::string) {
      problems.unknown_value(node, what, names);
    } else {
      problems.mismatch(node, std::string("the name of a ").append(what), in_quotes(names[0]));
    }
    return std::nullopt;
  };
}

}  // namespace cacherace::json
