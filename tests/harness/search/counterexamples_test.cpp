// What a counterexample says: all starts, exact times, arguments, looks in vain, local caches, and
// the faults that it needs.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/harness/counterexample/replay.hpp"
#include "sim/report/markdown/markdown.hpp"
#include "sim/report/words.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

using Json = nlohmann::json;

// The one that is saved.
std::string saved(const SearchOutcome& outcome) {
  REQUIRE(outcome.counterexamples.size() == 1);
  return report::to_json(outcome.counterexamples[0]);
}

std::string divergence_of(const std::string& file) {
  const auto replayed = replay(file, "race.json", nullptr, 1);
  if (!replayed) return to_text(replayed.error().front());
  return replayed->divergence ? report::divergence_text(*replayed->divergence) : "";
}

// By effect, the arguments of the first step that has it.
Json args_of(const std::string& file) {
  Json found = Json::object();
  const Json parsed = Json::parse(file);
  for (const auto& step : parsed["steps"]) {
    const auto effect = step["effect"].get<std::string>();
    if (!found.contains(effect)) found[effect] = step["args"];
  }
  return found;
}

Json args_under(const std::string& strategy, const std::string& race,
                const std::string& property = "no-stale-residue", const std::string& more = "{}") {
  auto scenario = Json::parse(more);
  scenario["strategies"]["s"] = Json::parse(strategy);
  scenario["race"] = Json::parse(race);
  const auto file = saved(search(load(scenario.dump()), {.properties = {property}}));
  CHECK(divergence_of(file) == "");
  return args_of(file);
}

constexpr const char* reader_and_writer = R"({"clients": [{"name": "reader", "do": ["read k"]},
  {"name": "writer", "do": ["write k"]}]})";

TEST_CASE("the starts of aggregates that nobody names are saved") {
  const auto outcome =
      search(load(R"({"keys": {"derived": {"per_key": 2, "known": 1}}, "race": {"start": "warm",
    "clients": [{"name": "reader", "do": ["read k#2"]}, {"name": "writer", "do": ["write k"]}]}})"),
             {.properties = {"no-stale-residue"}});
  const auto file = saved(outcome);
  CHECK(Json::parse(file)["start"] == Json{{"k", "warm"}, {"k#1", "warm"}, {"k#2", "warm"}});
  CHECK(divergence_of(file) == "");
}

// The writer's own row is the only one that it names; what it deletes depends on the other.
TEST_CASE("the starts of rows that only a group's end touches are saved") {
  const auto outcome = search(
      load(R"({"keys": {"groups": 2}, "strategies": {"s": {"write": "delete-by-keys"}}, "race": {
        "start": "warm", "faults": {"lose": 1}, "clients": [
          {"name": "a", "do": ["read a"]}, {"name": "b", "do": ["read b"]},
          {"name": "c", "do": ["write c"]}]}})"),
      {.properties = {"no-stale-residue"}});
  const auto file = saved(outcome);
  CHECK(Json::parse(file)["start"] == Json{{"a", "warm"}, {"b", "warm"}, {"c", "warm"}});
  CHECK(divergence_of(file) == "");
}

TEST_CASE("a flush touches no row: the race that is left has those of its other operations") {
  const auto outcome =
      search(load(R"({"strategies": {"s": {"write": "bump-version"}}, "race": {"clients": [
    {"name": "a", "do": ["read other"]}, {"name": "f", "do": ["flush"]},
    {"name": "r", "do": ["read k"]}, {"name": "w", "do": ["write k"]}]}})"),
             {.properties = {"no-stale-residue"}});
  for (const auto& file : outcome.counterexamples) {
    const auto text = report::to_json(file);
    CHECK(divergence_of(text) == "");
  }
  const auto mishap =
      search(load(R"({"strategies": {"s": {"write": "write-behind"}}, "race": {"clients": [
    {"name": "a", "do": ["read other"]}, {"name": "w", "do": ["write k"]},
    {"name": "f", "do": ["flush"]}]}})"),
             {.properties = {"no-lost-writes"}});
  const auto file = saved(mishap);
  CHECK_FALSE(Json::parse(file)["start"].contains("other"));
  CHECK(divergence_of(file) == "");
}

