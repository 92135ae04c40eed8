// The documentation names everything there is, says of each whether it is built, and its examples
// and links work.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/core/property_table.hpp"
#include "sim/core/verdict.hpp"
#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/report/print/formats.hpp"
#include "sim/report/text/text.hpp"
#include "sim/scenario/file/load.hpp"
#include "sim/scenario/file/scenario_schema.hpp"
#include "sim/scenario/strategies/choice.hpp"
#include "tests/docs/markdown.hpp"

namespace cacherace::docs {
namespace {

/// The rows of a page's tables whose first cell is the code `name`.
std::vector<std::vector<std::string>> rows_of(std::string_view text, std::string_view name) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : lines(text))
    if (auto row = cells(line); !row.empty() && code(row[0]) == name) rows.push_back(row);
  return rows;
}

/// What loading says: "" for a scenario without problems.
std::string problems_of(const std::string& text) {
  const auto loaded = scenario::load(text, "docs");
  if (loaded) return "";
  std::string all;
  for (const auto& problem : loaded.error()) all += to_text(problem) + "\n";
  return all;
}

/// Every name in the schema below "properties" and in an "enum", the vocabulary's own left out.
void collect_names(const nlohmann::json& node, std::set<std::string>& names) {
  if (!node.is_structured()) return;
  if (node.is_object() && node.contains("properties") && node["properties"].is_object())
    for (const auto& [key, value] : node["properties"].items()) names.insert(key);
  if (node.is_object() && node.contains("enum"))
    for (const auto& value : node["enum"])
      if (value.is_string()) names.insert(value.get<std::string>());
  for (const auto& child : node) collect_names(child, names);
}

TEST_CASE("the table of metrics is what tools/tables writes") {
  const std::string text = page("metrics.md");
  const auto from = text.find("| metric |");
  REQUIRE(from != text.npos);
  CHECK(text.substr(from, text.find("\n\n", from) + 1 - from) == harness::metric_table());
}

TEST_CASE("every property has a section, which begins with its sentence") {
  for (const PropertyRow& property : property_rows) {
    CAPTURE(property.name);
    std::string sentence(property.says);
    sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
    const auto start = fmt::format("\n### `{}`\n\n*{}.*", property.name, sentence);
    CHECK(page("properties.md").find(start) != std::string::npos);
  }
}

TEST_CASE("every top-level key of a scenario has a section or a row") {
  const std::string text = page("scenario.md");
  const auto schema = nlohmann::json::parse(scenario::scenario_schema());
  for (const auto& [key, value] : schema["properties"].items()) {
    CAPTURE(key);
    const bool has_section = text.find(fmt::format("\n## `{}`\n", key)) != text.npos;
    CHECK((has_section || !rows_of(text, key).empty()));
  }
}

TEST_CASE("every key and every word of the scenario schema is mentioned") {
  const std::string text = page("scenario.md");
  auto schema = nlohmann::json::parse(scenario::scenario_schema());
  schema["definitions"].erase("expectations");
  std::set<std::string> names;
  collect_names(schema, names);
  CHECK(names.size() > 100);
  for (const auto& name : names) {
    CAPTURE(name);
    const bool in_code = text.find(fmt::format("`{}`", name)) != text.npos;
    const bool in_quotes = text.find(fmt::format("\"{}\"", name)) != text.npos;
    CHECK((in_code || in_quotes));
  }
}

/// The choice, with what it does not work without.
std::string scenario_with(std::string_view slot, std::string_view choice) {
  static const std::map<std::string_view, std::string_view> needs = {
      {R"("refresh-ahead")", R"(, "expiry": {"ttl": "60s"})"},
      {R"("xfetch")", R"(, "expiry": {"ttl": "60s"})"},
      {R"({ "stale-if-error": { "keep": "10min" } })", R"(, "expiry": {"ttl": "60s"})"},
      {R"("set-then-expire")", R"(, "expiry": {"ttl": "60s"})"},
      {R"("lease-set")", R"(, "load": "lease")"},
  };
  const auto found = needs.find(choice);
  return fmt::format(
      R"({{"database": {{"replicas": {{"count": 1}}}}, "strategies": {{"x": {{"{}": {}{}}}}}}})",
      slot, choice, found == needs.end() ? "" : found->second);
}

TEST_CASE("the tables of choices are those of the program, and every row of them loads") {
  const std::string text = page("scenario.md");
  const auto from = text.find("| slot | choice |");
  REQUIRE(from != text.npos);
  CHECK(text.substr(from, text.find("\n### ", from) - from) == harness::choice_tables());
  for (const scenario::Choice& choice : scenario::choices()) {
    CAPTURE(choice.written);
    CHECK(problems_of(scenario_with(choice.slot, choice.written)) == "");
  }
}

TEST_CASE("the examples load, and what they expect of a search is met") {
  for (const auto& [name, least] :
       {std::pair{"scenario.md", std::size_t{4}}, std::pair{"properties.md", std::size_t{2}},
        std::pair{"fuzzing.md", std::size_t{1}}, std::pair{"ci.md", std::size_t{1}}}) {
    const auto examples = blocks(page(name), "jsonc scenario");
    CHECK(examples.size() >= least);
    for (const auto& example : examples) {
      CAPTURE(example);
      CHECK(problems_of(example) == "");
      const auto loaded = scenario::load(example, "docs");
      if (!loaded) continue;
      for (const auto& expected : harness::search(*loaded, {}).result.expectations)
        CHECK(expected.met);
    }
  }
}

TEST_CASE("the page about fuzz shows what it prints") {
  const std::string text = page("fuzzing.md");
  const auto scenario = scenario::load(blocks(text, "jsonc scenario").at(0), "docs");
  REQUIRE(scenario.has_value());
  const auto outcome = harness::fuzz(*scenario, {});
  REQUIRE(outcome.has_value());
  for (const auto& line : lines(report::to_text(outcome->result, {}))) {
    CAPTURE(line);
    CHECK((line.empty() || text.find(fmt::format("\n    {}\n", line)) != text.npos));
  }
}

TEST_CASE("the page about CI shows what a job fails with") {
  const std::string text = page("ci.md");
  auto example = nlohmann::json::parse(blocks(text, "jsonc scenario").at(0));
  example["strategies"]["ours"].erase("fill");
  const auto scenario = scenario::load(example.dump(), "docs");
  REQUIRE(scenario.has_value());
  const auto printed =
      lines(report::render(harness::search(*scenario, {}).result, report::Format::junit, {}));
  const auto shown = lines(blocks(text, "xml").at(0));
  CHECK(std::ranges::search(printed, shown).size() == shown.size());
}

TEST_CASE("the glossary has every verdict") {
  const std::string text = page("glossary.md");
  for (const auto verdict :
       {Verdict::violated, Verdict::proven, Verdict::clean_so_far, Verdict::vacuous})
    CHECK(rows_of(text, name(verdict)).size() == 1);
}

TEST_CASE("relative links lead to files, and to headings where they name one") {
  const auto read = [](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  for (const auto& path : all_pages()) {
    for (const auto& link : links(read(path))) {
      if (link.find("://") != link.npos || link.starts_with("mailto:")) continue;
      CAPTURE(path, link);
      const auto hash = std::min(link.find('#'), link.size());
      const auto target = hash == 0 ? path : path.parent_path() / link.substr(0, hash);
      CHECK(std::filesystem::exists(target));
      if (hash == link.size() || target.extension() != ".md") continue;
      const auto known = anchors(read(target));
      CHECK(std::ranges::find(known, link.substr(hash)) != known.end());
    }
  }
}

}  // namespace
}  // namespace cacherace::docs
