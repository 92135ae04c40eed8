// The catalogue and the scenario format agree, its scenarios hold, and what is printed of it fits.

#include "sim/harness/catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "sim/core/effect.hpp"
#include "sim/core/property_table.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/report/text/table.hpp"
#include "sim/scenario/strategies/choice.hpp"
#include "tests/support/root.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::json;
using Names = std::set<std::string>;
using scenario::Choice;
using scenario::choices;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Json without_comments(std::string_view text) { return Json::parse(text, nullptr, true, true); }

const Json& schema() {
  static const Json json = Json::parse(scenario_schema());
  return json;
}

/// The names of the choices of a slot in the schema.
Names schema_choices(const std::string& slot) {
  Names found;
  for (const Json& form : schema()["definitions"].at(slot)["oneOf"]) {
    for (const auto& name : form.value("enum", Json::array())) found.insert(name);
    if (slot == "expiry") continue;
    const Json properties = form.value("properties", Json::object());
    for (const auto& [name, options] : properties.items()) found.insert(name);
  }
  return found;
}

std::vector<Choice> choices_of(std::string_view slot) {
  std::vector<Choice> found;
  for (const auto& choice : choices())
    if (choice.slot == slot) found.push_back(choice);
  return found;
}

/// The slot of a strategy as it is written.
bool uses(const Json& strategy, const Choice& choice) {
  const std::string slot(choice.slot);
  const std::string name(choice.name);
  if (!strategy.contains(slot)) return false;
  const Json& value = strategy[slot];
  if (slot == "expiry") {
    if (name == "none") return value == "none";
    return value.is_object() && value.contains(name == "fixed" ? "ttl" : name);
  }
  const auto is_it = [&](const Json& written) {
    return written == name || (written.is_object() && written.contains(name));
  };
  return slot == "guards" ? std::ranges::any_of(value, is_it) : is_it(value);
}

std::string problems_of(const Problems& problems) {
  std::string all;
  for (const auto& problem : problems) all += to_text(problem) + "\n";
  return all;
}

/// Words such as cache.get: an effect of one of the parties.
Names effects_of(std::string_view steps) {
  static const std::regex effect(R"(\b(cache|db|queue|flight|local|filter)\.[a-z-]+)");
  const std::string text(steps);
  Names found;
  for (std::sregex_iterator at(text.begin(), text.end(), effect), end; at != end; ++at)
    found.insert(at->str());
  return found;
}

void check_width(const std::string& text) {
  for (const auto& line : lines_of(text)) {
    CAPTURE(line);
    CHECK(report::display_width(line) <= report::page_width);
    CHECK_FALSE(line.ends_with(' '));
  }
}

}  // namespace

TEST_CASE("a shipped scenario is known by its name, with or without folders and extension") {
  Names names;
  for (const auto& scenario : shipped_scenarios()) {
    CAPTURE(scenario.path);
    CHECK(names.emplace(scenario.name()).second);
    const std::string path(scenario.path);
    CHECK(shipped_scenario(scenario.name()) == &scenario);
    CHECK(shipped_scenario(path) == &scenario);
    CHECK(shipped_scenario(path.substr(0, path.rfind('.'))) == &scenario);
  }
  REQUIRE(shipped_scenario("field/buffered-set") != nullptr);
  for (const std::string_view name :
       {"", "set", ".json", "elsewhere/buffered-set", "/buffered-set"})
    CHECK(shipped_scenario(name) == nullptr);
}

TEST_CASE("every choice of the scenario format has an entry, and every entry is such a choice") {
  std::size_t slots_seen = 0;
  for (const auto& [slot, says] : slots()) {
    CAPTURE(slot);
    Names in_schema = schema_choices(std::string(slot));
    if (slot == "expiry") in_schema.insert({"fixed", "jitter", "negative"});
    Names in_catalogue;
    for (const auto& choice : choices_of(slot)) in_catalogue.emplace(choice.name);
    CHECK(in_catalogue == in_schema);
    CHECK(choices_of(slot).size() == in_catalogue.size());
    ++slots_seen;
  }
  const std::size_t of_scripts = 5;  // script, with, sources, processes, message
  CHECK(slots_seen + of_scripts == schema()["definitions"]["strategy"]["properties"].size());
}

TEST_CASE("every entry has steps, says what remains, and names a source") {
  for (const auto& choice : choices()) {
    CAPTURE(choice.slot, choice.name);
    CHECK_FALSE(choice.steps.empty());
    CHECK_FALSE(choice.remains.empty());
    CHECK_FALSE(choice.sources.empty());
    CHECK(choice.summary.ends_with("."));
  }
}

TEST_CASE("the steps call effects as results do") {
  Names known;
  for (int kind = 0; kind < effect_kinds; ++kind)
    for (const When when : {When::always, When::absent, When::newer, When::same_generation,
                            When::leased, When::not_held})
      known.emplace(name(Effect{.kind = static_cast<EffectKind>(kind), .when = when}));
  for (const auto& choice : choices()) {
    CAPTURE(choice.slot, choice.name);
    for (const auto& effect : effects_of(choice.steps)) {
      CAPTURE(effect);
      CHECK(known.contains(effect));
    }
  }
}

