#pragma once
// A choice is described once, together with its options:
//
//   return made<Write, DoubleDelete>(
//       {.slot = "write", .name = "double-delete", …}, R"({ "delay": "1s" })",
//       needed("delay", &DoubleDelete::delay, durations(), R"("1s")", "time until …"),
//       option("first", &DoubleDelete::first, words(firsts, "first delete"), "whether …"));

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/scenario/decode/decode_form.hpp"
#include "sim/scenario/strategies/choice.hpp"
#include "sim/scenario/strategies/option_kinds.hpp"

namespace cacherace::scenario {

/// A choice of a slot, and how its options are read.
template <typename Slot>
struct SlotChoice {
  SlotChoice(Choice described, Form<Slot> form_of_it)
      : about(std::move(described)), form(std::move(form_of_it)) {
    if (about.written.empty()) about.written = as_written(form);
  }

  Choice about;
  Form<Slot> form;
};

/// The options that were given, and rightly.
class Given {
 public:
  void note(std::string_view name, const Node* at) {
    if (at != nullptr) given_.emplace_back(name, at);
  }
  /// Where the option stands; null where it was left out, or is wrong.
  const Node* operator[](std::string_view name) const {
    for (const auto& [known, at] : given_)
      if (known == name) return at;
    return nullptr;
  }

 private:
  std::vector<std::pair<std::string_view, const Node*>> given_;
};

/// An option: a member of the choice's settings T, read as `kind` says. `M` is V, or an optional V
/// whose absence is written "none".
template <typename T, typename M, typename V>
struct Option {
  std::string_view name;
  M T::* member;
  OptionKind<V> kind;
  std::string_view meaning;
  std::string_view example;   // of an option that must be given; else ""
  std::string standard = "";  // where the member's own default does not say it

  Option standing_for(std::string default_value) && {
    standard = std::move(default_value);
    return std::move(*this);
  }

  const Node* read(Fields& fields, T& out) const {
    return example.empty() ? fields.read(name, out.*member, kind.decode)
                           : fields.need(name, out.*member, kind.decode, example);
  }

  ChoiceOption row() const { return {name, kind.values, default_text(), meaning, kind.schema}; }

 private:
  std::string default_text() const {
    if (!example.empty() || !standard.empty()) return standard;
    const M value = T{}.*member;
    if constexpr (std::is_same_v<M, V>) {
      return kind.written(value);
    } else {
      return value ? kind.written(*value) : "none";
    }
  }
};

template <typename T, typename M, typename V>
Option<T, M, V> option(std::string_view name, M T::* member, OptionKind<V> kind,
                       std::string_view meaning) {
  return {name, member, std::move(kind), meaning, ""};
}

/// One that must be given, as in `example`.
template <typename T, typename M, typename V>
Option<T, M, V> needed(std::string_view name, M T::* member, OptionKind<V> kind,
                       std::string_view example, std::string_view meaning) {
  return {name, member, std::move(kind), meaning, example};
}

/// What is wrong with options of which each alone is right; it may also complete them.
template <typename T>
using Check = void (*)(T& out, const Given& given, Collector& problems);

/// The choice with settings T, described by `about`.
template <typename Slot, typename T, typename... Options>
SlotChoice<Slot> made(Choice about, std::string_view example, Check<T> check, Options... options) {
  about.options = {options.row()...};
  const auto decode = [=](Fields& fields, Collector& problems) {
    T out;
    Given given;
    (given.note(options.name, options.read(fields, out)), ...);
    check(out, given, problems);
    return Slot(out);
  };
  return {about, {about.name, decode, example, about.needs_options()}};
}

template <typename Slot, typename T, typename First, typename... Options>
  requires(!std::is_convertible_v<First, Check<T>>)
SlotChoice<Slot> made(Choice about, std::string_view example, First first, Options... options) {
  return made<Slot, T>(
      std::move(about), example, [](T&, const Given&, Collector&) {}, std::move(first),
      std::move(options)...);
}

/// A choice without options.
template <typename Slot, typename T>
SlotChoice<Slot> made(Choice about) {
  return {about, {about.name, no_options<Slot, T>}};
}

}  // namespace cacherace::scenario
