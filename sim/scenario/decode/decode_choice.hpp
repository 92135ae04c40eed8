#pragma once
// A slot of a strategy holds one choice of several. A choice is written as its name, or as an
// object with its name as the only key and its options as the value.

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/decode/json_names.hpp"

namespace cacherace::scenario {

template <typename Slot>
struct Choice {
  std::string_view name;
  /// Decodes the options; those that are left out keep their defaults.
  Slot (*decode)(Fields& options, Collector& problems);
  std::string_view example = "{}";  // of the options
  bool needs_options = false;       // the name alone will not do
};

/// The decoder of a choice without options.
template <typename Slot, typename T>
Slot no_options(Fields& /*options*/, Collector& /*problems*/) {
  return T{};
}

/// As it may be written.
template <typename Slot>
std::string written(const Choice<Slot>& choice) {
  return choice.needs_options ? fmt::format("{{ {}: {} }}", in_quotes(choice.name), choice.example)
                              : in_quotes(choice.name);
}

/// Decodes what a slot holds.
template <typename Slot, std::size_t N>
std::optional<Slot> choice_of(const std::array<Choice<Slot>, N>& choices, const Node& node,
                              Collector& problems) {
  const bool named = node.type == Node::Type::string;
  if (!named && (node.type != Node::Type::object || node.children.size() != 1)) {
    problems.mismatch(node, "the name of a choice, or an object with one choice and its options",
                      written(choices[0]));
    return std::nullopt;
  }
  Node nothing;
  nothing.type = Node::Type::object;
  const Node& options = named ? nothing : *node.children[0];
  const std::string& wanted = named ? node.text : options.key;
  std::array<std::string_view, N> known;
  for (std::size_t i = 0; i < N; ++i) {
    known[i] = choices[i].name;
    if (wanted != known[i]) continue;
    if (named && choices[i].needs_options) {
      problems.shape(node, fmt::format("{} needs options", in_quotes(wanted)),
                     fmt::format("write {}", written(choices[i])));
      return std::nullopt;
    }
    Fields fields(options, problems, choices[i].example);
    return choices[i].decode(fields, problems);
  }
  if (named) {
    problems.unknown_value(node, "choice", known);
  } else {
    problems.unknown_key(options, "choice", known);
  }
  return std::nullopt;
}

}  // namespace cacherace::scenario
