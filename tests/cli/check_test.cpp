// The command `check`: scenarios as tests.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

const char* as_expected = R"({"title": "As expected", "keys": {"count": 20},
  "traffic": {"duration": "20s", "flows": [{"name": "web", "rate": "50/s", "reads": 0.9}]},
  "expect": {"cache-aside": {"no-stale-residue": "violated", "hit_ratio": ">= 0.1"}}})";
const char* not_as_expected = R"({"title": "Not as expected",
  "expect": {"cache-aside": {"no-stale-residue": "proven"}}})";
const char* nothing_expected = R"({"title": "Nothing expected", "keys": {"count": 20},
  "traffic": {"duration": "2s", "flows": [{"name": "web", "rate": "5/s"}]}})";

class Files : public Folder {
 public:
  Files() {
    std::filesystem::create_directories(path() / "sub");
    std::filesystem::create_directories(path() / "empty");
    write("a.json", as_expected);
    write("sub/b.json", not_as_expected);
    write("sub/notes.txt", "no scenario");
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each scenario is a line, with what is not as expected below it", "[threads]") {
  const Files folder;
  const auto passed = run(folder, {"check", "a.json"});
  CHECK(passed.exit_code == 0);
  CHECK(passed.out.starts_with("ok         a.json: 2 expectations met; 1 search of "));
  CHECK(has(passed.out, "5 × 20 s of traffic under 1 strategy\n1 scenario: 1 ok\n"));

  const auto both = run(folder, {"check", "."});
  CHECK(both.exit_code == 1);
  CHECK(has(both.out, "FAILED     ./sub/b.json: 1 of 1 expectation not met; 1 search of "));
  CHECK(has(both.out,
            "\n           cache-aside no-stale-residue: expected proven, found violated\n"));
  CHECK(has(both.out, "2 scenarios: 1 ok, 1 not as expected\n"));
  CHECK_FALSE(has(both.out, "notes"));
}

TEST_CASE("what a budget leaves open is undecided, and exits with 3") {
  const Files folder;
  const auto open = run(folder, {"check", "sub/b.json", "--states", "2"});
  CHECK(open.exit_code == 3);
  CHECK(open.out.starts_with("undecided  sub/b.json: 1 of 1 expectation undecided"));
}

TEST_CASE("a scenario that makes no sense is named, and the others are checked all the same") {
  const Files folder;
  folder.write("bad.json", "{");
  folder.write("c.json", nothing_expected);
  const auto outcome = run(folder, {"check", "bad.json", "c.json"});
  CHECK(outcome.exit_code == 2);
  CHECK(has(outcome.err, "bad.json:1:2"));
  CHECK(has(outcome.out, "ok         c.json: nothing is expected"));
  CHECK(run(folder, {"check", "missing.json"}).exit_code == 74);
  folder.write("empty/readme.txt", "");
  const auto empty = run(folder, {"check", "empty"});
  CHECK(empty.exit_code == 2);
  CHECK(has(empty.err, "no scenario"));
}

TEST_CASE("a script that goes wrong fails its scenario, and the others are checked all the same") {
  const Files folder;
  folder.write("wrong.lua", "function read(key)\n  return db.fetch(key)\nend\n");
  folder.write("sub/a.json", R"({"strategies": {"ours": {"script": "../wrong.lua"}},
    "race": {"clients": [{"name": "reader", "do": ["read user:7"]}]},
    "expect": {"ours": {"no-stale-residue": "proven"}}})");
  const auto outcome = run(folder, {"check", "."});
  CHECK(outcome.exit_code == 2);
  CHECK(has(outcome.out, "ok         ./a.json: 2 expectations met"));
  CHECK(has(outcome.out, "FAILED     ./sub/a.json: "));
  CHECK(has(outcome.out, "wrong.lua:2: attempt to call a nil value (field 'fetch')\n"));
  CHECK(has(outcome.out, "FAILED     ./sub/b.json: 1 of 1 expectation not met"));
  CHECK(has(outcome.out, "3 scenarios: 1 ok, 1 not as expected, 1 with an error in the script\n"));
  const auto junit = run(folder, {"check", ".", "--format", "junit"});
  CHECK(junit.exit_code == 2);
  CHECK(has(junit.err, "wrong.lua:2: attempt to call a nil value"));
}

TEST_CASE("checks are JUnit for a pipeline") {
  const Files folder;
  const auto outcome = run(folder, {"check", ".", "--format", "junit"});
  CHECK(outcome.exit_code == 1);
  CHECK(has(outcome.out, "<testsuites name=\"cacherace\" tests=\"3\" failures=\"1\" errors=\"0\""));
  CHECK(has(outcome.out, "name=\"cache-aside · hit_ratio\""));
}

}  // namespace cacherace::cli_test
