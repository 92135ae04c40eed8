// Searches of a script that goes wrong end in one error, whatever else goes on.

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/script/script_error.hpp"
#include "tests/support/build.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

// What `search` of all properties says of the script: the sentence of its error, or "".
std::string error_of(const std::string& script, unsigned jobs) {
  nlohmann::ordered_json scenario{
      {"strategies", {{"ours", {{"script", "ours.lua"}, {"sources", {{"ours.lua", script}}}}}}}};
  const auto loaded =
      harness::load_scenario(scenario.dump(), (root() / "tests/scripts/x.json").string());
  REQUIRE(loaded.has_value());
  try {
    harness::search(*loaded, {.shrink = false, .jobs = jobs});
  } catch (const script::ScriptError& error) {
    return error.what();
  }
  return "";
}

void always_says(const std::string& script, const std::string& what) {
  INFO(script);
  CHECK(error_of(script, 1).starts_with(what));
  int times = 0;
  for (int i = 0; i < (fast ? 50 : 10); ++i) times += error_of(script, 8).starts_with(what) ? 1 : 0;
  CHECK(times == (fast ? 50 : 10));
}

TEST_CASE("searches at the same time end in the error that one alone ends in", "[threads]") {
  always_says(
      "local copies = {}\n"
      "function read(key)\n  copies[key] = copies[key] or db.read(key)\n  return copies[key]\nend\n"
      "function write(key) db.write(key) end",
      "an operation changes \"copies\"");
  // Two faults: which one is met first depends on the property.
  always_says(
      "local seen = {}\n"
      "function read(key)\n  local row = cache.get(key)\n"
      "  if row and row.version > 1 then seen[1] = row.version end\n"
      "  if row then return row end\n  row = db.read(key)\n  cache.set(key, row)\n"
      "  if row.version > 1 then error('late') end\n  return row\nend\n"
      "function write(key) db.write(key) cache.del(key) end",
      "late");
}

TEST_CASE("a script that is not there is missed where the scenario names it") {
  const std::string file = (root() / "tests/scripts/x.json").string();
  const auto said = [&](const std::string& script) {
    const std::string text =
        "{ \"strategies\": {\n  \"ours\": { \"script\": \"" + script + "\" } } }";
    const auto found = harness::load_scenario(text, file);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().front().kind == Problem::Kind::file);
    return to_text(found.error().front());
  };
  const std::string folder = (root() / "tests/scripts").string();
  CHECK(said("gone.lua")
            .starts_with(file + ":2:23 /strategies/ours/script: there is no file " + folder +
                         "/gone.lua; name a Lua file"));
  CHECK(said("faults").starts_with(file + ":2:23 /strategies/ours/script: " + folder +
                                   "/faults is no file;"));
}

TEST_CASE("what the engine refuses has the place of the call") {
  nlohmann::ordered_json scenario{
      {"strategies",
       {{"ours",
         {{"script", "ours.lua"},
          {"sources", {{"ours.lua", "function read(key)\n  return db.read('other')\nend\n"}}}}}}},
      {"race", {{"clients", {{{"name", "reader"}, {"do", {"read user:7"}}}}}}}};
  const auto loaded =
      harness::load_scenario(scenario.dump(), (root() / "tests/scripts/x.json").string());
  REQUIRE(loaded.has_value());
  try {
    harness::search(*loaded, {.shrink = false});
    FAIL("nothing is refused");
  } catch (const script::ScriptError& error) {
    CHECK(error.path == "ours.lua");
    CHECK(error.line == 2);
    CHECK(std::string(error.what()).starts_with("there is no row \"other\""));
  }
}

}  // namespace
}  // namespace cacherace::test
