#pragma once
// Decoders of single values. Each reports what is wrong and then returns nothing.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/json/collector.hpp"
#include "sim/json/node.hpp"

namespace cacherace::json {

std::optional<std::string> text(const Node& node, Collector& problems);

/// A text that is not empty.
std::optional<std::string> label(const Node& node, Collector& problems);

std::optional<bool> boolean(const Node& node, Collector& problems);

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
