// Calls that look at many names, watch entries or read the clock. Counts are derived in comments.

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/script/script_error.hpp"
#include "sim/strategy/name_pattern.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

using Json = nlohmann::ordered_json;

Json scenario_with(const std::string& script, const Json& race) {
  Json scenario{
      {"strategies", {{"ours", {{"script", "ours.lua"}, {"sources", {{"ours.lua", script}}}}}}}};
  scenario["race"] = race;
  return scenario;
}

Result<scenario::Scenario> loaded(const Json& scenario) {
  return harness::load_scenario(scenario.dump(), (root() / "tests/scripts/x.json").string());
}

// Each client does one call of its own.
Json clients(const std::vector<std::string>& operations) {
  Json all = Json::array();
  for (const auto& operation : operations)
    all.push_back({{"name", operation.substr(0, operation.find(' '))}, {"do", {operation}}});
  return {{"clients", all}};
}

struct Counted {
  std::uint64_t schedules = 0, violating = 0;
  bool operator==(const Counted&) const = default;
};

Counted broken(const std::string& script, const Json& race, bool merging = true) {
  const auto scenario = loaded(scenario_with(script, race));
  REQUIRE(scenario.has_value());
  const auto result =
      harness::search(*scenario, {.count = true, .shrink = false, .properties = {"assertions"}})
          .result;
  const auto& found = result.results[0].properties[0];
  const auto& visited = std::get<report::Schedules>(found.visited);
  // The search by states comes to the same verdict.
  const auto by_states =
      harness::search(*scenario, {.shrink = false, .properties = {"assertions"}}).result;
  CHECK(by_states.results[0].properties[0].verdict == found.verdict);
  CHECK(merging);
  return {.schedules = visited.schedules, .violating = visited.violating.value_or(0)};
}

const std::string change =
    "function change(key)\n"
    "  cache.watch('x')\n"
    "  cache.get('x')\n"
    "  assert(cache.multi(function(c) c.set('y', 1) end), 'aborted')\n"
    "end\n";

TEST_CASE("EXEC does nothing once somebody has changed what is watched") {
  // WATCH, GET, EXEC of one client and one command of another: the other comes before them, at two
  // places between them, or after them.
  const auto with = [](const std::string& command) {
    return broken(change + "function other(key) " + command + " end",
                  clients({"change user:7", "other user:7"}));
  };
  CHECK(with("cache.set('x', 1)") == Counted{4, 2});
  CHECK(with("cache.set('x', 1, { nx = true })") == Counted{4, 2});
  CHECK(with("cache.incr('x')") == Counted{4, 2});
  CHECK(with("cache.flush()") == Counted{4, 0});  // there is no entry that it could remove
  CHECK(with("cache.del('x')") == Counted{4, 0});
  CHECK(with("cache.expire('x', '1s')") == Counted{4, 0});
  CHECK(with("cache.set('x', 1, { xx = true })") == Counted{4, 0});
  CHECK(with("cache.get('x')") == Counted{4, 0});
  CHECK(with("cache.set('z', 1)") == Counted{4, 0});
  // Two commands: of the (5 over 2) = 10 orders, those in which neither stands between WATCH and
  // EXEC are: both before, both after, one before and one after.
  CHECK(with("cache.set('x', 1) cache.del('x')") == Counted{10, 7});
}

