#include "tests/fuzz/script_text.hpp"

#include <nlohmann/json.hpp>

#include "sim/core/utf8.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/scenario/script_program.hpp"
#include "sim/script/script_error.hpp"
#include "sim/script/tree.hpp"
#include "tests/fuzz/trace_bytes.hpp"

namespace cacherace::fuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* file = "x.lua";

std::string broken_promise_of(const script::ScriptError& error) {
  return fuzz::broken_promise_of(Problems{script::problem_of(error, "")});
}

// Answers that are now there, now not, and now none at all.
std::string walk(const script::Program& program, bool merges) {
  constexpr int requests_max = 40;
  for (const auto& operation : program.operations) {
    try {
      script::Tree tree(
          program, scenario::script_environment([](Key) { return std::string("user:7"); }), merges);
      const Value key[] = {tree.values().text("user:7")};
      const Value there[] = {Value::row(0, 2), Value::boolean(true)};
      const Value absent[] = {Value{}, Value::boolean(false)};
      auto at = tree.begin(operation.name, key, 1);
      for (int i = 0; i < requests_max && !at.turn->over; ++i)
        at = i % 7 == 6 ? tree.go_on(at.node, std::nullopt)
                        : tree.go_on(at.node, std::span<const Value>(i % 2 == 0 ? absent : there));
    } catch (const script::ScriptError& error) {
      if (auto says = broken_promise_of(error); !says.empty()) return says;
    }
  }
  return "";
}

}  // namespace

std::string read_script(std::string_view bytes) {
  if (first_not_utf8(bytes)) return "";  // refused before
  const std::string text(bytes);
  const auto program = scenario::load_script(
      {.file = file}, [&](const std::string& name) -> std::optional<std::string> {
        return name == file ? std::optional(text) : std::nullopt;
      });
  if (!program) return fuzz::broken_promise_of(program.error());
  for (const bool merges : {true, false})
    if (auto says = walk(*program, merges); !says.empty()) return says;
  Json race{{"clients", Json::array()}};
  for (const auto& operation : program->operations)
    if (race["clients"].size() < 2)
      race["clients"].push_back({{"name", "c" + std::to_string(race["clients"].size())},
                                 {"do", {operation.name + " user:7"}}});
  const Json scenario{{"strategies", {{"ours", {{"script", file}, {"sources", {{file, text}}}}}}},
                      {"race", race}};
  const auto loaded = harness::load_scenario(scenario.dump(), "x.json");
  if (!loaded) return fuzz::broken_promise_of(loaded.error());
  try {
    harness::search(*loaded, {.shrink = false, .states_max = 200});
  } catch (const script::ScriptError& error) {
    return broken_promise_of(error);
  }
  return "";
}

}  // namespace cacherace::fuzz
