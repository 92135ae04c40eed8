// A saved counterexample replays, and one that was tampered with says where it differs.

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* scenario = "stale-repopulate.json";
constexpr const char* race = "race.json";

/// A folder with the scenario and the counterexample of cache-aside in it.
class Saved : public Folder {
 public:
  Saved() {
    take_scenario(scenario);
    const auto outcome =
        run(*this, {"search", scenario, "--strategy", "cache-aside", "--save", race});
    REQUIRE(outcome.exit_code == 0);
    REQUIRE(outcome.out.find("replay it: cacherace replay race.json\n") != std::string::npos);
  }

  /// Replays the counterexample after an edit.
  Outcome replay_edited(const std::function<void(Json&)>& edit) const {
    Json json = Json::parse(read(race));
    edit(json);
    write("edited.json", json.dump(2));
    return run(*this, {"replay", "edited.json"});
  }
};

void check_diverges(const Outcome& outcome, const std::string& says) {
  CHECK(outcome.exit_code == 4);
  CHECK(outcome.err.empty());
  const auto from = outcome.out.find("  diverged: ");
  REQUIRE(from != std::string::npos);
  const std::string line = "  diverged: " + says + "\n";
  CHECK(outcome.out.substr(from, line.size()) == line);
}

void check_refused(const Outcome& outcome, const std::string& says) {
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == "edited.json" + says + "\n");
}

}  // namespace

TEST_CASE("a saved counterexample is valid and replays") {
  const Saved folder;
  CHECK(faults("counterexample", folder.read(race)) == "");
  CHECK(faults("scenario", Json::parse(folder.read(race))["scenario"].dump()) == "");

  const auto replayed = run(folder, {"replay", race});
  CHECK(replayed.exit_code == 0);
  CHECK(replayed.err.empty());
  CHECK(replayed.out.ends_with(
      "replayed: the same 5 steps, the same digest a16d1b660ee8e894, the same finding\n"));
  CHECK(run(folder, {"replay", "-"}, {.input = folder.read(race)}).out == replayed.out);
  CHECK(run(folder, {"replay", race, "--scenario", scenario}).out == replayed.out);

  const auto json = run(folder, {"replay", race, "--format", "json"});
  CHECK(json.exit_code == 0);
  CHECK(faults("result", json.out) == "");
  CHECK(Json::parse(json.out)["matches"] == true);
}

TEST_CASE("a replay is a page, too") {
  const Saved folder;
  const auto page = run(folder, {"replay", race, "--format", "html"});
  CHECK(page.exit_code == 0);
  CHECK(page.out.starts_with("<!doctype html>"));
  CHECK(page.out.find("<title>no-stale-residue under cache-aside</title>") != std::string::npos);
  CHECK(run(folder, {"replay", race, "-o", "race.html"}).exit_code == 0);
  CHECK(folder.read("race.html") == page.out);
}

TEST_CASE("each strategy's counterexample gets a file of its own") {
  const Folder folder;
  folder.take_scenario(scenario);
  REQUIRE(run(folder, {"search", scenario, "--save", race}).exit_code == 0);
  CHECK(folder.names() == std::vector<std::string>{"race-2.json", "race.json", scenario});
  for (const std::string name : {"race.json", "race-2.json"}) {
    CHECK(faults("counterexample", folder.read(name)) == "");
    CHECK(run(folder, {"replay", name}).exit_code == 0);
  }
}

