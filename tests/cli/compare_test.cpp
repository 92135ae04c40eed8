// compare: one answer from search and traffic, and exit codes that a pipeline can use.

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

constexpr const char* tiny = "tiny.json";

class Tiny : public Folder {
 public:
  Tiny() {
    write(tiny, R"({"title": "Tiny", "keys": {"count": 20},
      "strategies": {"cache-aside": {}, "ttl 5s": {"expiry": {"ttl": "5s"}}},
      "traffic": {"duration": "1min", "flows": [{"name": "web", "rate": "50/s", "reads": 0.9}]},
      "expect": {"*": {"no-stale-residue": "violated", "heals": "proven"}}})");
  }
};

}  // namespace

TEST_CASE("a comparison's JSON is valid, and the same bytes again") {
  const Tiny folder;
  const std::vector<std::string> arguments{"compare", tiny, "--format", "json", "--jobs", "1"};
  const auto outcome = run(folder, arguments);
  CHECK(outcome.exit_code == 1);  // nothing heals without a TTL
  CHECK(outcome.err.empty());
  CHECK(faults("result", outcome.out) == "");
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["recommendation"]["strategy"] == "ttl 5s");
  CHECK(json["baseline"] == "cache-aside");
  CHECK(json["results"][1]["properties"].size() == 2);
  CHECK(json["results"][1]["metrics"]["hit_ratio"]["mean"] > 0.1);
  auto two_jobs = arguments;
  two_jobs.back() = "2";
  CHECK(run(folder, two_jobs).out == outcome.out);
}

TEST_CASE("a comparison answers first, and says why not the others") {
  const Tiny folder;
  const auto text = run(folder, {"compare", tiny}).out;
  CHECK(text.find("Take \"ttl 5s\": it meets its budget (heals proven)") != std::string::npos);
  CHECK(text.find("Why not the others\n  cache-aside  heals is violated, not proven\n") !=
        std::string::npos);
}

TEST_CASE("a pipeline fails where a limit is crossed") {
  const Tiny folder;
  const auto compared = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"compare", tiny, "--strategy", "ttl 5s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(folder, arguments);
  };
  CHECK(compared({}).exit_code == 0);
  CHECK(compared({"--fail-on", "db_qps_peak>5000"}).exit_code == 0);
  CHECK(compared({"--fail-on", "db_qps_peak>5000", "--fail-on", "hit_ratio<99.9%"}).exit_code == 1);
  const auto wrong = compared({"--fail-on", "db_qps_peek>5"});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.err.find("did you mean \"db_qps_peak\"") != std::string::npos);
  CHECK(compared({"--baseline", "none"}).exit_code == 2);
}

}  // namespace cacherace::cli_test