TEST_CASE("steps may be years apart, to the nanosecond") {
  const auto outcome = search(load(R"({"cache": {"latency": "8760h"}, "database": {"read": "8760h",
    "write": "8760h"}, "race": {"timing": "latencies", "pause_max": "8760h"}})"),
                              {.properties = {"no-stale-residue"}});
  CHECK(divergence_of(saved(outcome)) == "");

  const auto exact = search(load(R"({"cache": {"latency": "31535999999999997ns"}, "database": {
    "read": "31535999999999999ns", "write": "1ns"}, "race": {"timing": "latencies"}})"),
                            {.properties = {"no-stale-residue"}});
  const auto file = saved(exact);
  CHECK(file.find("\"at_us\":15767999999999.999,") != std::string::npos);
  CHECK(divergence_of(file) == "");
}

TEST_CASE("arguments say what a step is given, defaults included") {
  const auto plain = args_under("{}", reader_and_writer);
  CHECK(plain["cache.get k"] == Json::object());
  CHECK(plain["db.read k"] == Json{{"row", "k"}, {"from", "primary"}});
  CHECK(plain["db.write k"] == Json{{"row", "k"}, {"version", 2}});
  CHECK(plain["cache.del k"] == Json{{"leaves", "nothing"}});
  CHECK(plain["cache.set k"] ==
        Json{{"version", 1}, {"ttl", "none"}, {"ttl_spread", "0s"}, {"soft", "none"}});

  const auto soft = args_under(
      R"({"read": {"stale-while-revalidate": {"soft": "1500us", "hard": "3s"}}, "write": "none"})",
      reader_and_writer);
  CHECK(soft["cache.set k"] ==
        Json{{"version", 1}, {"ttl", "3s"}, {"ttl_spread", "0s"}, {"soft", "1500us"}});

  const auto negative = args_under(
      R"({"expiry": {"ttl": "60s", "jitter": "10%", "negative": "5s"}, "write": "set-after"})",
      R"({"start": "absent", "clients": [{"name": "reader", "do": ["read k"]},
      {"name": "writer", "do": ["write k"]}]})");
  CHECK(negative["cache.set k"]["ttl"].is_string());

  const auto kept = args_under(
      R"({"write": {"set-after": {"ttl": "keep"}}, "expiry": {"ttl": "60s"}})", reader_and_writer);
  CHECK(kept["cache.set k"]["ttl"] == "keep");
}

TEST_CASE("arguments say what a delete leaves, and which tokens are seen and given") {
  const std::string crash = R"({"start": "warm", "faults": {"lose": 1}, "clients": [
    {"name": "reader", "do": ["read k"]}, {"name": "writer", "do": ["write k"]}]})";
  const auto tombstone = args_under(R"({"fill": {"set-if-newer": {"tombstones": "10s"}}})", crash);
  CHECK(tombstone["cache.del k, lost"] ==
        Json{{"leaves", "tombstone"}, {"version", 2}, {"ttl", "10s"}});
  const auto lease = args_under(R"({"load": {"lease": {"rate": "7s", "stale": "10s"}}})", crash);
  CHECK(lease["cache.del k, lost"] ==
        Json{{"leaves", "nothing"}, {"voids_lease", true}, {"keeps_stale_for", "10s"}});
  const auto generation =
      args_under(R"({"fill": "generation", "write": "delete-before"})", reader_and_writer);
  CHECK(generation["cache.get k"]["generation"] == 1);
  CHECK(generation["cache.del k"] == Json{{"leaves", "generation"}, {"generation", 1}});
  CHECK(generation["cache.set-if-generation k"]["generation"] == 1);
}

// Whoever follows the log deletes again until the delete is answered: only what a reader stores
// late stays.
TEST_CASE("a late step has the arguments of the one that was lost") {
  const auto outcome = search(load(R"({"strategies": {"s": {"write": "cdc"}}, "race": {
    "faults": {"lose": 1}, "clients": [{"name": "client", "do": ["read k", "write k"]}]}})"),
                              {.properties = {"no-stale-residue"}});
  const Json sent{{"version", 1}, {"ttl", "none"}, {"ttl_spread", "0s"}, {"soft", "none"}};
  std::size_t found = 0;
  const Json parsed = Json::parse(saved(outcome));
  for (const auto& step : parsed["steps"]) {
    const auto effect = step["effect"].get<std::string>();
    if (!effect.starts_with("cache.set")) continue;
    CHECK(step["args"] == sent);
    ++found;
  }
  CHECK(found == 2);
}

