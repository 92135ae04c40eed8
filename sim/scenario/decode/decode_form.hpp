#pragma once
// A value that has one of several forms: the choice of a slot, a kind of arrivals. It is written as
// the name of the form, or as an object with that name as the only key and its options as the
// value.

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/decode/json_names.hpp"

namespace cacherace::scenario {

template <typename T>
struct Form {
  std::string_view name;
  /// Decodes the options; those that are left out keep their defaults.
  std::function<T(Fields& options, Collector& problems)> decode;
  std::string_view example = "{}";  // of the options
  bool needs_options = false;       // the name alone will not do
};

/// The decoder of a form U of T that has no options.
template <typename T, typename U>
T no_options(Fields& /*options*/, Collector& /*problems*/) {
  return U{};
}

/// As it may be written.
template <typename T>
std::string as_written(const Form<T>& form) {
  return form.needs_options ? fmt::format("{{ {}: {} }}", in_quotes(form.name), form.example)
                            : in_quotes(form.name);
}

/// Decodes a value that has one of `forms`.
template <typename T>
std::optional<T> form_of(std::span<const Form<T>> forms, const Node& node, Collector& problems) {
  const bool named = node.type == Node::Type::string;
  if (!named && (node.type != Node::Type::object || node.children.size() != 1)) {
    problems.mismatch(node, "the name of a choice, or an object with one choice and its options",
                      as_written(forms[0]));
    return std::nullopt;
  }
  Node nothing;
  nothing.type = Node::Type::object;
  const Node& options = named ? nothing : *node.children[0];
  const std::string& wanted = named ? node.text : options.key;
  std::vector<std::string_view> known;
  for (const Form<T>& form : forms) {
    known.push_back(form.name);
    if (wanted != form.name) continue;
    if (named && form.needs_options) {
      problems.shape(node, fmt::format("{} needs options", in_quotes(wanted)),
                     fmt::format("write {}", as_written(form)));
      return std::nullopt;
    }
    Fields fields(options, problems, form.example);
    return form.decode(fields, problems);
  }
  if (named) {
    problems.unknown_value(node, "choice", known);
  } else {
    problems.unknown_key(options, "choice", known);
  }
  return std::nullopt;
}

}  // namespace cacherace::scenario
