// A saved counterexample becomes the smallest one, or says why not; nothing is lost on the way.

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* large = R"({"title": "Large", "strategies": {"s": {}}, "race": {"clients": [
  {"name": "reader", "count": 2, "do": ["read k", "read j"]},
  {"name": "writer", "count": 2, "do": ["write k"]}], "faults": {"crash": 1, "evict": 1}}})";

/// A folder with a large counterexample in it: large.json.
class Large : public Folder {
 public:
  Large() {
    write("race.json", large);
    const auto found = run(*this, {"search", "race.json", "--property", "no-stale-residue",
                                   "--no-shrink", "--save", "large.json"});
    REQUIRE(found.exit_code == 1);
    REQUIRE(found.out.find("\n  contains 1 crash, which may or may not be needed\n") !=
            std::string::npos);
  }
};

bool has(const Outcome& outcome, const std::string& line) {
  return outcome.out.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("shrink writes the smallest counterexample, and that replays") {
  const Large folder;
  const auto shrunk = run(folder, {"shrink", "large.json", "--save", "small.json"});
  CHECK(shrunk.exit_code == 0);
  CHECK(shrunk.err.empty());
  CHECK(has(shrunk, "  before: 4 clients, 6 operations, 1 fault, 12 steps, 8 context switches"));
  CHECK(has(shrunk, "  after:  2 clients, 2 operations, 5 steps, 2 context switches"));
  CHECK(has(shrunk, "  replay it: cacherace replay small.json"));
  CHECK(faults("counterexample", folder.read("small.json")) == "");
  CHECK(run(folder, {"replay", "small.json"}).exit_code == 0);

  const auto again = run(folder, {"shrink", "small.json", "--format", "json"});
  CHECK(again.exit_code == 0);
  CHECK(faults("result", again.out) == "");
  const auto json = Json::parse(again.out);
  CHECK(json["before"] == json["after"]);
  CHECK(json["violated"] == true);
  CHECK(json["counterexample"]["minimal"] == true);
  CHECK_FALSE(json.contains("divergence"));
}

TEST_CASE("the smallest counterexample is the one that the search finds itself") {
  const Large folder;
  REQUIRE(
      run(folder, {"search", "race.json", "--property", "no-stale-residue", "--save", "found.json"})
          .exit_code == 1);
  REQUIRE(run(folder, {"search", "race.json", "--property", "no-stale-residue", "--mode", "random",
                       "--no-shrink", "--save", "drawn.json"})
              .exit_code == 1);
  for (const std::string from : {"large.json", "drawn.json"}) {
    REQUIRE(run(folder, {"shrink", from, "--save", "small.json", "--force"}).exit_code == 0);
    CHECK(folder.read("small.json") == folder.read("found.json"));
  }
}

TEST_CASE("shrink overwrites nothing unless forced") {
  const Large folder;
  folder.write("mine.json", "mine");
  for (const std::string flag : {"--save", "-o"}) {
    const auto refused = run(folder, {"shrink", "large.json", flag, "mine.json"});
    CHECK(refused.exit_code == 74);
    CHECK(refused.out.empty());
    CHECK(folder.read("mine.json") == "mine");
  }
  CHECK(run(folder, {"shrink", "large.json", "--save", "x", "-o", "x"}).exit_code == 2);
  CHECK(run(folder, {"shrink", "no.json"}).exit_code == 74);
  CHECK(run(folder, {"shrink", "race.json"}).exit_code == 2);
}

TEST_CASE("what is no longer violated is not shrunk, and nothing is written") {
  const Large folder;
  folder.write("other.json", R"({"strategies": {"s": {"load": "lease", "fill": "lease-set"}}})");
  const auto cured = run(folder, {"shrink", "large.json", "--scenario", "other.json", "--save",
                                  "small.json", "--format", "json"});
  CHECK(cured.exit_code == 4);
  CHECK(faults("result", cured.out) == "");
  const auto json = Json::parse(cured.out);
  CHECK(json["violated"] == false);
  CHECK(json["divergence"]["step"] == 1);
  CHECK(folder.names() == std::vector<std::string>{"large.json", "other.json", "race.json"});

  folder.write("other.json", R"({"strategies": {"s": {"write": "delete-before"}}})");
  const auto still =
      run(folder, {"shrink", "large.json", "--scenario", "other.json", "--save", "small.json"});
  CHECK(still.exit_code == 0);
  CHECK(still.out.find("\n  diverged: step ") != std::string::npos);
  CHECK(run(folder, {"replay", "small.json"}).exit_code == 0);
}

TEST_CASE("a budget that ends at once leaves the counterexample as it is") {
  const Large folder;
  for (const std::vector<std::string>& budget :
       {std::vector<std::string>{"--states", "1"}, {"--time-limit", "1us"}, {"--memory", "1b"}}) {
    CAPTURE(budget);
    auto arguments =
        std::vector<std::string>{"shrink", "large.json", "--save", "small.json", "--force"};
    arguments.insert(arguments.end(), budget.begin(), budget.end());
    const auto shrunk = run(folder, arguments);
    CHECK(shrunk.exit_code == 0);
    CHECK(has(shrunk, "  after:  the same (a smaller one may exist)"));
    CHECK(run(folder, {"replay", "small.json"}).exit_code == 0);
  }
}

TEST_CASE("a timed counterexample is shrunk for as long as it is as bad") {
  const Folder folder;
  folder.write("timed.json", R"({"cache": {"latency": "1ms"}, "database": {"read": "4ms..9ms",
    "write": "4ms"}, "strategies": {"s": {"expiry": {"ttl": "10s"}}}, "race": {"timing":
    "latencies", "clients": [{"name": "reader", "count": 2, "do": ["read k", "read k"]},
    {"name": "writer", "do": ["write k"]}]}, "expect": {"s": {"staleness": "<= 1s"}}})");
  REQUIRE(run(folder, {"search", "timed.json", "--no-shrink", "--save", "large.json"}).exit_code ==
          1);
  const auto shrunk = run(folder, {"shrink", "large.json", "--save", "small.json"});
  CHECK(shrunk.exit_code == 0);
  const auto worst = [&](const std::string& file) {
    const auto says = Json::parse(folder.read(file))["says"].get<std::string>();
    return says.substr(says.find(", which"));
  };
  CHECK(worst("small.json").find("10.009 s before") != std::string::npos);
  CHECK(worst("large.json").find("10.009 s before") != std::string::npos);
  CHECK(Json::parse(folder.read("small.json"))["clients"].size() == 2);
  CHECK(run(folder, {"replay", "small.json"}).exit_code == 0);
}

