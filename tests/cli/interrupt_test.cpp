// An interrupted command keeps what it has and says that it is incomplete.

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

using Json = nlohmann::json;

constexpr const char* incomplete = "incomplete: interrupted before the end\n";

std::string traffic_of(const std::string& duration) {
  return R"({"title": "Long", "strategies": {"first": {}, "second": {}},
    "traffic": {"flows": [{"name": "web", "rate": "2000/s", "reads": 0.9}], "duration": ")" +
         duration + R"("}})";
}

constexpr const char* race_of_six = R"({"title": "Six", "race": {"clients": [
  {"name": "reader", "count": 3, "do": ["read k"]},
  {"name": "writer", "count": 3, "do": ["write k"]}]}})";

}  // namespace

TEST_CASE("an interrupted run ends with 130 and is marked incomplete", "[threads]") {
  const Folder folder;
  folder.write("long.json", traffic_of("1000h"));
  Program program(folder, {"run", "long.json", "--format", "json"}, {.terminal = true});
  program.wait_for_progress(0);
  program.send(SIGINT);
  const auto outcome = program.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(faults("result", outcome.out) == "");
  CHECK(Json::parse(outcome.out)["complete"] == false);
}

TEST_CASE("an interrupted run shows the strategies that it finished", "[threads]") {
  const Folder folder;
  folder.write("long.json", traffic_of("30min"));
  Program program(folder, {"run", "long.json", "--replicates", "1", "--jobs", "1"},
                  {.terminal = true});
  program.wait_for_progress(51);
  program.send(SIGINT);
  const auto outcome = program.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(outcome.out.find(incomplete) != std::string::npos);
  CHECK(outcome.out.find(" first\n") != std::string::npos);
  CHECK(outcome.out.find("\n  reads  ") != std::string::npos);
  CHECK(outcome.out.find("second") == std::string::npos);
}

TEST_CASE("a run that its time limit ends is marked incomplete", "[threads]") {
  const Folder folder;
  folder.write("long.json", traffic_of("1000h"));
  for (const std::string command : {"run", "sweep"}) {
    std::vector<std::string> arguments{command, "long.json", "--time-limit",
                                       "100ms", "--format",  "json"};
    if (command == "sweep")
      arguments.insert(arguments.end(), {"--sweep", "/cache/latency=1ms,2ms"});
    const auto outcome = run(folder, arguments);
    CAPTURE(command);
    CHECK(outcome.exit_code == 3);
    CHECK(faults("result", outcome.out) == "");
    CHECK(Json::parse(outcome.out)["complete"] == false);
  }
}

TEST_CASE("an interrupted search ends with 130 and is marked incomplete", "[threads]") {
  const Folder folder;
  folder.write("six.json", race_of_six);
  for (const std::string format : {"text", "json"}) {
    Program program(folder,
                    {"search", "six.json", "--count", "--format", format, "--schedules",
                     "18446744073709551615"},
                    {.terminal = true});
    program.wait_for_progress(0);
    program.send(SIGINT);
    const auto outcome = program.finish();
    CHECK(outcome.exit_code == 130);
    if (format == "text") {
      CHECK(outcome.out.find(incomplete) != std::string::npos);
    } else {
      CHECK(faults("result", outcome.out) == "");
      const auto json = Json::parse(outcome.out);
      CHECK(json["complete"] == false);
      CHECK(json["results"][0]["properties"][0]["exhausted"] == false);
    }
  }
}

TEST_CASE("an interrupted comparison of several scenarios keeps those that were finished",
          "[threads]") {
  const Folder folder;
  folder.write("short.json", traffic_of("1min"));
  folder.write("long.json", traffic_of("1000h"));
  Program program(folder, {"compare", "short.json", "long.json", "short.json", "--format", "json"},
                  {.terminal = true});
  program.wait_for("long.json: simulating");
  program.send(SIGINT);
  const auto outcome = program.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(faults("result", outcome.out) == "");
  const auto json = Json::parse(outcome.out);
  CHECK(json["complete"] == false);
  REQUIRE(json["comparisons"].size() == 2);
  CHECK(json["comparisons"][0]["complete"] == true);
  CHECK(json["comparisons"][1]["complete"] == false);
}

TEST_CASE("a terminated run ends with 143", "[threads]") {
  const Folder folder;
  folder.write("long.json", traffic_of("1000h"));
  Program program(folder, {"run", "long.json"}, {.terminal = true});
  program.wait_for_progress(0);
  program.send(SIGTERM);
  const auto outcome = program.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(outcome.out.find(incomplete) != std::string::npos);
}

TEST_CASE("a quiet command shows no progress on a terminal", "[threads]") {
  const Folder folder;
  folder.write("six.json", race_of_six);
  const auto outcome = run(folder, {"search", "six.json", "--count", "--schedules", "300000", "-q"},
                           {.terminal = true});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err.empty());
}

}  // namespace cacherace::cli_test
