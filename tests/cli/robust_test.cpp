// Whatever a user or a shell does, the program says what is wrong and ends with a code of its own.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/support/build.hpp"

namespace cacherace::cli_test {
namespace {

namespace fs = std::filesystem;

constexpr const char* scenario = "stale-repopulate.json";

// As a shell has it run: "$PROGRAM" is the program.
Outcome shell(const Folder& folder, const std::string& script) {
  return run_program(folder, "/bin/sh", {"-c", script},
                     {.environment = {"PROGRAM=" + our_program()}});
}

std::string sparse(const Folder& folder, const std::string& name, std::uintmax_t bytes) {
  folder.write(name, "");
  fs::resize_file(folder.path() / name, bytes);
  return name;
}

}  // namespace

TEST_CASE("a stderr that cannot be written changes nothing of the result") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto whole = run(folder, {"search", scenario});
  CHECK(whole.err.starts_with("\nTo keep and replay it:"));
  for (const std::string redirection : {"2>&-", "2>/dev/full"}) {
    const auto outcome = shell(folder, "\"$PROGRAM\" search stale-repopulate.json " + redirection);
    CAPTURE(redirection, outcome.err);
    CHECK(outcome.exit_code == whole.exit_code);
    CHECK(outcome.out == whole.out);
    CHECK(shell(folder, "\"$PROGRAM\" search no.json " + redirection).exit_code == 74);
    CHECK(shell(folder, "\"$PROGRAM\" search --bogus " + redirection).exit_code == 2);
  }
}

TEST_CASE("a file that is written does not take the place of a closed stream") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto outcome =
      shell(folder, "\"$PROGRAM\" search stale-repopulate.json --verbose -o out.txt >&- 2>&- <&-");
  CHECK(outcome.exit_code == 0);
  CHECK(folder.read("out.txt") == run(folder, {"search", scenario, "-q"}).out);
}

TEST_CASE("streams that are closed or whose reader is gone are file trouble") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto closed = shell(folder, "\"$PROGRAM\" validate stale-repopulate.json >&-");
  CHECK(closed.exit_code == 74);
  CHECK(closed.err == "stdout: cannot be written: Bad file descriptor\n");
  const auto no_input = shell(folder, "\"$PROGRAM\" validate - <&-");
  CHECK(no_input.exit_code == 74);
  CHECK(no_input.err == "stdin: cannot be read: Bad file descriptor\n");
  const auto gone =
      shell(folder,
            "{ sleep 0.2; \"$PROGRAM\" validate stale-repopulate.json; echo $? >code; } | true; "
            "sleep 1; cat code");
  CHECK(gone.out == "74\n");
}

TEST_CASE("a file that may not grow is file trouble, and nothing is left behind") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto outcome = shell(
      folder, "ulimit -f 1; \"$PROGRAM\" search stale-repopulate.json -q --format html -o o.html");
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.err == "o.html: cannot be written: File too large\n");
  CHECK(folder.names() == std::vector<std::string>{scenario});
}

TEST_CASE("too little memory or too few threads end in a message, and not in a signal") {
  if (test::sanitized) SKIP("sanitizers reserve more memory than there may be");
  const Folder folder;
  folder.write("brief.json", R"({"keys": {"count": 10}, "traffic": {"duration": "1s", "flows":
                                 [{"name": "web", "rate": "10/s", "reads": 0.9}]}})");
  const auto threads =
      shell(folder, "ulimit -v 400000; \"$PROGRAM\" run brief.json --jobs 64 --replicates 64 -q");
  CAPTURE(threads.err);
  CHECK((threads.exit_code == 0 || threads.exit_code == 71));
  folder.write("keys.json", R"({"keys": {"count": 10000000}})");
  const auto memory = shell(folder, "ulimit -v 200000; \"$PROGRAM\" run keys.json -q");
  CHECK(memory.exit_code == 71);
  CHECK(memory.err.starts_with("cacherace: out of memory; use fewer keys"));
}

TEST_CASE("what cannot be read to its end is file trouble") {
  if (!fs::exists("/proc/self/mem")) SKIP("there is no /proc/self/mem");
  const Folder folder;
  for (const std::string command : {"run", "search", "validate", "replay", "report", "shrink"}) {
    const auto outcome = run(folder, {command, "/proc/self/mem"});
    CHECK(outcome.exit_code == 74);
    CHECK(outcome.err == "/proc/self/mem: cannot be read: Input/output error\n");
  }
}

