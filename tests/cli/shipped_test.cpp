// Every shipped scenario shows what it says it shows.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"
#include "tests/support/root.hpp"

namespace cacherace::cli_test {
namespace {

namespace fs = std::filesystem;

// Those that state a `section` of their own.
std::vector<fs::path> shipped_with(const std::string& section) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(test::root() / "scenarios")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (text.find("\n  \"" + section + "\"") != std::string::npos) found.push_back(entry.path());
  }
  return found;
}

void check_met(const std::string& command, const fs::path& path) {
  const Folder folder;
  const auto outcome = run(folder, {command, path.string(), "--format", "json"});
  INFO("cacherace " << command << " " << path.string());
  CHECK(outcome.err == "");
  if (outcome.exit_code != 0)
    FAIL_CHECK("exit code " << outcome.exit_code << "; for people it prints:\n"
                            << run(folder, {command, path.string()}).out);
  CHECK(faults("result", outcome.out) == "");
}

TEST_CASE("every shipped scenario has a race or traffic") {
  std::set<fs::path> all;
  for (const std::string section : {"race", "traffic"})
    for (const auto& path : shipped_with(section)) all.insert(path);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(test::root() / "scenarios"))
    files += entry.path().extension() == ".json";
  CHECK(files == all.size());
}

TEST_CASE("every shipped race meets what it expects") {
  const auto races = shipped_with("race");
  CHECK(races.size() > 20);
  for (const auto& path : races) check_met("search", path);
}

TEST_CASE("every counterexample of the shipped races replays") {
  std::size_t replayed = 0;
  for (const auto& path : shipped_with("race")) {
    const Folder folder;
    run(folder, {"search", path.string(), "--save", "race.json", "--quiet"});
    for (const auto& name : folder.names()) {
      const auto outcome = run(folder, {"replay", name});
      CAPTURE(path.filename().string(), name, outcome.out, outcome.err);
      CHECK(outcome.exit_code == 0);
      CHECK(faults("counterexample", folder.read(name)) == "");
      ++replayed;
    }
  }
  CHECK(replayed > 100);
}

TEST_CASE("all shipped traffic meets what it expects", "[slow]") {
  const auto traffic = shipped_with("traffic");
  CHECK(traffic.size() > 20);
  for (const auto& path : traffic) check_met("run", path);
}

}  // namespace
}  // namespace cacherace::cli_test