TEST_CASE("an interrupted shrink keeps the smallest so far and says that it is incomplete") {
  const Folder folder;
  // Seven readers are needed, and all parts of the race with six operations are tried before.
  folder.write("race.json", R"({"race": {"clients": [
    {"name": "a", "do": ["read k", "write j"]}, {"name": "b", "do": ["write j", "read k"]},
    {"name": "c", "do": ["read k", "read i"]}, {"name": "d", "do": ["read i", "read k"]},
    {"name": "e", "do": ["read k", "read h"]}, {"name": "f", "do": ["write i", "read k"]},
    {"name": "g", "do": ["read k", "read j"]}]},
    "expect": {"cache-aside": {"loads-in-flight": "<= 6"}}})");
  REQUIRE(run(folder, {"search", "race.json", "--strategy", "cache-aside", "--mode", "random",
                       "--no-shrink", "--save", "large.json"})
              .exit_code == 1);
  Program program(folder, {"shrink", "large.json", "--save", "small.json", "--format", "json"},
                  {.terminal = true});
  program.wait_for_progress(0);
  program.send(SIGINT);
  const auto outcome = program.finish();
  CHECK(outcome.exit_code == 130);
  CHECK(faults("result", outcome.out) == "");
  CHECK(Json::parse(outcome.out)["complete"] == false);
  CHECK(run(folder, {"replay", "small.json"}).exit_code == 0);
}

}  // namespace cacherace::cli_test