TEST_CASE("replay --step without a terminal prints every state") {
  const Saved folder;
  const auto outcome = run(folder, {"replay", race, "--step"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find(
            "    1. reader-1 cache.get user:7 (read user:7): miss\n"
            "       user:7: cache -, database v1 | pending: reader-1 db.read user:7; writer-1 "
            "db.write user:7\n") != std::string::npos);
  CHECK(outcome.out.find("  ▶ 5. reader-1 cache.set user:7 (read user:7): stored v1\n"
                         "       user:7: cache v1, database v2 | all done\n") != std::string::npos);
}

TEST_CASE("a strategy that changed diverges at the step that is gone, by its label") {
  const Saved folder;
  const std::string says =
      "step 4: expected writer-1 cache.del user:7, but pending are: reader-1 cache.set user:7";
  check_diverges(folder.replay_edited([](Json& json) {
    json["scenario"]["strategies"]["cache-aside"]["write"] = "none";
  }),
                 says);

  folder.write("changed.json", R"({"strategies": {"cache-aside": {"write": "none"}}})");
  const auto outcome =
      run(folder, {"replay", race, "--scenario", "changed.json", "--format", "json"});
  CHECK(outcome.exit_code == 4);
  CHECK(faults("result", outcome.out) == "");
  const auto json = Json::parse(outcome.out);
  CHECK(json["matches"] == false);
  CHECK(json["divergence"]["step"] == 4);
  CHECK("step 4: " + json["divergence"]["says"].get<std::string>() == says);
}

TEST_CASE("after a divergence the steps that still match are followed, and judged") {
  const Saved folder;
  folder.write("before.json", R"({"strategies": {"cache-aside": {"write": "delete-before"}}})");
  const auto still = run(folder, {"replay", race, "--scenario", "before.json"});
  CHECK(still.exit_code == 4);
  CHECK(still.out.find("\nRealigned: 4 of 5 saved steps matched, 1 skipped, 1 new between them, 0 "
                       "drawn after them (seed 1)\n") != std::string::npos);
  CHECK(still.out.ends_with("\n  no-stale-residue is still violated\n"));

  folder.write("lease.json",
               R"({"strategies": {"cache-aside": {"load": "lease", "fill": "lease-set"}}})");
  for (const std::string seed : {"1", "2"}) {
    const auto cured = run(folder, {"replay", race, "--scenario", "lease.json", "--seed", seed});
    CHECK(cured.exit_code == 4);
    CHECK(cured.out.ends_with("\n  no-stale-residue is not violated by this schedule\n"));
    const auto json = run(
        folder, {"replay", race, "--scenario", "lease.json", "--seed", seed, "--format", "json"});
    CHECK(faults("result", json.out) == "");
    const auto realigned = Json::parse(json.out)["realigned"];
    CHECK(realigned["matched"] == 3);
    CHECK(realigned["skipped"] == 2);
    CHECK(realigned["new"] == 1);
    CHECK(realigned["drawn"] == 1);
    CHECK(realigned["seed"].dump() == seed);
    CHECK(realigned["complete"] == true);
    CHECK(realigned["violated"] == false);
  }
}

TEST_CASE("where time counts, a realigned schedule takes times that are possible") {
  const Folder folder;
  folder.write("timed.json", R"({"cache": {"latency": "1ms"}, "database": {"read": "4ms",
    "write": "4ms"}, "strategies": {"s": {"write": {"double-delete": {"delay": "1ms"}}}},
    "race": {"timing": "latencies", "pause_max": "10ms",
    "clients": [{"name": "reader", "do": ["read k"]}, {"name": "writer", "do": ["write k"]}]}})");
  REQUIRE(run(folder, {"search", "timed.json", "--property", "no-stale-residue", "--save", race})
              .exit_code == 1);
  auto json = Json::parse(folder.read(race));
  const auto replayed = run(folder, {"replay", race});
  CHECK(replayed.exit_code == 0);
  CHECK(replayed.out.ends_with(
      "\n  repeated by the clock engine at these times, with the same replies\n"));
  const auto as_json = Json::parse(run(folder, {"replay", race, "--format", "json"}).out);
  CHECK(as_json["clock_engine"] == Json{{"repeated", true}});
  json["steps"].back()["at_us"] = 1'000'000;
  folder.write("late.json", json.dump());
  const auto late = run(folder, {"replay", "late.json"});
  CHECK(late.exit_code == 4);
  CHECK(late.out.find("is said to take effect at 1 s, but something else has to happen by") !=
        std::string::npos);
  CHECK(late.out.find("\nRealigned: 6 of 6 saved steps matched, 0 skipped, 0 new between them, 0 "
                      "drawn after them (seed 1)\n") != std::string::npos);
  CHECK(late.out.ends_with("\n  no-stale-residue is still violated\n"));

  // The second delete no longer comes before the fill: time skips a step that is pending.
  json["scenario"]["race"]["pause_max"] = "0s";
  json["scenario"]["database"]["read"] = "0s";
  folder.write("short.json", json.dump());
  const auto cured = run(folder, {"replay", "short.json"});
  CHECK(cured.exit_code == 4);
  CHECK(cured.out.find("\nRealigned: 4 of 6 saved steps matched, 2 skipped, 0 new between them, 2 "
                       "drawn after them (seed 1)\n") != std::string::npos);
  CHECK(cured.out.ends_with("\n  no-stale-residue is not violated by this schedule\n"));
}

