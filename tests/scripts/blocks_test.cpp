// A step of several effects is judged as one of the effect that matters would be, whichever client
// takes it.

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/report/words.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

using Json = nlohmann::ordered_json;

struct Parts {
  std::string look = "cache.get(key)";
  std::string fill = "cache.set(key, row, { ttl = '1s' })";
  std::string drop = "cache.del(key)";

  std::string script() const {
    return "function read(key)\n  local row = " + look +
           "\n  if row then return row end\n  row = db.read(key)\n  " + fill +
           "\n  return row\nend\nfunction write(key)\n  db.write(key)\n  " + drop + "\nend";
  }
};

struct Setting {
  bool timed = false;
  int operations = 1;  // of each client
};

struct Judged {
  std::string verdict;
  std::optional<std::uint64_t> worst;  // nanoseconds
  bool operator==(const Judged&) const = default;
};

std::map<std::string, Judged> verdicts_of(const Parts& parts, const Setting& race) {
  Json read = Json::array({"read user:7"}), write = Json::array({"write user:7"});
  for (int more = 1; more < race.operations; ++more) {
    read.push_back("read user:7");
    write.push_back("read user:7");
  }
  Json scenario{{"cache", {{"latency", "200us..1ms"}}},
                {"database", {{"read", "5ms..30ms"}, {"write", "5ms..20ms"}}},
                {"strategies",
                 {{"ours", {{"script", "ours.lua"}, {"sources", {{"ours.lua", parts.script()}}}}}}},
                {"race", {{"clients", Json::array()}}}};
  scenario["race"]["clients"].push_back({{"name", "reader"}, {"count", 2}, {"do", read}});
  scenario["race"]["clients"].push_back({{"name", "writer"}, {"do", write}});
  if (race.timed) {
    scenario["race"]["timing"] = "latencies";
    scenario["race"]["pause_max"] = "100ms";
  }
  const auto loaded =
      harness::load_scenario(scenario.dump(), (root() / "tests/scripts/x.json").string());
  REQUIRE(loaded.has_value());
  harness::SearchOptions options{.states_max = 20'000};
  for (const auto* property : judge::all_properties)
    options.properties.emplace_back(property->name);
  std::map<std::string, Judged> all;
  const auto result = harness::search(*loaded, options).result;
  for (const auto& property : result.results[0].properties)
    all[property.name] = {
        .verdict = std::string(name(property.verdict)),
        .worst = property.worst ? std::optional(property.worst->value) : std::nullopt};
  return all;
}

TEST_CASE("commands in a block are judged as they are alone, for every property", "[race]") {
  const std::vector<Parts> all{
      {.fill = "cache.atomic(function(c) c.set(key, row, { ttl = '1s' }) end)"},
      {.fill = "cache.multi(function(c) c.set(key, row, { ttl = '1s' }) end)"},
      {.fill = "cache.atomic(function(c) c.get(key) c.set(key, row, { ttl = '1s' }) end)"},
      {.fill = "cache.atomic(function(c)\n    c.set(key, row, { ttl = '1s' })\n    "
               "c.get('other')\n    c.get(key)\n  end)"},
      {.look = "cache.mget(key)"},
      {.look = "cache.mget(key, 'other')"},
      {.look = "cache.atomic(function(c)\n    local hit = c.get(key)\n    c.get('other')\n"
               "    return hit\n  end)"},
      {.drop = "cache.atomic(function(c) c.del(key) end)"},
      {.drop = "cache.multi(function(c) c.del(key) c.del('other') end)"}};
  for (const Setting& race : {Setting{.timed = true}, Setting{.timed = true, .operations = 2},
                              Setting{}, Setting{.operations = 2}}) {
    const auto alone = verdicts_of({}, race);
    CHECK(alone.size() == judge::all_properties.size());
    for (const Parts& parts : all) {
      INFO(parts.script());
      INFO((race.timed ? "latencies, " : "unbounded, ") << race.operations);
      for (const auto& [property, found] : verdicts_of(parts, race)) {
        INFO(property);
        CHECK(found.verdict == alone.at(property).verdict);
        CHECK(found.worst == alone.at(property).worst);
      }
    }
    if (!race.timed) continue;
    CHECK(alone.at("staleness").worst == 1'130'400'000U);
    CHECK(alone.at("linearizable").verdict == "violated");
  }
}

}  // namespace
}  // namespace cacherace::test