TEST_CASE("no file is read beyond what it may be") {
  const Folder folder;
  const auto small = sparse(folder, "small.json", (1U << 20U) + 1);
  const auto huge = sparse(folder, "huge.json", std::uintmax_t{1} << 40U);
  const std::string says = " is larger than 1 MB, the limit for a scenario file; ";
  for (const auto& name : {small, huge, std::string("/dev/zero")}) {
    const auto outcome = run(folder, {"validate", name});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err == name + ":" + says + "name a scenario file\n");
  }
  CHECK(run(folder, {"replay", huge}).err ==
        "huge.json: is larger than 16 MB, the limit for a counterexample file; name a "
        "counterexample file\n");
  CHECK(run(folder, {"report", huge}).err ==
        "huge.json: is larger than 64 MB, the limit for a result; name a result\n");
  const auto endless = shell(folder, "\"$PROGRAM\" validate - </dev/zero");
  CHECK(endless.exit_code == 2);
  CHECK(endless.err == "stdin:" + says + "name a scenario file\n");
}

TEST_CASE("stdin is read once") {
  const Folder folder;
  const auto outcome = run(folder, {"validate", "-", "-"}, {.input = "{}"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err == "stdin: was already read; give - once, and name files for the others\n");
}

TEST_CASE("a sweep over what is no range, no text or no place is refused") {
  const Folder folder;
  folder.take_scenario(scenario);
  const std::string fix = "; write it like /strategies/NAME/expiry/ttl=1s..300s:log:12\n";
  const std::string nowhere =
      ": the scenario has no such place; give the JSON pointer of a value: "
      "/strategies/NAME/expiry/ttl\n";
  std::string deep;
  for (int i = 0; i < 60'000; ++i) deep += "/a";
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"/a=:1..2", "--sweep /a=:1..2: \"\" is not a range" + fix},
      {"/title=\xff,b", "--sweep /title=\\xff,b: this is not UTF-8 text" + fix},
      {"/race/clients/300000000=1,2", "stale-repopulate.json /race/clients/300000000" + nowhere},
      {"/race/clients/-=1,2", "stale-repopulate.json /race/clients/-" + nowhere},
      {"/race/clients/00/name=a,b", "stale-repopulate.json /race/clients/00/name" + nowhere},
      {"/title/x=1,2", "stale-repopulate.json /title/x" + nowhere},
      {"/a~2=1,2", "stale-repopulate.json /a~2" + nowhere},
      {deep + "=1,2", "stale-repopulate.json " + deep + nowhere},
  };
  for (const auto& [range, says] : wrong) {
    const auto outcome = run(folder, {"sweep", scenario, "--sweep", range});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == says);
  }
}

TEST_CASE("limits and thresholds that are no text are refused") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto limit = run(folder, {"compare", scenario, "--fail-on", "\xff>1"});
  CHECK(limit.exit_code == 2);
  CHECK(limit.err ==
        "--fail-on: expected a metric or property and the values that fail, found \"\\xff>1\"; "
        "write it like 'db_qps_peak>5000'\n");
  const auto threshold = run(folder, {"search", scenario, "--threshold", "/\xff"});
  CHECK(threshold.exit_code == 2);
  CHECK(threshold.err.starts_with("stale-repopulate.json /\\xff: the scenario states no duration"));
}

TEST_CASE("a file name as long as any is written, and a longer one refused before any work") {
  const Folder folder;
  folder.take_scenario(scenario);
  const std::string longest = std::string(250, 'n') + ".json", longer = "n" + longest;
  const auto written = run(folder, {"search", scenario, "-q", "-o", longest});
  CHECK(written.err.empty());
  CHECK(written.exit_code == 0);
  CHECK(folder.names() == std::vector<std::string>{longest, scenario});
  for (const std::string option : {"-o", "--save"}) {
    const auto refused = run(folder, {"search", scenario, option, longer});
    CHECK(refused.exit_code == 74);
    CHECK(refused.out.empty());
    CHECK(refused.err == longer + ": cannot be written: File name too long\n");
  }
}

