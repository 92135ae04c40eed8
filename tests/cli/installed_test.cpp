// Scenarios that are shipped with the program are found by name, installed or not.

#include <algorithm>
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

TEST_CASE("a shipped scenario can be named without its folder, and is found from any folder") {
  const Installation there;
  for (const std::string name :
       {"recorded-hot-item", "recorded-hot-item.json", "buffered-set", "field/buffered-set",
        "field/buffered-set.json", "scenarios/field/buffered-set.json"}) {
    CAPTURE(name);
    CHECK(there.validate(name).out.starts_with(name + ": valid"));
    // Built and not installed, the program finds the traces in its repository.
    CHECK(run(there.elsewhere, {"validate", name}).out.starts_with(name + ": valid"));
  }
  const auto found = run(there.elsewhere, {"search", "stale-repopulate", "-q"});
  CHECK(found.exit_code == 0);
  CHECK(found.err.empty());
  CHECK(run(there.elsewhere, {"check", "buffered-set"}).exit_code == 0);
}

TEST_CASE("a program without its repository knows the scenarios, but not their traces") {
  const Folder folder;
  fs::copy_file(our_program(), folder.path() / "alone");
  const auto validate = [&](const std::string& name) {
    return run_program(folder, (folder.path() / "alone").string(), {"validate", name});
  };
  CHECK(validate("cdc-lag").out.starts_with("cdc-lag: valid"));
  CHECK(validate("recorded-hot-item").err.find("scenarios/traces/hot-item.csv: cannot be read") !=
        std::string::npos);
}

TEST_CASE("a file or folder of the user's own comes before a shipped scenario of that name") {
  const Folder folder;
  folder.write("cdc-lag", tiny);
  fs::create_directory(folder.path() / "write-through");
  CHECK(run(folder, {"validate", "cdc-lag"}).out.starts_with("cdc-lag: valid; strategies: 1"));
  CHECK(run(folder, {"validate", "write-through"}).err.find("is a directory") != std::string::npos);
}

TEST_CASE("a name of neither comes with the nearest ones") {
  const Folder folder;
  const auto says = [&](const std::string& name) {
    const auto outcome = run(folder, {"validate", name});
    CHECK(outcome.exit_code == 74);
    const std::string start =
        (name.empty() ? "\"\"" : name) + ": neither a file nor a shipped scenario has this name; ";
    CHECK(outcome.err.starts_with(start));
    return outcome.err.substr(std::min(start.size(), outcome.err.size()));
  };
  CHECK(says("stale-repopulat") == "did you mean \"stale-repopulate\"?\n");
  CHECK(says("scenarios/cdc-lga.json") == "did you mean \"cdc-lag\"?\n");
  CHECK(says("two-levels-lost") == "did you mean \"two-levels-lost-message\"?\n");
  CHECK(says("article") == "did you mean \"article-defaults\"?\n");
  CHECK(says("memory-full") ==
        "did you mean \"memory-full-allkeys-lru\" or \"memory-full-volatile-lru\"?\n");
  CHECK(says("/cdc-lag") == "see: cacherace list scenarios\n");  // a path of the user's own
  CHECK(says("zzzzzz") == "see: cacherace list scenarios\n");
  CHECK(says("") == "see: cacherace list scenarios\n");
}

}  // namespace cacherace::cli_test