TEST_CASE("arguments name the pages, replicas, queues and processes") {
  const auto scan = args_under(R"({"write": {"delete-by-scan": {"count": 1}}})", reader_and_writer);
  CHECK(scan["cache.scan k"] == Json{{"group", 0},
                                     {"pattern", "*"},
                                     {"cursor", 0},
                                     {"count", 1},
                                     {"next_cursor", 0},
                                     {"among", {"k"}},
                                     {"keys", Json::array()}});
  const auto keys = args_under(R"({"write": "delete-by-keys"})", reader_and_writer);
  CHECK(keys["cache.keys k"] ==
        Json{{"group", 0}, {"pattern", "*"}, {"among", {"k"}}, {"keys", Json::array()}});

  const auto replica = args_under("{}", reader_and_writer, "no-stale-residue",
                                  R"({"database": {"replicas": {"count": 1}}})");
  CHECK(replica["db.read k"] == Json{{"row", "k"}, {"from", "replica"}, {"replica", 1}});

  const auto queue = args_under(R"({"write": "write-behind"})", R"({"clients": [
    {"name": "writer", "do": ["write k"]}, {"name": "f", "do": ["flush"]}]})",
                                "no-lost-writes");
  CHECK(queue["cache.write k"] == Json{{"ttl", "none"},
                                       {"ttl_spread", "0s"},
                                       {"soft", "none"},
                                       {"version", 2},
                                       {"queue", {"k v2"}}});

  const auto local = args_under(R"({"guards": [{"local-cache": {"ttl": "5s", "processes": 2}}],
    "write": "none"})",
                                reader_and_writer);
  CHECK(local["local.set k"] == Json{{"process", 1}, {"version", 1}, {"ttl", "5s"}});

  const auto wait = args_under(
      R"({"load": {"lock": {"ttl": "none", "wait": "50ms", "give_up": "2s"}}})",
      R"({"faults": {"crash": 1}, "clients": [{"name": "r", "count": 2, "do": ["read k"]}]})",
      "every-key-expires");
  CHECK(wait["cache.lock k"]["ttl"] == "none");
  CHECK(wait["cache.lock k"]["token"].is_number());
}

// The reader keeps a copy of the shared entry that the writer deletes from then on.
TEST_CASE("a local cache has a column and a state of its own") {
  const auto outcome =
      search(load(R"({"strategies": {"s": {"guards": [{"local-cache": {"processes": 2}}]}},
    "race": {"start": "warm", "clients": [{"name": "reader", "do": ["read k"]},
                                           {"name": "writer", "do": ["write k"]}]}})"),
             {.properties = {"no-stale-residue"}});
  const auto& shown = *only_property(outcome).counterexample;
  CHECK(shown.locals == std::vector<std::string>{"local cache 1", "local cache 2"});
  const auto text = report::interleaving(shown, {});
  CHECK(text.find("reader-1") < text.find("local cache 1"));
  CHECK(text.find("local cache 2") < text.find("  cache "));
  const auto& last = shown.standings.back();
  REQUIRE(last.locals.size() == 2);
  CHECK(last.locals[0].second == report::Standing::Named{{"k", "v1"}});
  CHECK(last.locals[1].second.empty());
  CHECK(last.cache.empty());
  CHECK(last.database == report::Standing::Named{{"k", "v2"}});

  const auto replayed = replay(saved(outcome), "race.json", nullptr, 1);
  REQUIRE(replayed.has_value());
  const auto steps = report::to_text(*replayed, {}, true);
  CHECK(steps.find("k: local cache 1 v1, local cache 2 -, cache -, database v2 | all done") !=
        std::string::npos);
}

