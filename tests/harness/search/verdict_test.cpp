// What a test shows when it finds another verdict than it expects.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sim/harness/counterexample/replay.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

// The content of the file that the message tells to give to this command.
std::string given_to(const std::string& command, const std::string& message) {
  const auto at = message.find(command + " ");
  REQUIRE(at != std::string::npos);
  const auto from = at + command.size() + 1;
  std::ifstream file(message.substr(from, message.find_first_of(" \n", from) - from));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("an unexpected violation is shown with its interleaving, its scenario and the commands") {
  const auto found = search_for(R"({"clients": [
      {"name": "reader", "do": ["read user:7"]}, {"name": "writer", "do": ["write user:7"]}]})",
                                "no-stale-residue");
  const auto message = test::explain("proven", verdict_in(found), evidence_of(found));
  INFO(message);
  CHECK(message.starts_with("expected: proven\nfound:    violated\n"));
  for (const char* shown : {"reader-1", "set user:7", "step 5", "--property no-stale-residue"})
    CHECK(message.find(shown) != std::string::npos);

  const auto again = load(given_to("cacherace search", message));
  CHECK(again.json == found.scenario.json);
  CHECK(message.find(again.json) != std::string::npos);
  const auto replayed = replay(given_to("cacherace replay", message), "saved.json", nullptr, 1);
  REQUIRE(replayed.has_value());
  CHECK_FALSE(replayed->divergence);
}

TEST_CASE("a violation that is missing is shown with its scenario") {
  const auto found = search_for(R"({"clients": [{"name": "writer", "do": ["write user:7"]}]})",
                                "no-stale-residue");
  const auto message = test::explain("violated", verdict_in(found), evidence_of(found));
  INFO(message);
  CHECK(load(given_to("cacherace search", message)).json == found.scenario.json);
  CHECK(message.find("cacherace replay") == std::string::npos);
}

}  // namespace
}  // namespace cacherace::harness
