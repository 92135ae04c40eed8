// bench: that it measures all of its parts. How fast the machine is, no test asks.

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {

TEST_CASE("bench measures traffic, agenda and search, and its JSON is valid", "[slow]") {
  const Folder folder;
  const auto outcome = run(folder, {"bench", "--quick", "--format", "json"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK(faults("result", outcome.out) == "");
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["kind"] == "bench");
  CHECK(json["complete"] == true);
  CHECK(json["traffic"].size() == 3);
  CHECK(json["agenda"].size() == 3);
  REQUIRE(json["search"].size() == 2);
  CHECK(json["search"][0]["states"] > json["search"][1]["states"]);
}

TEST_CASE("bench takes no file") {
  const Folder folder;
  CHECK(run(folder, {"bench", "scenario.json"}).exit_code == 2);
}

}  // namespace cacherace::cli_test
