// The tables of documentation that follow from rows.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/metric_table.hpp"
#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/scenario/strategies/choice.hpp"

namespace cacherace::harness {
namespace {

std::string_view name(Window window) {
  switch (window) {
    case Window::operations:
      return "operations";
    case Window::effects:
      return "effects";
    case Window::queries:
      return "queries";
    case Window::end:
      break;
  }
  return "at the end";
}

// "process | durable", in a cell of a table.
std::string alternatives(std::string_view values) {
  std::string text;
  for (std::size_t from = 0; from <= values.size();) {
    const auto to = std::min(values.find(" | ", from), values.size());
    const auto value = values.substr(from, to - from);
    const bool word = value.find(' ') == value.npos && values.size() > value.size();
    text += fmt::format("{}{}", text.empty() ? "" : " or ",
                        word ? fmt::format("`{}`", value) : std::string(value));
    from = to + 3;
  }
  return text;
}

}  // namespace

std::string choice_tables() {
  std::string text = "| slot | choice | what it does |\n|---|---|---|\n";
  for (const scenario::Choice& choice : scenario::choices())
    text += fmt::format("| `{}` | `{}` | {} |\n", choice.slot, choice.written, choice.summary);
  text +=
      "\nThese are the options with their defaults. A choice with an option that is needed cannot "
      "be "
      "written as its name\nalone.\n\n"
      "| choice | option | value | default | meaning |\n|---|---|---|---|---|\n";
  for (const scenario::Choice& choice : scenario::choices())
    for (const scenario::ChoiceOption& option : choice.options) {
      const bool first = &option == &choice.options.front();
      text += fmt::format("| {} | `{}` | {} | {} | {} |\n",
                          first ? fmt::format("`{}`", choice.name) : "", option.name,
                          alternatives(option.values),
                          option.standard.empty() ? "needed" : fmt::format("`{}`", option.standard),
                          option.meaning);
    }
  return text;
}

std::string metric_table() {
  std::string text =
      "| metric | what it is | unit | better | window | null where |\n|---|---|---|---|---|---|\n";
  for (const MetricRow& row : metric_rows)
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.name, row.says,
                        cacherace::name(row.unit), cacherace::name(row.better), name(row.window),
                        row.no_value);
  return text;
}

}  // namespace cacherace::harness
