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

TEST_CASE("a sweep's JSON is valid") {
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
