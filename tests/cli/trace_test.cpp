// Traces as users meet them: found beside the scenario, checked early, and never delivered wrong.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

std::string replaying(const std::string& trace) {
  return R"({"keys": {"count": 100}, "traffic": {"duration": "10s", "flows": [{"name": "recorded",
             "trace": ")" +
         trace + R"(", "format": "twitter"}]}})";
}

std::string requests(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += std::to_string(i / 1000) + ",k" + std::to_string(i % 50) + ",3,9,1,get,0\n";
  return lines;
}

}  // namespace

TEST_CASE("a trace is found beside its scenario, whatever the folder, and under its full name") {
  const Folder folder;
  std::filesystem::create_directory(folder.path() / "sub");
  folder.write("sub/a.csv", requests(2000));
  folder.write("sub/near.json", replaying("a.csv"));
  folder.write("far.json", replaying((folder.path() / "sub/a.csv").string()));
  for (const std::string file : {"sub/near.json", "far.json"}) {
    const auto outcome = run(folder, {"run", file, "--format", "json"});
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(faults("result", outcome.out) == "");
    CHECK(outcome.out.find("recorded: the trace ends after 2000 requests and 2 s, before") !=
          std::string::npos);
    CHECK(run(folder, {"validate", file}).exit_code == 0);
  }
}

TEST_CASE("a trace that is missing or malformed is said before anything is simulated") {
  const Folder folder;
  folder.write("missing.json", replaying("none.csv"));
  folder.write("bad.json", replaying("bad.csv"));
  folder.write("bad.csv", requests(2) + "0,k,3,9,1\n");
  for (const std::string command : {"validate", "run", "compare"}) {
    const auto missing = run(folder, {command, "missing.json"});
    CHECK(missing.exit_code == 74);
    CHECK(missing.out.empty());
    CHECK(missing.err ==
          "none.csv: cannot be read: No such file or directory; a relative path of a trace "
          "starts at the folder of the scenario file\n");
    const auto bad = run(folder, {command, "bad.json"});
    CHECK(bad.exit_code == 2);
    CHECK(bad.out.empty());
    CHECK(bad.err.starts_with("bad.csv:3:1: expected seven fields, found \"0,k,3,9,1\"; "));
  }
  CHECK(run(folder, {"search", "missing.json", "--property", "no-stale-residue"}).exit_code == 1);
}

TEST_CASE("a trace that breaks in mid-run ends it, and nothing is delivered", "[threads]") {
  const Folder folder;
  folder.write("late.json", replaying("late.csv"));
  folder.write("late.csv", requests(5000) + "2,k,3,9,1,get,0\n");
  CHECK(run(folder, {"validate", "late.json"}).exit_code == 0);
  for (const std::string jobs : {"1", "2"}) {
    const auto outcome = run(folder, {"run", "late.json", "--jobs", jobs, "-o", "out.txt"});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err ==
          "late.csv:5001:1: time goes backwards: from second 4 to 2; sort the trace by its "
          "timestamps\n");
    CHECK_FALSE(std::filesystem::exists(folder.path() / "out.txt"));
  }
}

TEST_CASE("of several scenarios, one whose trace breaks in mid-run is left out", "[threads]") {
  const Folder folder;
  folder.write("late.json", replaying("late.csv"));
  folder.write("late.csv", requests(5000) + "2,k,3,9,1,get,0\n");
  folder.write("right.json", replaying("right.csv"));
  folder.write("right.csv", requests(5000));
  const auto outcome = run(folder, {"compare", "late.json", "right.json"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.starts_with("late.csv:5001:1: time goes backwards"));
  CHECK(outcome.out.starts_with("1 scenario compared\nincomplete: "));
}

}  // namespace cacherace::cli_test