std::string waiting(const std::string& give_up) {
  return R"({"cache": {"latency": "1ms"}, "database": {"read": "20ms", "write": "20ms"},
    "strategies": {"s": {"expiry": {"ttl": "10min"},
      "load": {"lock": {"ttl": "none", "wait": "50ms", "give_up": ")" +
         give_up + R"("}}}},
    "race": {"clients": [{"name": "request", "count": 2, "do": ["read k"]}],
             "faults": {"crash": 1}, "timing": "latencies"},
    "expect": {"s": {"wait": "<= 1s"}}})";
}

TEST_CASE("looks in vain are folded wherever a counterexample is shown, and saved all the same") {
  const auto outcome = search(load(waiting("10s")), {.properties = {"wait"}});
  const auto file = saved(outcome);
  const auto& shown = *only_property(outcome).counterexample;
  CHECK(shown.steps.size() > 200);
  CHECK(Json::parse(file)["steps"].size() == shown.steps.size());
  const auto text = report::interleaving(shown, {});
  CHECK(std::count(text.begin(), text.end(), '\n') < 20);
  CHECK(text.find("cache.lock k × ") != std::string::npos);
  CHECK(text.find("wait k × ") != std::string::npos);

  const auto replayed = replay(file, "race.json", nullptr, 1);
  REQUIRE(replayed.has_value());
  CHECK_FALSE(replayed->divergence.has_value());
  for (const bool states : {false, true}) {
    const auto steps = report::to_text(*replayed, {}, states);
    CHECK(std::count(steps.begin(), steps.end(), '\n') < 40);
    CHECK(steps.find("cache.lock k × ") != std::string::npos);
  }
  const auto json = Json::parse(report::to_json(*replayed))["counterexample"];
  CHECK(json["steps"].size() == shown.steps.size());
  std::size_t repeats = 0;
  for (const auto& step : json["steps"]) repeats += step.contains("repeats");
  CHECK(repeats > 180);
}

TEST_CASE("the times of a long wait are found in linear time") {
  const auto started = search(load(waiting("600s")), {.shrink = false, .properties = {"wait"}});
  CHECK(divergence_of(saved(started)) == "");
  CHECK(only_property(started).counterexample->steps.size() > 20'000);
}

TEST_CASE("what a fault is needed for: to violate the property, or for the situation to arise") {
  // A reader may cache the row again that the writer has deleted.
  const auto arises = search_for(R"({"faults": {"lose": 1}, "start": "warm",
    "clients": [{"name": "reader", "do": ["read k"]}, {"name": "writer", "do": ["write k"]}]})",
                                 "no-stale-residue");
  const auto& shown = *only_property(arises).counterexample;
  REQUIRE(shown.fewest_faults);
  CHECK(shown.arises_without);
  CHECK(report::faults_sentence(shown, false) ==
        "  needs 1 lost or late message: without faults, no schedule of this race violates it\n");

  // Whoever only deletes leaves nothing that could be old.
  const auto alone = search_for(R"({"faults": {"lose": 1}, "start": "warm",
    "clients": [{"name": "writer", "do": ["write k"]}]})",
                                "no-stale-residue");
  CHECK_FALSE(only_property(alone).counterexample->arises_without);

  // Nothing is left of a key that has no row, unless a lock is.
  const auto never =
      search_for(R"({"faults": {"crash": 1}, "start": "absent",
    "clients": [{"name": "reader", "do": ["read k"]}]})",
                 "every-key-expires", {},
                 R"({"load": {"lock": {"ttl": "none", "wait": "50ms", "give_up": "2s"}}})");
  const auto& crashed = *only_property(never).counterexample;
  REQUIRE(crashed.fewest_faults);
  CHECK_FALSE(crashed.arises_without);
  const std::string says =
      "needs 1 crash: without faults, the situation that the property is about never arises in "
      "this race";
  CHECK(report::faults_sentence(crashed, false) == "  " + says + "\n");
  CHECK(report::to_text(never.result, {}).find(says) != std::string::npos);
  CHECK(report::to_markdown(never.result).find(says) != std::string::npos);
  const auto json = Json::parse(report::to_json(never.result));
  CHECK(json["results"][0]["properties"][0]["counterexample"]["arises_without"] == false);
}

}  // namespace
}  // namespace cacherace::harness