TEST_CASE("what an entry removes or leaves is a failure mode, a cost or a property") {
  Names known;
  for (const auto* terms : {&failure_modes(), &costs()})
    for (const auto& term : *terms) known.emplace(term.name);
  for (const auto property : property_names) known.emplace(property);
  Names left = known;
  for (const auto& choice : choices()) {
    for (const auto* remarks : {&choice.removes, &choice.remains}) {
      for (const auto& [what, says] : *remarks) {
        CAPTURE(choice.slot, choice.name, what);
        CHECK(known.contains(std::string(what)));
        CHECK_FALSE(says.ends_with("."));
        left.erase(std::string(what));
      }
    }
  }
  for (const auto* terms : {&failure_modes(), &costs()})
    for (const auto& term : *terms) CHECK_FALSE(left.contains(std::string(term.name)));
}

TEST_CASE("the scenario of every entry is small, loads, and uses the choice") {
  for (const auto& choice : choices()) {
    CAPTURE(choice.slot, choice.name);
    const auto loaded = load_scenario(choice.scenario, "catalogue");
    CHECK((loaded ? "" : problems_of(loaded.error())) == "");
    const auto count = lines_of(choice.scenario).size();
    CHECK(count >= 5);
    CHECK(count <= 15);
    const Json json = without_comments(choice.scenario);
    CHECK(std::ranges::any_of(json["strategies"],
                              [&](const Json& strategy) { return uses(strategy, choice); }));
  }
}

TEST_CASE("lists and descriptions take at most 100 columns") {
  for (const auto& what : listings()) check_width(report::to_text(listing(what), {}));
  for (const auto& name : described_names()) {
    const auto topics = describe(name);
    CHECK_FALSE(topics.empty());
    for (const auto& topic : topics) check_width(report::to_text(topic, {}));
  }
}

TEST_CASE("strategies and properties are listed in a line each") {
  for (const std::string what : {"strategies", "properties"}) {
    for (const auto& section : listing(what)) {
      const auto heading = section.heading.empty() ? 0U : 1U;
      const auto count = lines_of(report::to_text({section}, {})).size();
      CAPTURE(what, section.heading);
      CHECK(count == heading + section.rows.size() + lines_of(section.lines).size());
    }
  }
}

TEST_CASE("a name is described wherever it is known") {
  CHECK(describe("none").size() == 2);
  CHECK(describe("stale repopulate").size() == 2);  // a failure mode, and a scenario
  CHECK(describe("stale-repopulate").size() == 2);
  CHECK(describe("no-such-thing").empty());
  for (const auto& [slot, says] : slots()) CHECK(describe(slot).size() == 1);
}

TEST_CASE("a failure mode names the choices that remove it, and those that leave it") {
  const auto topics = describe("stampede");
  REQUIRE(topics.size() == 1);
  REQUIRE(topics[0].sections.size() == 2);
  const auto names = [](const report::Section& section, const std::string& choice) {
    return std::ranges::any_of(section.rows, [&](const auto& row) { return row[0] == choice; });
  };
  CHECK(names(topics[0].sections[0], "load single-flight"));
  CHECK(names(topics[0].sections[1], "load every-reader"));
  CHECK_FALSE(names(topics[0].sections[0], "load every-reader"));
}

TEST_CASE("the shipped scenarios are those of the repository, and load") {
  namespace fs = std::filesystem;
  const fs::path root = test::root();
  std::map<std::string, std::string> files;
  for (const auto* folder : {"scenarios", "scenarios/field"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& file : fs::directory_iterator(root / folder))
      if (file.path().extension() == ".json")
        files[fs::relative(file.path(), root).generic_string()] = read_file(file.path());
  }
  std::map<std::string, std::string> shipped;
  for (const auto& scenario : shipped_scenarios()) {
    CAPTURE(scenario.path);
    shipped.emplace(scenario.path, scenario.text);
    const auto loaded = load_scenario(scenario.text, scenario.path);
    CHECK((loaded ? "" : problems_of(loaded.error())) == "");
  }
  CHECK(shipped == files);
}

TEST_CASE("scenarios/README.md is what tools/tables writes") {
  CHECK(test::content_of("scenarios/README.md") == scenario_index());
}

TEST_CASE("what the entries' scenarios expect of a search is met") {
  for (const auto& choice : choices()) {
    CAPTURE(choice.slot, choice.name);
    const auto loaded = load_scenario(choice.scenario, "catalogue");
    if (!loaded) continue;  // another test says so
    const bool about_search =
        std::ranges::any_of(loaded->expectations, &scenario::Expectation::is_property);
    if (!about_search) continue;
    for (const auto& expected : search(*loaded, {}).result.expectations) {
      CAPTURE(expected.strategy, expected.name);
      CHECK(expected.met);
    }
  }
}

}  // namespace cacherace::harness
