// sweep: curves over a setting, as JSON and as a table.

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

class Tiny : public Folder {
 public:
  Tiny() {
    write("tiny.json", R"({"keys": {"count": 20}, "strategies": {"ttl": {"expiry": {"ttl": "5s"}}},
      "traffic": {"duration": "1min", "flows": [{"name": "web", "rate": "50/s", "reads": 0.9}]}})");
  }

  Outcome swept(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"sweep", "tiny.json", "--replicates", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(*this, arguments);
  }
};

const std::string ttl = "/strategies/ttl/expiry/ttl=1s..16s:log:5";

}  // namespace

TEST_CASE("a sweep's JSON is valid", "[threads]") {
  const Tiny folder;
  const auto outcome = folder.swept({"--sweep", ttl, "--format", "json"});
  CHECK(outcome.exit_code == 0);
  CHECK(faults("result", outcome.out) == "");
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["axes"][0]["numbers"][4] == 16'000'000);
  CHECK(json["points"].size() == 5);
}

TEST_CASE("a sweep shows a line for each value") {
  const Tiny folder;
  const auto text = folder.swept({"--sweep", ttl, "--metric", "hit_ratio"}).out;
  CHECK(text.find("sweep of /strategies/ttl/expiry/ttl\n\nttl\n") != std::string::npos);
  for (const char* value : {"\n   1s ", "\n   2s ", "\n   4s ", "\n   8s ", "\n  16s "})
    CHECK(text.find(value) != std::string::npos);
}

TEST_CASE("a sweep says once what run says of the same scenario, and at which values") {
  const Tiny folder;
  std::string requests;
  for (int i = 0; i < 3000; ++i)
    requests += std::to_string(i / 1000) + ",k" + std::to_string(i % 50) + ",3,9,1,get,0\n";
  folder.write("a.csv", requests);
  folder.write("recorded.json", R"({"keys": {"count": 100}, "expect": {"*": {"hit_ratio": "== 1"}},
    "traffic": {"duration": "2s", "flows": [{"name": "recorded", "trace": "a.csv",
    "format": "twitter", "rows": "hashed"}]}})");
  const auto notes = [&](const std::string& range) {
    const auto outcome = run(folder, {"sweep", "recorded.json", "--sweep", range, "--replicates",
                                      "1", "--format", "json"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    auto all = nlohmann::json::parse(outcome.out)["notes"].get<std::vector<std::string>>();
    std::erase_if(all, [](const std::string& note) {
      return note.find("recorded: ") == note.npos;  // about the figures, not about the trace
    });
    return all;
  };
  const auto once = notes("/cache/latency=1ms,2ms");
  REQUIRE(once.size() == 1);
  CHECK(once[0].starts_with("recorded: a hash of each key picks its row: "));
  const auto longer = notes("/traffic/duration=2s,60s");
  REQUIRE(longer.size() == 2);
  CHECK(longer[0] == once[0]);
  CHECK(longer[1].starts_with("at 60s: recorded: the trace ends after 3000 requests"));
}

TEST_CASE("limits of a sweep hold at every value, or say at which they do not", "[threads]") {
  const Tiny folder;
  const auto swept = [&](const std::string& limit) {
    return folder.swept({"--sweep", ttl, "--fail-on", limit});
  };
  const auto kept = swept("hit_ratio<1%");
  CHECK(kept.exit_code == 0);
  CHECK(kept.out.find("met  ttl  hit_ratio  expected >= 1 %  found kept at every value\n") !=
        kept.out.npos);
  const auto missed = swept("hit_ratio<99.9%");  // the shortest TTL has the fewest hits
  CHECK(missed.exit_code == 1);
  CHECK(missed.out.find("NOT MET  ttl  hit_ratio  expected >= 99.9 %  found ") != missed.out.npos);
  CHECK(missed.out.find(" % at 1s\n") != missed.out.npos);
  CHECK(swept("goal").err.find("the scenario states no goal") != std::string::npos);
  CHECK(swept("hit_ration<1%").err.find("did you mean \"hit_ratio\"?") != std::string::npos);

  const auto json = folder.swept(
      {"--sweep", ttl, "--fail-on", "hit_ratio<99.9%", "--format", "json", "-o", "s.json"});
  CHECK(json.exit_code == 1);
  CHECK(faults("result", folder.read("s.json")) == "");
  CHECK(run(folder, {"report", "s.json"}).out == missed.out);
}

TEST_CASE("a sweep judges nothing that its scenario expects") {
  const Folder folder;
  folder.write("s.json", R"({"keys": {"count": 20}, "expect": {"*": {"hit_ratio": ">= 99.99%"}},
    "traffic": {"duration": "10s", "flows": [{"name": "web", "rate": "50/s", "reads": 0.9}]}})");
  const auto outcome = run(folder, {"sweep", "s.json", "--sweep", "/cache/latency=1ms,2ms",
                                    "--replicates", "1", "--fail-on", "db_qps_peak>1000000"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("99.99") == std::string::npos);
}

TEST_CASE("a sweep without a range, with a bad one or of nothing is refused") {
  const Tiny folder;
  CHECK(folder.swept({}).exit_code == 2);
  CHECK(folder.swept({"--sweep", "ttl=1s..2s"}).exit_code == 2);
  const auto nowhere = folder.swept({"--sweep", "/strategies/ttl/expiry/tll=1s,2s"});
  CHECK(nowhere.exit_code == 2);
  CHECK(nowhere.err.find("did you mean \"ttl\"?") != std::string::npos);
  CHECK(folder.swept({"--sweep", ttl, "--metric", "hit_rate"}).exit_code == 2);
}

}  // namespace cacherace::cli_test
