#include "sim/harness/fuzz/race_variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/core/assert.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/engine/race/plan.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::ordered_json;
using Kind = scenario::Operation::Kind;

constexpr std::uint32_t aggregates_max = 2;  // of a row, that variants read

// "read {}#2": an operation, whatever its row.
std::string in_pattern(const scenario::Operation& operation) {
  if (operation.kind == Kind::flush) return "flush";
  if (operation.kind == Kind::cache_restart) return "cache-restart";
  const char* verb = operation.kind == Kind::read    ? "read"
                     : operation.kind == Kind::write ? "write"
                                                     : "evict";
  const std::string_view key = operation.key;
  return fmt::format("{} {{}}{}", verb, key.substr(scenario::key_name(key).row.size()));
}

// Reads and writes, those mishaps that the scenario's own clients stand for, and what else they do.
std::vector<std::string> kinds_of(const scenario::Scenario& scenario) {
  std::vector<std::string> kinds{"read {}", "write {}"};
  const auto aggregates = std::min(scenario.keys.derived.per_key, aggregates_max);
  for (std::uint32_t i = 1; i <= aggregates; ++i) kinds.push_back(fmt::format("read {{}}#{}", i));
  for (const auto& client : scenario.race.clients)
    for (const auto& operation : client.operations) {
      if (const auto kind = in_pattern(operation); std::ranges::find(kinds, kind) == kinds.end())
        kinds.push_back(kind);
    }
  return kinds;
}

// The scenario's own, and as many more as variants may touch.
std::vector<std::string> rows_of(const scenario::Scenario& scenario) {
  auto rows = engine::plan(scenario).rows;
  const std::string first = rows.front();
  for (std::size_t i = 2; rows.size() < scenario.vary.keys.max; ++i)
    if (const auto name = fmt::format("{}-{}", first, i);
        std::ranges::find(rows, name) == rows.end())
      rows.push_back(name);
  return rows;
}

std::string written_range(const scenario::DurationRange& range) {
  return range.min == range.max ? written(range.min)
                                : fmt::format("{}..{}", written(range.min), written(range.max));
}

std::string operation_text(const VariantSpace& space, const Variant::Operation& operation) {
  return fmt::format(fmt::runtime(space.kinds[operation.kind]), space.rows[operation.row]);
}

using Script = std::vector<std::string>;

std::string role_of(const Script& script) {
  const auto all = [&](std::string_view verb) {
    return std::ranges::all_of(script, [&](const auto& text) { return text.starts_with(verb); });
  };
  return all("read") ? "reader" : all("write") ? "writer" : "client";
}

// "reader", and for another one that does something else "reader-b".
std::string unused_name(const Json& clients, const std::string& role) {
  const auto is_taken = [&](const std::string& name) {
    return std::ranges::any_of(
        clients, [&](const Json& c) { return c["name"].get_ref<const std::string&>() == name; });
  };
  std::string name = role;
  for (std::size_t i = 1; is_taken(name); ++i)
    name = fmt::format("{}-{}", role, std::string(1 + i / 26, static_cast<char>('a' + i % 26)));
  return name;
}

// Neighbours that do the same are one client with a count. Clients keep their order, which may say
// who shares a process.
Json clients_of(const VariantSpace& space, const Variant& variant) {
  Json clients = Json::array();
  for (const auto& operations : variant.clients) {
    Script script;
    for (const auto& operation : operations) script.push_back(operation_text(space, operation));
    if (!clients.empty() && clients.back()["do"] == Json(script)) {
      clients.back()["count"] = clients.back().value("count", 1) + 1;
      continue;
    }
    clients.push_back({{"name", unused_name(clients, role_of(script))}, {"do", script}});
  }
  return clients;
}

Json faults_of(const scenario::Faults& faults) {
  Json json = Json::object();
  for (const auto& [name, count] :
       {std::pair{"crash", faults.crash}, std::pair{"evict", faults.evict},
        std::pair{"lose", faults.lose}, std::pair{"flush", faults.flush},
        std::pair{"cache-restart", faults.cache_restart}})
    if (count > 0) json[name] = count;
  return json;
}

// Starts of keys whose rows no operation touches would be refused.
void drop_untouched_starts(const VariantSpace& space, const Variant& variant, Json& race) {
  if (!race.contains("start") || !race["start"].is_object()) return;
  std::set<std::string> touched;
  for (const auto& operations : variant.clients)
    for (const auto& operation : operations)
      if (space.kinds[operation.kind].find("{}") != std::string::npos)
        touched.insert(space.rows[operation.row]);
  Json kept = Json::object();
  for (const auto& [key, start] : race["start"].items())
    if (touched.contains(std::string(scenario::key_name(key).row))) kept[key] = start;
  race["start"] = kept;
}