TEST_CASE("the clock engine is not asked where it would have to draw, and the replay says why") {
  const Folder folder;
  const auto why_not = [&](const std::string& strategy, const std::string& more) {
    folder.write("timed.json", R"({"cache": {"latency": "1ms"}, "database": {"read": "4ms",
      "write": "4ms"}, "strategies": {"s": {)" +
                                   strategy + R"(}}, "race": {"clients":
      [{"name": "reader", "do": ["read k"]}, {"name": "reader-too", "do": ["read k"]},
       {"name": "writer", "do": ["write k"]}], )" +
                                   more + R"(},
      "expect": {"s": {"staleness": "<= 1s"}}})");
    const auto found =
        run(folder, {"search", "timed.json", "--property", "staleness", "--save", race, "--force"});
    CAPTURE(found.out, found.err);
    REQUIRE(found.exit_code == 1);
    const auto replayed = run(folder, {"replay", race, "--format", "json"});
    CHECK(replayed.exit_code == 0);
    const auto clock = Json::parse(replayed.out)["clock_engine"];
    CHECK(clock["repeated"] == false);
    return clock["why_not"].get<std::string>();
  };
  CHECK(why_not(R"("expiry": {"ttl": "60s"})", R"("timing": "unbounded")") ==
        "timing is unbounded");
  CHECK(why_not(R"("expiry": {"ttl": "60s", "jitter": "10%"})", R"("timing": "latencies")") ==
        "some steps are random");
  CHECK(why_not(R"("expiry": {"ttl": "60s"})", R"("timing": "latencies", "start": "warm",
        "faults": {"lose": 1})") == "warm entries have a TTL");
}

TEST_CASE("edited arguments diverge, and a file without any replays") {
  const Saved folder;
  const auto args = Json::parse(folder.read(race))["steps"][4]["args"];
  CHECK(args.dump() == R"({"version":1,"ttl":"none","ttl_spread":"0s","soft":"none"})");
  check_diverges(
      folder.replay_edited([](Json& json) { json["steps"][4]["args"]["ttl"] = "60s"; }),
      "step 5: expected reader-1 cache.set user:7 with \"ttl\" \"60s\", but it has \"none\"");
  check_diverges(folder.replay_edited([](Json& json) { json["steps"][3]["args"]["token"] = 4; }),
                 "step 4: expected writer-1 cache.del user:7 with \"token\" 4, but it has nothing");
  check_diverges(folder.replay_edited([](Json& json) { json["steps"][1]["args"].erase("from"); }),
                 "step 2: expected reader-1 db.read user:7 with \"from\" nothing, but it has "
                 "\"primary\"");
  const auto without = folder.replay_edited([](Json& json) {
    for (auto& step : json["steps"]) step.erase("args");
  });
  CHECK(without.exit_code == 0);
  const auto broken = folder.replay_edited([](Json& json) { json["steps"][0]["args"] = {1}; });
  CHECK(broken.exit_code == 2);
  CHECK(broken.err.find("/steps/0/args: ") != std::string::npos);
}