TEST_CASE("EXEC sees what its own client has changed, and expiry") {
  const auto alone = [](const std::string& body) {
    return broken("function change(key)\n" + body + "\nend", clients({"change user:7"}));
  };
  const std::string exec = "\nassert(cache.multi(function(c) c.set('y', 1) end), 'aborted')";
  CHECK(alone("cache.watch('x') cache.set('x', 1)" + exec) == Counted{1, 1});
  CHECK(alone("cache.watch('x') cache.del('x')" + exec) == Counted{1, 0});
  CHECK(alone("cache.watch('x') cache.set('x', 1) cache.unwatch()" + exec) == Counted{1, 0});
  CHECK(alone("cache.set('x', 1) cache.watch('y')" + exec) == Counted{1, 0});
  // EXEC ends the watching, whatever it has done.
  CHECK(alone("cache.watch('x') cache.set('x', 1)\ncache.multi(function(c) c.get('x') end)" +
              exec) == Counted{1, 0});
  // The entry may expire before WATCH, between WATCH and EXEC, or not while the client is at work.
  CHECK(alone("cache.set('x', 1, { ttl = '1s' }) cache.watch('x')" + exec) == Counted{3, 1});
  // An operation that is over watches nothing: the next one of its client is not told.
  Json race = clients({"change user:7"});
  race["clients"][0]["do"] = {"look user:7", "change user:7"};
  CHECK(broken("function look(key) cache.watch('x') end\n"
               "function change(key) cache.set('x', 1)" +
                   exec + " end",
               race) == Counted{1, 0});
}

TEST_CASE("two optimistic counters lose no increment, and two plain ones may") {
  const std::string check =
      "function read(key) end\n"
      "function optimistic(key)\n"
      "  repeat\n"
      "    cache.watch('n')\n"
      "    local n = cache.get('n') or 0\n"
      "    local done = cache.multi(function(c) c.set('n', n + 1) end)\n"
      "  until done\n"
      "  assert(cache.incr('done') < 2 or cache.get('n') == 2, 'lost')\n"
      "end\n"
      "function plain(key)\n"
      "  local n = cache.get('n') or 0\n"
      "  cache.set('n', n + 1)\n"
      "  assert(cache.incr('done') < 2 or cache.get('n') == 2, 'lost')\n"
      "end\n";
  const auto verdict = [&](const std::string& operation) {
    Json race;
    race["clients"] = {{{"name", "writer"}, {"count", 2}, {"do", {operation}}}};
    const auto scenario = loaded(scenario_with(check, race));
    REQUIRE(scenario.has_value());
    const auto result =
        harness::search(*scenario, {.shrink = false, .properties = {"assertions"}}).result;
    return std::string(name(result.results[0].properties[0].verdict));
  };
  CHECK(verdict("optimistic user:7") == "proven");
  CHECK(verdict("plain user:7") == "violated");
}

TEST_CASE("KEYS and SCAN find what is there at their moment") {
  const std::string list =
      "function put(key) cache.set('a:1', 1) cache.set('b:1', 1) end\n"
      "function list(key)\n"
      "  local found = 0\n"
      "  for _, name in ipairs(cache.keys('a:*')) do\n"
      "    assert(name == 'a:1', name)\n"
      "    found = found + 1\n"
      "  end\n"
      "  assert(found == 1, 'not there yet')\n"
      "end\n";
  // The list is made before both sets, between them, or after them.
  CHECK(broken(list, clients({"put user:7", "list user:7"})) == Counted{3, 1});
  // A scan of pages with one name each finds all that is there all the time, and ends.
  const std::string scan =
      "function change(key) cache.set('d', 1) cache.del('d') end\n"
      "function fill(key)\n"
      "  cache.mset({ a = 1, b = 1, c = 1 })\n"
      "  local seen, cursor, names = {}, 0, nil\n"
      "  repeat\n"
      "    cursor, names = cache.scan(cursor, '*', 1)\n"
      "    for _, name in ipairs(names) do seen[name] = true end\n"
      "  until cursor == 0\n"
      "  assert(seen.a and seen.b and seen.c, 'missed')\n"
      "end\n";
  const auto counted = broken(scan, clients({"change user:7", "fill user:7"}));
  CHECK(counted.violating == 0);
  CHECK(counted.schedules > 10);
}

