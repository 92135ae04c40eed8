#include "sim/scenario/strategies/slot_choices.hpp"

#include <fmt/format.h>

#include <cctype>
#include <utility>

#include "sim/json/schema_part.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"
#include "sim/scenario/strategies/slot_schema.hpp"

namespace cacherace::scenario {
namespace {

std::vector<SlotChoice<Write>> write_choices() {
  std::vector<SlotChoice<Write>> all;
  for (const auto part : {delete_choices, store_choices, group_choices})
    for (auto& choice : part()) all.push_back(std::move(choice));
  return all;
}

template <typename Slot>
std::vector<Form<Slot>> forms(const std::vector<SlotChoice<Slot>>& choices) {
  std::vector<Form<Slot>> all;
  for (const auto& choice : choices) all.push_back(choice.form);
  return all;
}

template <typename Slot>
void add_choices(const std::vector<SlotChoice<Slot>>& choices, std::vector<Choice>& to) {
  for (const auto& choice : choices) to.push_back(choice.about);
}

// "process: dies with …" explains a word, which stays as it is written.
std::string sentence(std::string_view text, std::string_view rest) {
  std::string all = fmt::format("{}.{}", text, rest);
  const bool explains_word = text.substr(0, text.find(' ')).ends_with(':');
  if (!explains_word) all[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(all[0])));
  return all;
}

// The schema of an object with these options.
std::string object_schema(const Choice& choice) {
  std::string needed, members;
  for (const ChoiceOption& option : choice.options) {
    members += (members.empty() ? "" : ", ") + member_schema(option);
    if (option.standard.empty())
      needed += (needed.empty() ? "" : ", ") + json::as_json(option.name);
  }
  return fmt::format(R"("type": "object", "additionalProperties": false, {}"properties": {{{}}})",
                     needed.empty() ? "" : fmt::format(R"("required": [{}], )", needed), members);
}

}  // namespace

std::optional<Read> read_slot(const Node& node, Collector& problems) {
  static const auto all = forms(read_choices());
  return form_of<Read>(all, node, problems);
}

std::optional<Load> load_slot(const Node& node, Collector& problems) {
  static const auto all = forms(load_choices());
  return form_of<Load>(all, node, problems);
}

std::optional<Fill> fill_slot(const Node& node, Collector& problems) {
  static const auto all = forms(fill_choices());
  return form_of<Fill>(all, node, problems);
}

std::optional<Write> write_slot(const Node& node, Collector& problems) {
  static const auto all = forms(write_choices());
  return form_of<Write>(all, node, problems);
}

std::optional<Guard> guard(const Node& node, Collector& problems) {
  static const auto all = forms(guard_choices());
  return form_of<Guard>(all, node, problems);
}

const std::vector<Choice>& choices() {
  static const std::vector<Choice> all = [] {
    std::vector<Choice> list;
    add_choices(read_choices(), list);
    add_choices(load_choices(), list);
    add_choices(fill_choices(), list);
    add_choices(write_choices(), list);
    add_choices(expiry_choices(), list);
    const auto slots = list.size();
    add_choices(guard_choices(), list);
    for (auto i = slots; i < list.size(); ++i)
      list[i].written = fmt::format("[{}]", list[i].written);
    return list;
  }();
  return all;
}

std::string member_schema(const ChoiceOption& option) {
  const std::string standard =
      option.standard.empty() ? "" : fmt::format(" Default: {}.", option.standard);
  return fmt::format(R"({}: {{"description": {}, {}}})", json::as_json(option.name),
                     json::as_json(sentence(option.meaning, standard)), option.schema);
}

std::vector<std::string> slot_schema(std::string_view slot) {
  std::string names, objects;
  for (const Choice& choice : choices()) {
    if (choice.slot != slot) continue;
    if (!choice.needs_options()) names += (names.empty() ? "" : ", ") + json::as_json(choice.name);
    objects += fmt::format("{}\n            {}: {{\"description\": {}, {}}}",
                           objects.empty() ? "" : ",", json::as_json(choice.name),
                           json::as_json(choice.summary), object_schema(choice));
  }
  return {
      fmt::format(R"({{"description": "The name of a choice.", "type": "string", "enum": [{}]}})",
                  names),
      fmt::format("{{\n          \"description\": \"A choice with its options.\",\n"
                  "          \"type\": \"object\",\n"
                  "          \"minProperties\": 1,\n          \"maxProperties\": 1,\n"
                  "          \"additionalProperties\": false,\n"
                  "          \"properties\": {{{}\n          }}\n        }}",
                  objects)};
}

std::vector<std::string> options_schema(std::string_view slot, std::string_view name) {
  std::vector<std::string> members;
  for (const Choice& choice : choices())
    if (choice.slot == slot && choice.name == name)
      for (const ChoiceOption& option : choice.options) members.push_back(member_schema(option));
  return members;
}

}  // namespace cacherace::scenario
