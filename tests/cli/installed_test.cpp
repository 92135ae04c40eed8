// An installed program finds the scenarios that were installed with it.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "tests/cli/program.hpp"
#include "tests/support/root.hpp"

namespace cacherace::cli_test {
namespace {

namespace fs = std::filesystem;

constexpr auto tiny = R"({"strategies": {"only": {}}})";

// The program and its scenarios, as an installation has them.
struct Installation {
  Installation() {
    fs::create_directory(folder.path() / "bin");
    fs::copy_file(our_program(), program());
    fs::create_directories(folder.path() / "share/cacherace");
    fs::copy(test::root() / "scenarios", folder.path() / "share/cacherace/scenarios",
             fs::copy_options::recursive);
  }
  std::string program() const { return (folder.path() / "bin/cacherace").string(); }
  Outcome validate(const std::string& path) const {
    return run_program(elsewhere, program(), {"validate", path});
  }

  Folder folder;
  Folder elsewhere;
};

}  // namespace

TEST_CASE("an installed program finds the shipped scenarios and their traces from any folder") {
  const Installation there;
  const auto found = there.validate("scenarios/recorded-hot-item.json");
  CHECK(found.err == "");
  CHECK(found.out.starts_with("scenarios/recorded-hot-item.json: valid; strategies: 2"));

  fs::create_symlink(there.program(), there.elsewhere.path() / "linked");
  CHECK(run_program(there.elsewhere, "./linked", {"validate", "scenarios/cdc-lag.json"}).err == "");
}

TEST_CASE("a file of the user's own comes before an installed one") {
  const Installation there;
  fs::create_directory(there.elsewhere.path() / "scenarios");
  there.elsewhere.write("scenarios/recorded-hot-item.json", tiny);
  const auto found = there.validate("scenarios/recorded-hot-item.json");
  CHECK(found.err == "");
  CHECK(found.out.starts_with("scenarios/recorded-hot-item.json: valid; strategies: 1"));
}

TEST_CASE("what is in neither place is missed under the name that was given") {
  const Installation there;
  CHECK(there.validate("scenarios/no.json").err.starts_with("scenarios/no.json: cannot be read"));
  CHECK(there.validate("/cdc-lag.json").err.starts_with("/cdc-lag.json: cannot be read"));
  CHECK(run(there.elsewhere, {"validate", "scenarios/cdc-lag.json"}).exit_code == 74);
}

}  // namespace cacherace::cli_test