TEST_CASE("patterns are those of Redis") {
  using strategy::matches_pattern;
  CHECK(matches_pattern("*", ""));
  CHECK(matches_pattern("user:*", "user:7"));
  CHECK_FALSE(matches_pattern("user:*", "users"));
  CHECK(matches_pattern("h?llo", "hallo"));
  CHECK_FALSE(matches_pattern("h?llo", "hllo"));
  CHECK(matches_pattern("h[ae]llo", "hello"));
  CHECK_FALSE(matches_pattern("h[ae]llo", "hillo"));
  CHECK(matches_pattern("h[^e]llo", "hallo"));
  CHECK_FALSE(matches_pattern("h[^e]llo", "hello"));
  CHECK(matches_pattern("h[a-b]llo", "hbllo"));
  CHECK(matches_pattern("h[b-a]llo", "hallo"));
  CHECK(matches_pattern("a\\*b", "a*b"));
  CHECK_FALSE(matches_pattern("a\\*b", "axb"));
  CHECK(matches_pattern("*a*b*c", "xaybzc"));
  CHECK_FALSE(matches_pattern("*a*b*c", "xaybz"));
  CHECK(matches_pattern("[abc", "b"));  // a set that is not closed ends with the pattern
  const std::string many(2000, 'a');
  CHECK_FALSE(matches_pattern("*a*a*a*a*a*a*a*a*a*b", many));  // and takes no time
}