TEST_CASE("a file name that is empty is refused") {
  const Folder folder;
  folder.take_scenario(scenario);
  for (const std::string option : {"-o", "--save"}) {
    const auto outcome = run(folder, {"search", scenario, option, ""});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find("expected the name of a file, found \"\"\n") != std::string::npos);
  }
  CHECK(run(folder, {"search", ""}).err.starts_with("\"\": neither a file nor "));
}

TEST_CASE("no file is written over another one of the same command") {
  const Folder folder;
  folder.take_scenario(scenario);
  folder.write("x.json", "mine");
  fs::create_symlink("x.json", folder.path() / "link.json");
  fs::create_directory(folder.path() / "sub");
  const std::string read = ": is a file that this command reads; name another file\n";
  struct Clash {
    std::string arguments, says;
  };
  const std::vector<Clash> clashes{
      {"search stale-repopulate.json --save x.json -o ./x.json --force",
       "--save x.json: --output goes to the same file; name two files\n"},
      {"search stale-repopulate.json --save new.json -o sub/../new.json",
       "--save new.json: --output goes to the same file; name two files\n"},
      {"search stale-repopulate.json --save x.json -o link.json --force",
       "--save x.json: --output goes to the same file; name two files\n"},
      {"search stale-repopulate.json --save r.json -o r-2.json",
       "--save r-2.json: --output goes to the same file; name two files\n"},
      {"search stale-repopulate.json --save x.json --force >>x.json",
       "--save x.json: stdout goes to the same file; name two files\n"},
      {"search stale-repopulate.json -o stale-repopulate.json --force",
       "--output stale-repopulate.json" + read},
      {"run stale-repopulate.json -o ./stale-repopulate.json --force",
       "--output ./stale-repopulate.json" + read},
      {"run stale-repopulate.json >>stale-repopulate.json", "stdout" + read},
      {"compare stale-repopulate.json -o stale-repopulate.json --force",
       "--output stale-repopulate.json" + read},
      {"fuzz stale-repopulate.json --save sub -o sub/cache-aside.no-stale-residue.race.json",
       "--save sub/cache-aside.no-stale-residue.race.json: --output goes to the same file; name "
       "two files\n"},
      {"report result.json -o result.json --force", "--output result.json" + read},
      {"replay race.json -o race.json --force", "--output race.json" + read},
      {"replay race.json --scenario stale-repopulate.json -o stale-repopulate.json --force",
       "--output stale-repopulate.json" + read},
      {"shrink race.json --save race.json --force", "--save race.json" + read},
      {"shrink race.json --save s.json -o ./s.json",
       "--save s.json: --output goes to the same file; name two files\n"},
  };
  const auto made =
      run(folder, {"search", scenario, "-q", "--save", "race.json", "-o", "result.json"});
  REQUIRE(made.exit_code == 0);
  const auto before = folder.names();
  for (const auto& [arguments, says] : clashes) {
    const auto outcome = shell(folder, "\"$PROGRAM\" " + arguments);
    CAPTURE(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == says);
  }
  CHECK(folder.names() == before);
  CHECK(folder.read("x.json") == "mine");
}

TEST_CASE("a trace is not written over") {
  const Folder folder;
  folder.write("t.csv", "0,k,3,9,1,get,0\n");
  folder.write("t.json", R"({"traffic": {"duration": "10s", "flows": [{"name": "recorded",
                             "trace": "t.csv", "format": "twitter"}]}})");
  const auto outcome = run(folder, {"run", "t.json", "-o", "t.csv", "--force"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err == "--output t.csv: is a file that this command reads; name another file\n");
}

TEST_CASE("a trace whose name holds a NUL is refused") {
  const Folder folder;
  folder.write("t.json", R"({"traffic": {"duration": "10s", "flows": [{"name": "recorded",
                             "trace": "t.csv\u0000x", "format": "twitter"}]}})");
  folder.write("t.csv", "0,k,3,9,1,get,0\n");
  const auto outcome = run(folder, {"validate", "t.json"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("the name of a file cannot contain \\u0000") != std::string::npos);
}

}  // namespace cacherace::cli_test
