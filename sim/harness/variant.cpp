#include "sim/harness/variant.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/harness/scenario_file.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::ordered_json;

// A number, or a text.
Json json_of(const std::string& value) {
  const Json parsed = Json::parse(value, nullptr, false);
  return parsed.is_number() ? parsed : Json(value);
}

}  // namespace

Result<scenario::Scenario> with_value(const scenario::Scenario& scenario,
                                      const std::string& pointer, const std::string& value) {
  Json json = Json::parse(scenario.json);
  try {
    const Json::json_pointer at(pointer);
    if (at.empty()) throw std::invalid_argument("the whole scenario");
    json[at] = json_of(value);
  } catch (const std::exception&) {
    return Problems{{.kind = Problem::Kind::meaning,
                     .file = scenario.file,
                     .pointer = pointer,
                     .fact = "this leads nowhere in the scenario",
                     .fix = "name the place of a value: /strategies/NAME/expiry/ttl"}};
  }
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
  try {
    const Json json = Json::parse(scenario.json);
    const Json& value = json.at(Json::json_pointer(pointer));
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() ? value.dump() : "";
  } catch (const Json::exception&) {
    return "";
  }
}

std::string strategy_in(const std::string& pointer) {
  constexpr std::string_view before = "/strategies/";
  if (!pointer.starts_with(before)) return "";
  Json::json_pointer part(pointer);
  while (part.parent_pointer().to_string() != "/strategies") part = part.parent_pointer();
  return part.back();
}

}  // namespace cacherace::harness
