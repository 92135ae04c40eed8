// The published schemas: printed as they are in the repository, closed, and described.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"
#include "tests/support/root.hpp"

namespace cacherace::cli_test {
namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

/// Calls `visit` for every place in `json`.
void for_each_place(const Json& json, const Pointer& at,
                    const std::function<void(const Pointer&)>& visit) {
  visit(at);
  if (!json.is_structured()) return;
  for (const auto& [key, child] : json.items())
    for_each_place(child, json.is_array() ? at / std::stoul(key) : at / key, visit);
}

/// Whether the loader finds nothing wrong with the shape of a counterexample file.
bool loads(const Folder& folder, const std::string& text) {
  return run(folder, {"replay", "-", "-q"}, {.input = text}).exit_code != 2;
}

}  // namespace

TEST_CASE("the schemas are printed as they are published") {
  const Folder folder;
  for (const std::string name : {"scenario", "result", "counterexample"}) {
    const std::string published = test::content_of("reports/schema/" + name + ".schema.json");
    CHECK_FALSE(published.empty());
    const auto printed = run(folder, {"schema", name});
    CHECK(printed.exit_code == 0);
    CHECK(printed.err.empty());
    CHECK(printed.out == published);
  }
}

TEST_CASE("every key of a result and of a counterexample file is described, and no other allowed") {
  const Folder folder;
  for (const std::string name : {"result", "counterexample"}) {
    const auto schema = Json::parse(run(folder, {"schema", name}).out);
    for_each_place(schema, Pointer(), [&](const Pointer& at) {
      // What describes an object, not the key of a result that is called "properties".
      const auto& node = schema[at];
      if (!node.is_object() || node.value("type", Json()) != "object") return;
      CAPTURE(name, at.to_string());
      const bool is_map = node.contains("propertyNames") || !node.contains("properties");
      if (!is_map) CHECK(node["additionalProperties"] == false);
      if (is_map) return;
      for (const auto& [key, value] : node["properties"].items()) {
        CAPTURE(key);
        CHECK((value.contains("description") || value.contains("$ref")));
      }
    });
  }
}

TEST_CASE("a result with a key too many, or one of another type, is not valid") {
  Folder folder;
  folder.take_scenario("stale-repopulate.json");
  const auto text = run(folder, {"search", "stale-repopulate.json", "--format", "json"}).out;
  REQUIRE(faults("result", text) == "");
  const auto valid_after = [&](const std::function<void(Json&)>& edit) {
    Json json = Json::parse(text);
    edit(json);
    return faults("result", json.dump()).empty();
  };
  CHECK_FALSE(valid_after([](Json& json) { json["extra"] = 1; }));
  CHECK_FALSE(valid_after([](Json& json) { json.erase("complete"); }));
  CHECK_FALSE(valid_after([](Json& json) { json["seed"] = "1"; }));
  CHECK_FALSE(valid_after([](Json& json) { json["kind"] = "run"; }));
  CHECK_FALSE(valid_after([](Json& json) { json["results"][0]["properties"][0]["x"] = 1; }));
  CHECK_FALSE(
      valid_after([](Json& json) { json["results"][0]["properties"][0]["verdict"] = "passed"; }));
}

TEST_CASE("schema and loader agree on what has the shape of a counterexample") {
  const Folder folder;
  folder.take_scenario("stale-repopulate.json");
  run(folder, {"search", "stale-repopulate.json", "--save", "race.json"});
  Json original = Json::parse(folder.read("race.json"));
  original["scenario"] = Json::parse(R"({"strategies": {"cache-aside": {}}})");
  REQUIRE(loads(folder, original.dump()));

  std::vector<std::pair<std::string, Json>> mutants;
  for_each_place(original, Pointer(), [&](const Pointer& at) {
    if (at.to_string().starts_with("/scenario/") || at.to_string().starts_with("/steps/1")) return;
    const bool is_name = at == Pointer("/strategy") || at == Pointer("/property");
    for (const char* other : {"null", "0", "[]", "{}", "\"\""}) {
      const auto value = Json::parse(other);
      if ((is_name && value.is_string()) || at == Pointer("/scenario")) continue;
      Json mutant = original;
      mutant[at] = value;
      mutants.emplace_back(at.to_string() + " = " + other, mutant);
    }
    if (at.empty()) return;
    Json mutant = original;
    Json& parent = mutant[at.parent_pointer()];
    parent.is_array() ? parent.erase(std::stoul(at.back())) : void(parent.erase(at.back()));
    mutants.emplace_back(at.to_string() + " deleted", mutant);
    if (!original[at].is_object()) return;
    mutant = original;
    mutant[at]["unheard-of"] = 1;
    if (at != Pointer("/scenario")) mutants.emplace_back(at.to_string() + " with a key", mutant);
  });
  CHECK(mutants.size() > 100);
  for (const auto& [change, mutant] : mutants) {
    CAPTURE(change);
    CHECK(faults("counterexample", mutant.dump()).empty() == loads(folder, mutant.dump()));
  }
}

}  // namespace cacherace::cli_test