TEST_CASE("a race has no clock") {
  const auto says = [](const std::string& call) -> std::string {
    const auto scenario =
        loaded(scenario_with("function read(key) " + call + " end", clients({"read user:7"})));
    REQUIRE(scenario.has_value());
    try {
      harness::search(*scenario, {.shrink = false});
    } catch (const script::ScriptError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(says("cache.ttl('x')").starts_with("there is no clock in a race"));
  CHECK(says("cache.pttl('x')").starts_with("there is no clock in a race"));
  CHECK(says("now()").starts_with("there is no clock in a race"));
}

// Every operation of a short run goes through; what is wrong ends it with an error.
void runs(const std::string& body) {
  Json scenario = scenario_with("function read(key)\n" + body + "\nend", clients({"read user:7"}));
  scenario["keys"] = {{"count", 10}};
  scenario["cache"] = {{"latency", "1ms"}};
  scenario["traffic"] = {
      {"duration", "3min"},
      {"flows", {{{"name", "web"}, {"rate", "2/s"}, {"arrivals", "constant"}, {"reads", 1}}}}};
  INFO(body);
  const auto ready = loaded(scenario);
  REQUIRE(ready.has_value());
  CHECK_NOTHROW(harness::run(*ready, {.replicates = 1}));
}

TEST_CASE("traffic has a clock") {
  const std::string own = "local x = key .. tostring(now())\n";  // they arrive one by one
  runs(own +
       "local function is(found, wanted)\n"
       "  if found ~= wanted then error(tostring(found) .. ', not ' .. tostring(wanted)) end\n"
       "end\n"
       "is(cache.ttl(x), -2) is(cache.pttl(x), -2)\n"
       "cache.set(x, 1) is(cache.ttl(x), -1) is(cache.pttl(x), -1)\n"
       "cache.expire(x, '60s') is(cache.ttl(x), 60)\n"
       "local left = cache.pttl(x)\n"
       "if left > 60000 or left < 59990 then error(tostring(left)) end\n"
       "sleep('10s') is(cache.ttl(x), 50)\n"
       "sleep('51s') is(cache.ttl(x), -2)\n"
       "cache.set(x, 1, { ttl = '20s' }) cache.persist(x) is(cache.ttl(x), -1)\n");
  runs(
      "local from = now()\nsleep('10s')\n"
      "if now() - from ~= 10000 then error('slept ' .. (now() - from)) end\n"
      "local before = now()\ncache.get(key)\n"
      "if now() - before ~= 1 then error('a command of ' .. (now() - before)) end");
  // What has expired is on no list, though nobody has removed it yet.
  runs(own +
       "cache.set(x, 1, { ttl = '1s' })\n"
       "if #cache.keys(x) ~= 1 then error('not there') end\n"
       "sleep('2s')\n"
       "if #cache.keys(x) ~= 0 then error('still there') end");
  // And what is watched has changed when its time is over.
  runs(own +
       "cache.set(x, 1, { ttl = '1s' })\n"
       "cache.watch(x)\nif not cache.multi(function(c) c.get(x) end) then error('aborted') end\n"
       "cache.watch(x)\nsleep('2s')\n"
       "if cache.multi(function(c) c.get(x) end) then error('done') end");
}

// Of the first strategy: what its replicates did, effect by effect, and the share of writes.
struct Simulated {
  std::string digest;
  double writes = 0;
};

Simulated traffic_of(const std::string& script, const Json& flow) {
  Json scenario = scenario_with(script, clients({"read user:7"}));
  scenario["keys"] = {{"count", 100}};
  scenario["traffic"] = {{"duration", "20s"}, {"flows", {flow}}};
  const auto ready = loaded(scenario);
  REQUIRE(ready.has_value());
  const auto result = harness::run(*ready, {.replicates = 1}).results[0];
  const auto value = [&](Metric wanted) {
    for (const auto& metric : result.metrics)
      if (metric.metric == wanted) return metric.mean.value_or(0);
    return -1.0;
  };
  return {.digest = result.digest,
          .writes = value(Metric::writes) / (value(Metric::reads) + value(Metric::writes))};
}

TEST_CASE("a flow calls the operations of its mix") {
  const std::string script =
      "function read(key)\n  local row = cache.get(key)\n  if row then return row end\n"
      "  row = db.read(key)\n  cache.set(key, row)\n  return row\nend\n"
      "function write(key) db.write(key) cache.del(key) end\n"
      "function rename(key) db.write(key) cache.del(key) end\n"
      "function list(key) return cache.mget(key, key .. ':more') end\n";
  const Json flow{{"name", "web"}, {"rate", "100/s"}};
  const auto with = [&](const char* key, const Json& value) {
    Json changed = flow;
    changed[key] = value;
    return traffic_of(script, changed);
  };
  const auto reads = with("reads", 0.75);
  CHECK(std::abs(reads.writes - 0.25) < 0.05);
  // A mix of reads and writes is what `reads` says, and another name for a write changes nothing.
  CHECK(with("mix", {{"read", 0.75}, {"write", 0.25}}).digest == reads.digest);
  const auto renames = with("mix", {{"read", 0.75}, {"rename", 0.25}});
  CHECK(renames.digest == reads.digest);
  CHECK(renames.writes == reads.writes);
  const auto lists = with("mix", {{"read", 0.5}, {"list", 0.25}, {"rename", 0.25}});
  CHECK(lists.digest != reads.digest);
  CHECK(std::abs(lists.writes - 0.25) < 0.05);
  CHECK(with("mix", {{"list", 1}}).writes == 0);
}

// The first thing that is wrong with the scenario of a script with `read` and `rename`.
std::string wrong_with(const Json& race, const Json& flow) {
  Json scenario{{"strategies", {{"ours", {{"script", "calls.lua"}}}}}, {"race", race}};
  scenario["traffic"] = {{"flows", {flow}}};
  const auto found =
      harness::load_scenario(scenario.dump(1), (root() / "tests/scripts/faults/x.json").string());
  return found ? "" : to_text(found.error().front());
}

TEST_CASE("an operation that the script does not have is named with its place") {
  const Json reads = clients({"read user:7"}), flow{{"name", "web"}, {"rate", "1/s"}};
  CHECK(wrong_with(reads, flow) == "");
  const auto mixed = [&](const Json& mix) {
    Json changed = flow;
    changed["mix"] = mix;
    return wrong_with(reads, changed);
  };
  CHECK(mixed({{"read", 0.5}, {"rename", 0.5}}) == "");
  CHECK(mixed({{"read", 0.5}, {"renames", 0.5}})
            .ends_with("/traffic/flows/0/mix/renames: the script of strategy \"ours\", calls.lua, "
                       "has no operation \"renames\"; did you mean \"rename\"?"));
  CHECK(mixed({{"read", 0.5}, {"rename", 0.4}})
            .ends_with("/traffic/flows/0/mix: the shares add up to 0.9, not to 1; change one of "
                       "them"));
  CHECK(wrong_with(clients({"write user:7"}), flow)
            .ends_with("/race/clients/0/do/0: the script of strategy \"ours\", calls.lua, has no "
                       "operation \"write\"; an operation is a global function: function "
                       "write(key) … end"));
}

}  // namespace
}  // namespace cacherace::test
