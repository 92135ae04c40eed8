// The published schema and the loader agree on what has the shape of a scenario: on each shipped
// file and on the full example, with every node replaced, deleted, given an unknown key or
// a sibling's keys.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "sim/scenario/file/load.hpp"
#include "sim/scenario/file/scenario_schema.hpp"
#include "tests/scenario/full_example.hpp"
#include "tests/support/build.hpp"
#include "tests/support/root.hpp"

namespace cacherace::scenario {
namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

class PublishedSchema {
 public:
  PublishedSchema() {
    const auto json = nlohmann::json::parse(scenario_schema());
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(json), schema_);
  }

  bool accepts(const std::string& text) {
    const auto json = nlohmann::json::parse(text);
    return validator_.validate(schema_, valijson::adapters::NlohmannJsonAdapter(json), nullptr);
  }

 private:
  valijson::Schema schema_;
  valijson::Validator validator_{valijson::Validator::kStrongTypes};
};

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Json without_comments(const std::string& text) {
  return Json::parse(text, nullptr, true, /*ignore_comments=*/true);
}

// The shipped files, and the full example in parts: its sections and strategies one by one, since
// no part changes what shape another has.
std::vector<Json> originals() {
  std::vector<Json> parts;
  for (const auto& entry : std::filesystem::directory_iterator(test::root() / "scenarios")) {
    if (entry.path().extension() == ".json") parts.push_back(without_comments(read(entry.path())));
  }
  const Json full = without_comments(std::string(full_example));
  for (const auto& [key, section] : full.items()) {
    if (key == "strategies") continue;
    parts.push_back(Json::object({{key, section}}));
  }
  for (const auto& [name, strategy] : full["strategies"].items()) {
    parts.push_back(Json::object({{"strategies", {{name, strategy}}}}));
  }
  return parts;
}

void collect_pointers(const Json& json, const Pointer& at, std::vector<Pointer>& out) {
  out.push_back(at);
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) collect_pointers(value, at / key, out);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) collect_pointers(json[i], at / i, out);
  }
}

// Values of every type, among them each form that some key of the format takes.
const Json& replacements() {
  static const Json values = Json::parse(R"json([
    null, true, false, -1, 0, 1, 0.5, 1.5, 65, 1000000000000, [], [1], ["read k"], [{}], {},
    {"x": 1}, {"exponential": "1s"}, {"lognormal": {"median": "1s", "p99": "2s"}}, {"zipf": 0.5},
    {"x": {}},
    {"delete-after": {}}, {"lease": {}}, {"cdc": {"x": 1}}, {"lock": 1}, {"bloom-filter": {}},
    {"negative": "1s"}, {"single-flight": {"processes": 0}},
    {"exponential": "1s", "max": "1s", "x": 1},
    "", "x", "5ms", "1..2", "0..101", "2..1", "1..",
    "5ms..6ms", "5ms..", "1%", "101%", "2/s", "0/s", "2/ms", "1kB", "1k",
    "read k", "read  k", "write", "evict k", "flush k", "cache-restart", "cold", "none", "direct",
    "plain", "lock", "set", "violated", "<= 5",
    "<5%", ">= 1s", "=> 1s", "uniform", "flush", "noeviction", "slow", "latencies", "all", "absent"
  ])json");
  return values;
}

using Visit = std::function<void(const Json& mutant, const std::string& change)>;

// Gives the object at `at` each member that a sibling object has and it has not.
void borrow_from_siblings(const Json& original, const Pointer& at, const Visit& visit) {
  if (at.empty() || !original[at].is_object()) return;
  for (const Json& sibling : original[at.parent_pointer()]) {
    if (!sibling.is_object()) continue;
    for (const auto& [key, value] : sibling.items()) {
      if (original[at].contains(key)) continue;
      Json mutant = original;
      mutant[at][key] = value;
      visit(mutant, at.to_string() + " with its sibling's " + key);
    }
  }
}

void erase(Json& json, const Pointer& at) {
  Json& parent = json[at.parent_pointer()];
  if (parent.is_array()) {
    parent.erase(std::stoul(at.back()));
  } else {
    parent.erase(at.back());
  }
}

void for_each_mutant(const Json& original, const Visit& visit) {
  std::vector<Pointer> pointers;
  collect_pointers(original, Pointer(), pointers);
  for (const Pointer& pointer : pointers) {
    for (const Json& replacement : replacements()) {
      Json mutant = original;
      mutant[pointer] = replacement;
      visit(mutant, pointer.to_string() + " = " + replacement.dump());
    }
    if (original[pointer].is_object()) {
      Json mutant = original;
      mutant[pointer]["unheard-of"] = "5ms";
      visit(mutant, pointer.to_string() + " with an unknown key");
    }
    borrow_from_siblings(original, pointer, visit);
    if (pointer.empty()) continue;
    Json mutant = original;
    erase(mutant, pointer);
    visit(mutant, pointer.to_string() + " deleted");
  }
}

TEST_CASE("schema and loader agree on every mutant of every scenario") {
  PublishedSchema schema;
  std::size_t accepted = 0;
  std::size_t rejected = 0;
  const std::size_t every = test::fast ? 1 : 20;  // in slow builds a sample
  std::size_t count = 0;
  for (const Json& original : originals()) {
    for_each_mutant(original, [&](const Json& mutant, const std::string& change) {
      if (count++ % every != 0) return;
      const std::string text = mutant.dump();
      const auto loaded = load(text, "x.json");
      bool shaped = true;
      std::string lines;
      if (!loaded.has_value()) {
        for (const Problem& problem : loaded.error()) {
          const bool explained = problem.line > 0 && problem.column > 0 && !problem.fact.empty();
          if (!explained) FAIL_CHECK(change);
          shaped = shaped && problem.kind != Problem::Kind::shape &&
                   problem.kind != Problem::Kind::syntax;
          if (problem.kind == Problem::Kind::shape) lines += to_text(problem) + '\n';
        }
      }
      const bool agreed = schema.accepts(text) == shaped;
      if (!agreed) FAIL_CHECK("schema says " << !shaped << ", loader:\n" << lines << change);
      ++(shaped ? accepted : rejected);
    });
  }
  CHECK(accepted > 2000 / every);
  CHECK(rejected > 20'000 / every);
}

TEST_CASE("the shipped scenarios and the full example load") {
  for (const auto& entry : std::filesystem::directory_iterator(test::root() / "scenarios")) {
    if (entry.path().extension() != ".json") continue;
    const auto loaded = load(read(entry.path()), entry.path().filename().string());
    if (!loaded.has_value()) FAIL_CHECK(to_text(loaded.error().front()));
  }
  const auto loaded = load(full_example, "full.json");
  if (!loaded.has_value()) FAIL_CHECK(to_text(loaded.error().front()));
}

TEST_CASE("every key of the schema is described") {
  const auto schema = nlohmann::json::parse(scenario_schema());
  const std::function<void(const nlohmann::json&)> check = [&](const nlohmann::json& node) {
    if (!node.is_structured()) return;
    if (node.is_object() && node.contains("properties") && node["properties"].is_object()) {
      CHECK(node.value("additionalProperties", true) == false);
      for (const auto& [key, value] : node["properties"].items()) {
        CAPTURE(key);
        CHECK((value.contains("description") || value.contains("$ref")));
      }
    }
    for (const auto& child : node) check(child);
  };
  check(schema);
}

}  // namespace
}  // namespace cacherace::scenario
