// fuzz: the files that it writes, what the exit code says, and that its JSON has the published
// form.

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/told.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

using Json = nlohmann::json;

std::string one_reader(const std::string& expected) {
  return R"({"title": "One", "strategies": {"Cache aside!": {}},
    "race": {"clients": [{"name": "reader", "do": ["read k"]}]}, "vary": {"faults": {}},
    "expect": {"*": {"no-stale-residue": ")" +
         expected + "\"}}}";
}

constexpr const char* scenario_file = "found/cache-aside.no-stale-residue.json";
constexpr const char* race_file = "found/cache-aside.no-stale-residue.race.json";

}  // namespace

TEST_CASE("fuzz saves a scenario that search understands and a counterexample that replays") {
  const Folder folder;
  folder.write("one.json", one_reader("violated"));
  const auto outcome = run(folder, {"fuzz", "one.json", "--save", "found"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find(std::string("search it: cacherace search ") + scenario_file) !=
        std::string::npos);
  CHECK(outcome.out.find(std::string("replay it: cacherace replay ") + race_file) !=
        std::string::npos);
  CHECK(run(folder, {"search", scenario_file, "--require-proof"}).exit_code == 0);
  CHECK(run(folder, {"replay", race_file}).exit_code == 0);
  CHECK(faults("counterexample", folder.read(race_file)) == "");

  folder.write(race_file, "mine");
  CHECK(run(folder, {"fuzz", "one.json", "--save", "found"}).exit_code == 74);
  CHECK(folder.read(race_file) == "mine");
  CHECK(run(folder, {"fuzz", "one.json", "--save", "found", "--force"}).exit_code == 0);
  CHECK(folder.read(race_file) != "mine");
  CHECK(run(folder, {"fuzz", "one.json", "--save", "one.json"}).exit_code == 74);
  CHECK(run(folder, {"fuzz", "one.json", "--save", "not/there"}).exit_code == 74);
}

TEST_CASE("the exit code of fuzz says whether a violation was expected") {
  const Folder folder;
  folder.write("bad.json", one_reader("violated"));
  folder.write("good.json", one_reader("proven"));
  CHECK(run(folder, {"fuzz", "bad.json"}).exit_code == 0);
  CHECK(run(folder, {"fuzz", "good.json"}).exit_code == 1);
  CHECK(run(folder, {"fuzz", "bad.json", "--cases", "1"}).exit_code == 3);
  CHECK(run(folder, {"fuzz", "good.json", "--expect", "violated"}).exit_code == 0);
  CHECK(run(folder, {"fuzz", "good.json", "--expect", "clean-so-far"}).exit_code == 1);
  CHECK(run(folder, {"fuzz", "good.json", "--strategy", "x"}).exit_code == 2);
  CHECK(run(folder, {"fuzz", "good.json", "--size", "101"}).exit_code == 2);
}

TEST_CASE("fuzz prints JSON of the published form, the same for any number of threads",
          "[threads]") {
  const Folder folder;
  folder.write("one.json", one_reader("violated"));
  const auto printed = [&](const std::string& jobs) {
    const auto outcome = run(folder, {"fuzz", "one.json", "--format", "json", "--jobs", jobs});
    CHECK(outcome.err == "");
    return outcome.out;
  };
  const auto text = printed("1");
  CHECK(faults("result", text) == "");
  CHECK(printed("3") == text);
  const auto json = Json::parse(text);
  CHECK(json["kind"] == "fuzz");
  CHECK(json["drawn"] == 100);
  const auto& property = json["results"][0]["properties"][0];
  CHECK_VERDICT((Told{folder, "fuzz", "one.json", property}), Verdict::violated);
  CHECK(property["cases"]["violated"] > 0);
  CHECK(property["smallest"]["race"] == "reader-1: read k, writer-1: write k");
  CHECK(property["smallest"]["scenario"]["race"]["clients"].size() == 2);
}

TEST_CASE("an interrupted fuzz shows what it has and ends with 130", "[threads]") {
  const Folder folder;
  folder.write("many.json", R"({"race": {"timing": "latencies"}, "vary": {"clients": "4..6"}})");
  Program program(folder, {"fuzz", "many.json", "--cases", "1000"}, {.terminal = true});
  program.wait_for_progress(0);
  program.send(SIGINT);
  const auto outcome = program.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(outcome.out.find("incomplete: interrupted before the end") != std::string::npos);
}

}  // namespace cacherace::cli_test
