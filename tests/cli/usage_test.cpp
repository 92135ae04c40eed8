// Wrong arguments and bad scenarios: exit code 2, nothing on stdout, and a message that helps.

#include <catch2/catch_test_macros.hpp>
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
          {{}, "A subcommand is required"},
          {{"search"}, "FILE is required"},
          {{"search", scenario, "more.json"}, "The following argument was not expected: more.json"},
          {{"search", scenario, "--bogus"}, "The following argument was not expected: --bogus"},
          {{"search", scenario, "--seed", "-1"}, "--seed: " + range + "\"-1\""},
          {{"run", scenario, "--seed", "18446744073709551616"},
           "--seed: " + range + "\"18446744073709551616\""},
          {{"run", scenario, "--replicates", "0"},
           "--replicates: expected a whole number from 1 to 10000, found \"0\""},
          {{"run", scenario, "--jobs", "2x"},
           "--jobs: expected a whole number from 1 to 1024, found \"2x\""},
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

TEST_CASE("unknown commands and strategies come with a suggestion") {
  check_all({{{"serch"}, "cacherace: unknown command \"serch\"; did you mean \"search\"?"},
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
          "broken.json:5:47 /race/clients/0/do/0: expected \"read\", \"write\" or "})
      CHECK(outcome.err.find(place) != std::string::npos);
  }
}

TEST_CASE("help is there for the program and every command, with an example") {
  const Folder folder;
  for (const std::string command : {"", "search", "run", "compare", "replay", "report", "validate",
                                    "schema", "list", "describe"}) {
    std::vector<std::string> arguments{"--help"};
    if (!command.empty()) arguments.insert(arguments.begin(), command);
    const auto outcome = run(folder, arguments);
    CAPTURE(command);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find("\nExample") != std::string::npos);
    CHECK(outcome.out.find("\n  cacherace " + command) != std::string::npos);
  }
  CHECK(run(folder, {"--version"}).out.starts_with("cacherace "));
}

}  // namespace cacherace::cli_test
