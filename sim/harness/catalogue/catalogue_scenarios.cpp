#include "sim/harness/catalogue/catalogue_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/core/assert.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::ordered_json;
using report::Section;
using report::Topic;

constexpr std::string_view field_folder = "scenarios/field/";

Json parsed(const ShippedScenario& scenario) {
  auto json = Json::parse(scenario.text, nullptr, false, true);  // comments are ignored
  SIM_ASSERT(json.is_object());
  return json;
}

std::string title_of(const ShippedScenario& scenario, const Json& json) {
  return json.value("title", std::string(scenario.name()));
}

/// A value of the file in words: `double-delete (first before, delay 1s)`, `ttl 60s`.
std::string words(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, child] : value.items()) {
    if (!text.empty()) text += ", ";
    if (value.is_array()) {
      text += words(child);
    } else if (child.is_structured()) {
      text += child.empty() ? key : fmt::format("{} ({})", key, words(child));
    } else {
      text += fmt::format("{} {}", key, words(child));
    }
  }
  return text;
}

std::string choices_of(const Json& strategy) {
  std::string text;
  for (const auto& [slot, value] : strategy.items())
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", slot, words(value));
  return text.empty() ? "the baseline" : text;
}

/// What the scenario expects of a strategy: its own expectations first, then those of all that it
/// does not replace.
std::string expected_of(const Json& json, const std::string& strategy) {
  const Json expect = json.value("expect", Json::object());
  const Json own = expect.value(strategy, Json::object());
  std::string text;
  const auto add = [&](const Json& expectations, bool replaceable) {
    for (const auto& [name, wanted] : expectations.items())
      if (!replaceable || !own.contains(name))
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, words(wanted));
  };
  add(own, false);
  add(expect.value("*", Json::object()), true);
  return text;
}

/// name, choices, expectations of each strategy
std::vector<std::vector<std::string>> strategies_of(const Json& json) {
  std::vector<std::vector<std::string>> rows;
  const Json baseline{{"cache-aside", Json::object()}};
  const Json strategies = json.value("strategies", baseline);
  for (const auto& [name, slots] : strategies.items())
    rows.push_back({name, choices_of(slots), expected_of(json, name)});
  return rows;
}

Section prose(std::string heading, const Json& json, const char* key) {
  return {.heading = std::move(heading), .rows = {{json.value(key, "")}}, .lines = ""};
}

bool in_the_field(const ShippedScenario& scenario) {
  return scenario.path.starts_with(field_folder);
}

/// `text` as it stands in a cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' || c == '*' ? std::string{'\\', c} : std::string{c};
  return escaped;
}

std::string entry_of(const ShippedScenario& scenario) {
  const Json json = parsed(scenario);
  const auto file = scenario.path.substr(std::string_view("scenarios/").size());
  std::string text = fmt::format("### [{}]({})\n\n", title_of(scenario, json), file);
  if (json.contains("story")) text += fmt::format("{}\n\n", json.value("story", ""));
  if (json.contains("source")) text += fmt::format("Source: {}.\n\n", json.value("source", ""));
  text += "| strategy | choices | expected |\n|---|---|---|\n";
  for (const auto& row : strategies_of(json))
    text += fmt::format("| {} | {} | {} |\n", cell(row[0]), cell(row[1]), cell(row[2]));
  return text + "\n";
}

}  // namespace

std::string_view ShippedScenario::name() const {
  const auto from = path.rfind('/') + 1;
  return path.substr(from, path.rfind('.') - from);
}

const ShippedScenario* shipped_scenario(std::string_view name) {
  constexpr std::string_view extension = ".json";
  const auto ending = fmt::format("/{}{}", name, name.ends_with(extension) ? "" : extension);
  const auto& all = shipped_scenarios();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ShippedScenario& scenario) {
    return fmt::format("/{}", scenario.path).ends_with(ending);
  });
  return found == all.end() ? nullptr : &*found;
}

std::vector<Section> scenario_listing() {
  std::vector<Section> sections(2);
  sections[0].heading = "scenarios";
  sections[1].heading = "scenarios/field: bugs found in the field";
  for (const auto& scenario : shipped_scenarios()) {
    const Json json = parsed(scenario);
    auto& rows = sections[in_the_field(scenario) ? 1 : 0].rows;
    const std::string story = json.value("story", "");
    rows.push_back({std::string(scenario.name()),
                    title_of(scenario, json) + (story.empty() ? "" : ": " + story)});
  }
  std::erase_if(sections, [](const Section& section) { return section.rows.empty(); });
  return sections;
}

Topic topic_of(const ShippedScenario& scenario) {
  const Json json = parsed(scenario);
  Section strategies{.heading = "Strategies", .rows = {}, .lines = ""};
  Section expected{.heading = "Expected", .rows = {}, .lines = ""};
  for (const auto& row : strategies_of(json)) {
    strategies.rows.push_back({row[0], row[1]});
    if (!row[2].empty()) expected.rows.push_back({row[0], row[2]});
  }
  Section commands{.heading = "Try", .rows = {}, .lines = ""};
  if (json.contains("race")) commands.lines += fmt::format("cacherace search {}\n", scenario.path);
  if (json.contains("traffic")) commands.lines += fmt::format("cacherace run {}\n", scenario.path);

  Topic topic{.name = std::string(scenario.name()),
              .kind = fmt::format("scenario, {}", scenario.path),
              .summary = title_of(scenario, json),
              .sections = {prose("Story", json, "story"), prose("Source", json, "source"),
                           strategies, expected, commands}};
  std::erase_if(topic.sections, [](const Section& section) {
    const bool says_nothing = section.rows.empty() || section.rows[0].back().empty();
    return says_nothing && section.lines.empty();
  });
  return topic;
}

std::string scenario_index() {
  std::string text =
      "# Scenarios\n\n<!-- Made by tools/tables from the files in this folder. -->\n\nEach file "
      "documents one race or failure mode, and the expectations for each strategy that "
      "it\ncompares; the exit codes of `cacherace search` and `cacherace run` say whether they "
      "are met.\n[docs/scenario.md](../docs/scenario.md) describes the form of a file; `cacherace "
      "describe NAME`\nexplains strategies, properties and metrics.\n\n## Races and failure "
      "modes\n\n";
  std::string field;
  for (const auto& scenario : shipped_scenarios())
    (in_the_field(scenario) ? field : text) += entry_of(scenario);
  if (!field.empty()) text += "## From the field\n\n" + field;
  text.pop_back();  // one newline at the end
  return text;
}

}  // namespace cacherace::harness
