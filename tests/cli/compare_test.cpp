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
      "goal": {"heals": "proven"},
      "expect": {"*": {"no-stale-residue": "violated", "heals": "proven"}}})");
  }
};

}  // namespace

TEST_CASE("a comparison's JSON is valid, and the same bytes again", "[threads]") {
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
  CHECK(text.find("Take \"ttl 5s\": it is the only strategy that meets the goal, with") !=
        std::string::npos);
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

namespace {

constexpr const char* other = "other.json";
constexpr const char* incomplete = "\nincomplete: not every scenario was compared\n";

class Two : public Tiny {
 public:
  Two() {
    write(other, R"({"title": "Other", "keys": {"count": 30},
      "strategies": {"plain": {}},
      "traffic": {"duration": "1min", "flows": [{"name": "web", "rate": "40/s", "reads": 0.9}]},
      "expect": {"*": {"hit_ratio": ">= 1%"}}})");
  }
};

}  // namespace

TEST_CASE("several scenarios make one report, each as it would stand alone", "[threads]") {
  const Two folder;
  const auto outcome = run(folder, {"compare", tiny, other, "--format", "json", "--jobs", "1"});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err.empty());
  CHECK(faults("result", outcome.out) == "");
  const auto json = nlohmann::ordered_json::parse(outcome.out);
  CHECK(json["complete"] == true);
  REQUIRE(json["comparisons"].size() == 2);
  for (const auto& [index, file] :
       {std::pair{std::size_t{0}, tiny}, std::pair{std::size_t{1}, other}}) {
    const auto alone = run(folder, {"compare", file, "--format", "json"});
    CHECK(json["comparisons"][index].dump(2) + "\n" == alone.out);
  }
  CHECK(run(folder, {"compare", tiny, other, "--format", "json", "--jobs", "2"}).out ==
        outcome.out);
  folder.write("both.json", outcome.out);
  for (const std::string format : {"text", "json", "csv", "markdown", "junit", "html"}) {
    CAPTURE(format);
    const auto report = run(folder, {"report", "both.json", "--format", format});
    CHECK(report.exit_code == 0);
    CHECK(report.out == run(folder, {"compare", tiny, other, "--format", format}).out);
  }
}

TEST_CASE("the report of several scenarios begins with what to take for each") {
  const Two folder;
  const auto text = run(folder, {"compare", tiny, other}).out;
  CHECK(text.starts_with("2 scenarios compared\n\n     scenario  take    db_qps_peak"));
  CHECK(text.find("\n  1  Tiny      ttl 5s ") != std::string::npos);
  CHECK(text.find("  1 of 4 not met\n  2  Other     plain ") != std::string::npos);
  CHECK(text.find("── 2 of 2 ──") != std::string::npos);
  folder.write("strict.json", R"({"title": "Strict", "keys": {"count": 20},
    "traffic": {"duration": "20s", "flows": [{"name": "web", "rate": "50/s"}]},
    "goal": {"hit_ratio": ">= 99.9%"}})");
  const auto none = run(folder, {"compare", tiny, "strict.json"});
  CHECK(none.out.find("  2  Strict    (none meets the goal) ") != std::string::npos);
  const auto crossed = run(folder, {"compare", tiny, other, "--fail-on", "hit_ratio<99.9%"});
  CHECK(crossed.exit_code == 1);
}

TEST_CASE("a file that makes no sense is named, and the others are compared") {
  const Two folder;
  folder.write("broken.json", "{\"title\": }");
  const auto outcome = run(folder, {"compare", other, "broken.json", "none.json"});
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.err.starts_with("broken.json:1:11"));
  CHECK(outcome.err.find("\nnone.json: neither a file nor ") != std::string::npos);
  CHECK(outcome.out.starts_with(std::string("1 scenario compared") + incomplete));
  CHECK(outcome.out.find("── 1 of 1 ──") != std::string::npos);
  const auto nothing = run(folder, {"compare", "broken.json", "broken.json", "-o", "out.json"});
  CHECK(nothing.exit_code == 2);
  CHECK(nothing.out.empty());
  CHECK(folder.names() == std::vector<std::string>{"broken.json", other, tiny});
}

TEST_CASE("options hold for each scenario, and what is wrong with them is said once") {
  const Two folder;
  const auto wrong = run(folder, {"compare", tiny, other, "--fail-on", "db_qps_peek>5"});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.out.empty());
  CHECK(wrong.err.find("db_qps_peek") == wrong.err.rfind("/db_qps_peek") + 1);
  const auto unknown = run(folder, {"compare", tiny, other, "--strategy", "ttl 5s"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err.starts_with("other.json /strategies: there is no strategy \"ttl 5s\""));
  CHECK(unknown.out.starts_with(std::string("1 scenario compared") + incomplete));
}

}  // namespace cacherace::cli_test
