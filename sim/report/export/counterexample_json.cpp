// Counterexamples as JSON: in results, and in files of their own.

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <variant>

#include "sim/report/escape.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/export/json_parts.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json, int indent) {
  return printable_json(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

Json microseconds(std::int64_t nanoseconds) {
  if (nanoseconds % 1000 == 0) return nanoseconds / 1000;
  return static_cast<double>(nanoseconds) / 1000;
}

namespace {

Json json_of(const Step& step) {
  Json json{{"client", step.client}};
  if (!step.operation.empty()) json["operation"] = step.operation;
  json["effect"] = step.effect;
  json["result"] = step.result;
  return json;
}

Json json_of(const Args& args) {
  Json json = Json::object();
  for (const auto& [name, arg] : args)
    std::visit([&, &name = name](const auto& value) { json[name] = value; }, arg);
  return json;
}

// A step of a counterexample file, on one line. Its time is exact, which a double is not.
std::string line_of(const Step& step) {
  std::string text = dumped(json_of(step), -1);
  text.pop_back();
  if (step.at) {
    std::string digits = fmt::format("{}.{:03}", *step.at / 1000, *step.at % 1000);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    text += ",\"at_us\":" + digits;
  }
  return text + ",\"args\":" + dumped(json_of(step.args), -1) + "}";
}

Json json_of(const Standing::Named& named) {
  Json json = Json::object();
  for (const auto& [name, value] : named) {
    const bool first = !json.contains(name);
    json[name] = first ? value : json[name].get<std::string>() + "; " + value;
  }
  return json;
}

Json json_of(const Standing& now) {
  Json json{{"cache", json_of(now.cache)}};
  for (const auto& [name, local] : now.locals) json["locals"][name] = json_of(local);
  json["database"] = json_of(now.database);
  json["clients"] = json_of(now.pending);
  for (const auto& place : now.places)
    json["places"].push_back(
        {{"client", place.client}, {"line", place.line}, {"code", place.code}});
  return json;
}

Json faults_of(const Counterexample& shown) {
  Json faults = Json::object();
  for (const auto& [fault, count] : shown.faults) faults[fault] = count;
  return faults;
}

// What stands between the braces.
std::string members_of(const Json& object) {
  const std::string text = dumped(object, 2);
  return text.substr(2, text.size() - 4);
}

}  // namespace

Json json_of(const Counterexample& shown) {
  Json parties{{"left", shown.readers}, {"right", shown.writers}};
  if (!shown.locals.empty()) parties["locals"] = shown.locals;
  Json json{{"parties", parties}, {"steps", Json::array()}};
  for (std::size_t i = 0; i < shown.steps.size(); ++i) {
    const Step& step = shown.steps[i];
    Json& line = json["steps"].emplace_back(json_of(step));
    if (step.at) line["at_us"] = microseconds(*step.at);
    if (!step.local.empty()) line["local"] = step.local;
    if (step.repeats) line["repeats"] = *step.repeats;
    if (!step.line.empty()) {
      line["line"] = step.line;
      line["code"] = step.code;
    }
    if (!step.notes.empty()) line["notes"] = step.notes;
    if (i < shown.standings.size() && !step.repeats) line["state"] = json_of(shown.standings[i]);
  }
  if (!shown.says.empty()) {
    json["decisive"] = shown.decisive;
    json["says"] = shown.says;
  }
  json["context_switches"] = shown.context_switches;
  json["minimal"] = shown.minimal;
  if (!shown.faults.empty()) {
    json[shown.fewest_faults ? "needs" : "contains"] = faults_of(shown);
    if (shown.fewest_faults) json["arises_without"] = shown.arises_without;
  }
  json["digest"] = shown.digest;
  if (!shown.saved.empty()) json["file"] = shown.saved;
  return json;
}

std::string to_json(const Counterexample& counterexample) {
  return dumped(json_of(counterexample), -1);
}

std::string to_json(const CounterexampleFile& file) {
  const Counterexample& shown = file.counterexample;
  Json json{{"cacherace", version},      {"kind", "counterexample"}, {"strategy", file.strategy},
            {"property", file.property}, {"says", shown.says},       {"decisive", shown.decisive},
            {"digest", shown.digest}};
  json["clients"] = Json::array();
  for (const auto& client : file.clients)
    json["clients"].push_back({{"name", client.name}, {"do", client.operations}});
  json["start"] = Json::object();
  for (const auto& [key, start] : file.starts) json["start"][key] = start;
  if (!file.faults.empty()) json["faults"] = Json::object();
  for (const auto& [fault, count] : file.faults) json["faults"][fault] = count;
  std::string text = "{\n" + members_of(json) + ",\n  \"steps\": [\n";
  for (std::size_t i = 0; i < shown.steps.size(); ++i)
    text += "    " + line_of(shown.steps[i]) + (i + 1 < shown.steps.size() ? ",\n" : "\n");
  return text + "  ],\n" + members_of({{"scenario", Json::parse(file.scenario_json)}}) + "\n}\n";
}

}  // namespace cacherace::report