TEST_CASE("edited steps and clients diverge") {
  const Saved folder;
  check_diverges(folder.replay_edited([](Json& json) { json["steps"][0]["result"] = "hit v1"; }),
                 "step 1: expected reader-1 cache.get user:7 to give \"hit v1\", but it gave "
                 "\"miss\"");
  check_diverges(
      folder.replay_edited([](Json& json) { json["digest"] = "0123456789abcdef"; }),
      "the steps match, but their digest is a16d1b660ee8e894, but the file says 0123456789abcdef");
  check_diverges(
      folder.replay_edited([](Json& json) { json["clients"][0]["name"] = "reader-9"; }),
      "step 1: expected reader-1 cache.get user:7, but pending are: reader-9 cache.get user:7; "
      "writer-1 db.write user:7");
  check_diverges(
      folder.replay_edited([](Json& json) { json["clients"][0]["do"][0] = "write user:7"; }),
      "step 1: expected reader-1 cache.get user:7, but pending are: reader-1 db.write user:7; "
      "writer-1 db.write user:7");
  check_diverges(
      folder.replay_edited([](Json& json) { json["steps"].push_back(Json(json["steps"][4])); }),
      "step 6: expected reader-1 cache.set user:7, but nothing is pending");
  check_diverges(folder.replay_edited([](Json& json) { json["steps"].erase(4); }),
                 "step 5: expected the end, but pending are: reader-1 cache.set user:7");
  check_diverges(folder.replay_edited([](Json& json) { json["start"] = "warm"; }),
                 "step 1: expected reader-1 cache.get user:7 to give \"miss\", but it gave "
                 "\"hit v1\"");
  check_diverges(folder.replay_edited([](Json& json) { json["property"] = "monotonic-reads"; }),
                 "the steps match, but monotonic-reads is no longer violated");
}

TEST_CASE("a file that cannot be a counterexample is refused") {
  const Saved folder;
  const auto unknown = folder.replay_edited([](Json& json) { json["property"] = "nope"; });
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.out.empty());
  CHECK(unknown.err.starts_with("edited.json"));
  CHECK(unknown.err.find(" /property: ") != std::string::npos);
  CHECK(unknown.err.find("\"nope\"") != std::string::npos);
  check_refused(folder.replay_edited([](Json& json) { json["strategy"] = "nope"; }),
                ":4:15 /strategy: the scenario has no strategy \"nope\"; choose one of "
                "\"cache-aside\", \"ttl 60s\"");
  check_refused(folder.replay_edited([](Json& json) { json["kind"] = "search"; }),
                ":3:11 /kind: expected a counterexample file, found kind \"search\"; write one "
                "with: cacherace search FILE --save race.json");
  check_refused(
      folder.replay_edited([](Json& json) { json["clients"][1]["name"] = "reader-1"; }),
      ":17:15 /clients/1/name: two clients are called \"reader-1\"; give each its own name, or "
      "one of them a \"count\"");
  check_refused(folder.replay_edited([](Json& json) { json["steps"] = Json::array(); }),
                ":26:12 /steps: expected an array of steps, found an empty array; write \"steps\": "
                "[{ \"client\": "
                "\"reader-1\", \"effect\": \"cache.get user:7\", \"result\": \"miss\" }]");
  check_refused(folder.replay_edited([](Json& json) { json = Json::array(); }),
                ":1:1: expected an object, found an empty array; write { \"kind\": "
                "\"counterexample\", ... }");

  folder.write("edited.json", "{\n");
  check_refused(run(folder, {"replay", "edited.json"}),
                ":2:1: the file ends inside the object that starts at line 1, column 1; add the "
                "missing \"}\"");
  folder.write("edited.json", std::string(200'000, '['));
  CHECK(run(folder, {"replay", "edited.json"}).exit_code == 2);
  const auto other = run(folder, {"replay", scenario});
  CHECK(other.exit_code == 2);
  CHECK(
      other.err.starts_with("stale-repopulate.json:1:1: \"kind\" is missing; add \"kind\": "
                            "\"counterexample\"\n"));
  CHECK(run(folder, {"replay", "-"}, {.input = "[]"}).err.starts_with("stdin:1:1: "));
}

}  // namespace cacherace::cli_test
