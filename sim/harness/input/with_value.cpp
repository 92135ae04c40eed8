#include "sim/harness/input/with_value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "sim/core/utf8.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/json/parse.hpp"
#include "sim/json/pointer.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::ordered_json;

// A number, or a text.
Json json_of(const std::string& value) {
  const Json parsed = Json::parse(value, nullptr, false);
  return parsed.is_number() ? parsed : Json(value);
}

// The element of that number; null where the array has none.
Json* element(Json& array, const std::string& token) {
  std::size_t index = 0;
  const char* end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  const bool is_number = error == std::errc{} && stop == end && token == std::to_string(index);
  return is_number && index < array.size() ? &array[index] : nullptr;
}

// The place in the scenario, made where objects do not have it yet: a setting may have its default.
// Null where the way leads past the end of an array, or through a value.
Json* place_in(Json& scenario, const std::string& pointer) {
  const auto tokens = json::tokens_of(pointer);
  if (!tokens || tokens->empty() || tokens->size() > json::depth_max || first_not_utf8(pointer))
    return nullptr;
  Json* at = &scenario;
  for (const auto& token : *tokens) {
    if (at->is_array())
      at = element(*at, token);
    else
      at = at->is_object() || at->is_null() ? &(*at)[token] : nullptr;
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace

Result<scenario::Scenario> with_value(const scenario::Scenario& scenario,
                                      const std::string& pointer, const std::string& value) {
  Json json = Json::parse(scenario.json);
  Json* place = place_in(json, pointer);
  if (place == nullptr)
    return Problems{{.kind = Problem::Kind::meaning,
                     .file = scenario.file,
                     .pointer = pointer,
                     .fact = "the scenario has no such place",
                     .fix = "give the JSON pointer of a value: /strategies/NAME/expiry/ttl"}};
  *place = json_of(value);
  auto changed = load_scenario(json.dump(), scenario.file);
  if (!changed) {
    Problems problems = changed.error();
    for (auto& problem : problems) {
      problem.line = problem.column = 0;  // of a text that nobody sees
      problem.fact = fmt::format("with \"{}\" there: {}", value, problem.fact);
    }
    return problems;
  }
  changed->seed = scenario.seed;
  return changed;
}

std::string value_at(const scenario::Scenario& scenario, const std::string& pointer) {
  Json json = Json::parse(scenario.json);
  const Json* value = place_in(json, pointer);
  if (value == nullptr) return "";
  if (value->is_string()) return value->get<std::string>();
  return value->is_number() ? value->dump() : "";
}

std::string strategy_in(const std::string& pointer) {
  const auto tokens = json::tokens_of(pointer);
  return tokens && tokens->size() > 1 && tokens->front() == "strategies" ? (*tokens)[1] : "";
}

}  // namespace cacherace::harness
