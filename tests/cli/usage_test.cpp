// Wrong arguments and bad scenarios: exit code 2, nothing on stdout, and a message that helps.

#include <catch2/catch_test_macros.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

constexpr const char* scenario = "stale-repopulate.json";

struct Mistake {
  std::vector<std::string> arguments;
  std::string says;
};

void check_all(const std::vector<Mistake>& mistakes, const std::string& hint) {
  const Folder folder;
  folder.take_scenario(scenario);
  for (const auto& [arguments, says] : mistakes) {
    const auto outcome = run(folder, arguments);
    CAPTURE(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == says + "\n" + hint);
  }
}

}  // namespace

TEST_CASE("wrong options are refused with what would be right") {
  const std::string range = "expected a whole number from 0 to 18446744073709551615, found ";
  check_all(
      {
          {{"search"}, "FILE is required"},
          {{"search", scenario, "--seed", "-1"}, "--seed: " + range + "\"-1\""},
          {{"run", scenario, "--seed", "18446744073709551616"},
           "--seed: " + range + "\"18446744073709551616\""},
          {{"run", scenario, "--replicates", "0"},
           "--replicates: expected a whole number from 1 to 10000, found \"0\""},
          {{"run", scenario, "--jobs", "2x"},
           "--jobs: expected a whole number from 1 to 1024, found \"2x\""},
          {{"run", scenario, "--series", "5m"},
           "--series: expected something like 5min, found \"5m\""},
          {{"search", scenario, "--memory", "64 MiB"},
           "--memory: expected something like 64mb, found \"64 MiB\""},
          {{"search", scenario, "--mode", "exhaustve"},
           "--mode: expected exhaustive|pct|random, found \"exhaustve\"; did you mean "
           "\"exhaustive\"?"},
          {{"search", scenario, "--format", "xml"},
           "--format: expected csv|html|json|junit|markdown|text, found \"xml\""},
          {{"search", scenario, "--expect", "safe"},
           "--expect: expected clean-so-far|proven|vacuous|violated, found \"safe\""},
          {{"search", scenario, "--property", "no-stale-residu"},
           "--property: unknown property \"no-stale-residu\"; did you mean \"no-stale-residue\"?"},
          {{"search", scenario, "--property", "zzzzzz"},
           "--property: unknown property \"zzzzzz\"; see: cacherace list properties"},
          {{"schema", "story"}, "NAME: expected scenario|result|counterexample, found \"story\""},
      },
      "Run with --help for more information.\n");
}

TEST_CASE("unknown options come with a suggestion") {
  check_all(
      {{{}, "cacherace: a command is missing; see: cacherace --help"},
       {{"search", scenario, "--staets", "5"},
        "cacherace: search has no option --staets; did you mean --states?"},
       {{"search", scenario, "--staets=5"},
        "cacherace: search has no option --staets; did you mean --states?"},
       {{"search", "--staets"}, "cacherace: search has no option --staets; did you mean --states?"},
       {{"search", scenario, "--bogus"},
        "cacherace: search has no option --bogus; see: cacherace search --help"},
       {{"validate", scenario, "--fail-on", "x"},
        "cacherace: validate has no option --fail-on; it belongs to: search, run, compare, sweep"},
       {{"--verion"}, "cacherace: the program has no option --verion; did you mean --version?"},
       {{"search", scenario, "more.json"},
        "cacherace: search does not expect \"more.json\" there; see: cacherace search --help"}},
      "");
}

TEST_CASE("unknown commands and strategies come with a suggestion") {
  check_all(
      {{{"serch"}, "cacherace: unknown command \"serch\"; did you mean \"search\"?"},
       {{"help", "serach"}, "cacherace: unknown command \"serach\"; did you mean \"search\"?"},
       {{"foo"}, "cacherace: unknown command \"foo\"; see: cacherace --help"},
       {{"search", scenario, "--strategy", "cache-asid"},
        "stale-repopulate.json /strategies: there is no strategy \"cache-asid\"; did you "
        "mean \"cache-aside\"?"},
       {{"run", scenario, "--strategy", "zzz"},
        "stale-repopulate.json /strategies: there is no strategy \"zzz\"; choose from: "
        "cache-aside, ttl 60s"}},
      "");
}

TEST_CASE("a broken scenario shows all of its problems, each with its place") {
  const Folder folder;
  folder.write("broken.json",
               "{\n"
               "  \"title\": 3,\n"
               "  \"bogus\": 1,\n"
               "  \"strategies\": { \"a\": { \"load\": \"single-fligth\" } },\n"
               "  \"race\": { \"clients\": [{ \"name\": \"r\", \"do\": [\"frob k\"] }] }\n"
               "}\n");
  for (const std::string command : {"search", "run", "validate"}) {
    const auto outcome = run(folder, {command, "broken.json"});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    for (const auto* place :
         {"broken.json:2:12 /title: expected a text, found 3 (a number)",
          "broken.json:3:3 /bogus: unknown key \"bogus\"",
          "broken.json:4:34 /strategies/a/load: unknown choice \"single-fligth\"; did you mean "
          "\"single-flight\"?\n",
          "broken.json:5:47 /race/clients/0/do/0: strategy \"a\" is no script, and has no "
          "operation \"frob\""})
      CHECK(outcome.err.find(place) != std::string::npos);
  }
}

TEST_CASE("help is there for the program and every command, with an example") {
  const Folder folder;
  for (const std::string command : {"", "search", "run", "compare", "replay", "report", "validate",
                                    "schema", "list", "describe", "help"}) {
    std::vector<std::string> arguments{"--help"};
    if (!command.empty()) arguments.insert(arguments.begin(), command);
    const auto outcome = run(folder, arguments);
    CAPTURE(command);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find("\nExample") != std::string::npos);
    CHECK(outcome.out.find("\n  cacherace " + command) != std::string::npos);
    CHECK(outcome.out.find('{') == std::string::npos);
    if (command.empty())
      CHECK(run(folder, {"help"}).out == outcome.out);
    else if (command != "help")
      CHECK(run(folder, {"help", command}).out == outcome.out);
  }
  CHECK(run(folder, {"--version"}).out.starts_with("cacherace "));
  CHECK(run(folder, {"-V"}).out == run(folder, {"--version"}).out);
}

TEST_CASE("help keeps to a hundred columns, and says what an option does not go with") {
  const Folder folder;
  const auto text = run(folder, {"search", "--help"}).out;
  CHECK(text.find("--no-shrink                     show the first") != std::string::npos);
  CHECK(text.find("those that violate; not with\n" + std::string(34, ' ') +
                  "--reduction; not with") != std::string::npos);
  std::istringstream lines(text.substr(0, text.find("\nExamples")));
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
}

}  // namespace cacherace::cli_test