Json race_of(const VariantSpace& space, const Variant& variant, const Json& own) {
  Json race{{"clients", clients_of(space, variant)}};
  for (const auto& [key, value] : own.items())
    if (key != "clients" && key != "faults") race[key] = value;
  drop_untouched_starts(space, variant, race);
  if (Json faults = faults_of(variant.faults); !faults.empty()) race["faults"] = faults;
  return race;
}

// The limit that the scenario sets the property under this strategy, or null.
Json limit_in(const Json& scenario, const std::string& strategy, const std::string& property) {
  for (const auto& owner : {strategy, std::string("*")}) {
    const auto at = Json::json_pointer() / "expect" / owner / property;
    if (scenario.contains(at) && scenario[at].get<std::string>().find_first_of("<=") == 0)
      return scenario[at];
  }
  return nullptr;
}

// A limit stays in force: it says from where on the property is violated.
Json expect_violated(const Json& scenario, const VariantFile& file) {
  Json expect = Json::object();
  if (const Json limit = limit_in(scenario, file.strategy, file.property); !limit.is_null())
    expect["*"] = {{file.property, limit}};
  expect[file.strategy] = {{file.property, "violated"}};
  return expect;
}

// Those members before all others.
Json with_first(const Json& json, std::initializer_list<const char*> first) {
  Json ordered = Json::object();
  for (const auto* key : first)
    if (json.contains(key)) ordered[key] = json[key];
  for (const auto& [key, value] : json.items()) ordered[key] = value;
  return ordered;
}

}  // namespace

VariantSpace space_of(const scenario::Scenario& scenario) {
  VariantSpace space{.json = scenario.json,
                     .file = scenario.file,
                     .seed = scenario.seed,
                     .vary = scenario.vary,
                     .kinds = kinds_of(scenario),
                     .rows = rows_of(scenario),
                     .durations = {}};
  const auto json = Json::parse(scenario.json);
  for (const auto& varied : scenario.vary.durations) {
    const auto text = json[Json::json_pointer(varied.pointer)].get<std::string>();
    space.durations.push_back(*scenario::duration_range(text));
  }
  return space;
}

Variant own_race(const VariantSpace& space, const scenario::Scenario& scenario) {
  Variant own{
      .rows = 1, .clients = {}, .faults = scenario.race.faults, .durations = space.durations};
  const auto index = [](const auto& all, const auto& one) {
    const auto found = std::ranges::find(all, one);
    SIM_ASSERT(found != all.end());
    return static_cast<std::size_t>(found - all.begin());
  };
  for (const auto& client : scenario.race.clients) {
    auto& operations = own.clients.emplace_back();
    for (const auto& operation : client.operations) {
      const bool has_key = !operation.key.empty();
      const std::size_t row =
          has_key ? index(space.rows, std::string(scenario::key_name(operation.key).row)) : 0;
      operations.push_back({.kind = index(space.kinds, in_pattern(operation)), .row = row});
      own.rows = std::max(own.rows, row + 1);
    }
    for (std::uint32_t i = 1; i < client.count; ++i) own.clients.push_back(own.clients.back());
  }
  return own;
}

std::string variant_json(const VariantSpace& space, const Variant& variant,
                         const VariantFile& file) {
  Json json = Json::parse(space.json);
  for (std::size_t i = 0; i < variant.durations.size(); ++i)
    json[Json::json_pointer(space.vary.durations[i].pointer)] = written_range(variant.durations[i]);
  const Json race = race_of(space, variant, json.value("race", Json::object()));
  Json expect = json.value("expect", Json::object());
  if (!file.property.empty()) expect = expect_violated(json, file);
  for (const auto* section : {"vary", "traffic", "race", "expect"}) json.erase(section);
  if (!file.strategy.empty()) {
    const auto at = Json::json_pointer() / "strategies" / file.strategy;
    const Json strategy = json.contains(at) ? json[at] : Json::object();
    json["strategies"] = {{file.strategy, strategy}};
  }
  if (!file.story.empty()) json["story"] = file.story;
  json["seed"] = space.seed;
  json["race"] = race;
  if (!expect.empty()) json["expect"] = expect;
  json = with_first(json, {"title", "story", "source", "seed"});
  return json.dump(2) + "\n";
}

Result<scenario::Scenario> load_variant(const VariantSpace& space, const Variant& variant,
                                        const VariantFile& file) {
  return load_scenario(variant_json(space, variant, file), space.file);
}

std::vector<std::pair<std::string, std::string>> durations_of(const VariantSpace& space,
                                                              const Variant& variant) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t i = 0; i < variant.durations.size(); ++i)
    all.emplace_back(space.vary.durations[i].pointer, written_range(variant.durations[i]));
  return all;
}

}  // namespace cacherace::harness
