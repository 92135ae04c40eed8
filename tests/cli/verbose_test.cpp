// --verbose tells of the work on stderr, and changes nothing else.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

constexpr const char* file = "small.json";

class Small : public Folder {
 public:
  Small() {
    write(file, R"({"keys": {"count": 20}, "strategies": {"plain": {}, "leased": {"load": "lease"}},
      "race": {"clients": [{"name": "reader", "count": 2, "do": ["read k"]},
                           {"name": "writer", "do": ["write k"]}]},
      "traffic": {"duration": "30s", "flows": [{"name": "web", "rate": "50/s", "reads": 0.9}]}})");
  }

  Outcome ran(const std::vector<std::string>& words, const std::string& more = "") const {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.begin() + 1, file);
    if (!more.empty()) arguments.push_back(more);
    return run(*this, arguments);
  }
};

}  // namespace

TEST_CASE(
    "a long command tells with --verbose what each part of the work came to, and leaves the result "
    "as it is") {
  const Small folder;
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands{
      {{"search"}, "\nplain no-stale-residue: violated, "},
      {{"search", "--count"}, "; no reduction; "},
      {{"run", "--replicates", "2"}, "\nplain, seed 2: "},
      {{"compare", "--replicates", "1"}, "\nleased, seed 1: "},
      {{"fuzz", "--cases", "3"}, "\nrace 1 of "},
      {{"sweep", "--sweep", "/keys/count=10,20", "--replicates", "1"}, "\n20: plain, seed 1: "},
  };
  for (const auto& [words, told] : commands) {
    CAPTURE(words.front());
    const auto quiet = folder.ran(words, "--quiet");
    const auto verbose = folder.ran(words, "--verbose");
    CHECK(verbose.out == quiet.out);
    CHECK(verbose.exit_code == quiet.exit_code);
    CHECK(quiet.err.empty());
    CHECK(verbose.err.starts_with("small.json: read; strategies: 2, keys: 20, seed: 1, digest: "));
    CHECK(verbose.err.find(told) != std::string::npos);
  }
}

TEST_CASE("a search says with --verbose why alike clients are told apart") {
  const Small folder;
  const auto told = [&](const std::vector<std::string>& words) {
    return folder.ran(words, "-v").err;
  };
  const auto searched = told({"search", "--property", "no-stale-residue"});
  CHECK(searched.find("; identical clients are interchangeable; ") != std::string::npos);
  CHECK(searched.find("; identical clients are kept apart: locks and leases name them; ") !=
        std::string::npos);
  CHECK(told({"search", "--reduction", "states"}).find("kept apart: as requested; ") !=
        std::string::npos);
  CHECK(told({"search", "--property", "staleness"}).find("kept apart: each has its own clock; ") !=
        std::string::npos);
}

TEST_CASE("no command takes both --quiet and --verbose") {
  const Small folder;
  for (const std::string command : {"search", "fuzz", "run", "compare", "sweep"}) {
    const auto both = folder.ran({command, "-q", "-v"});
    CHECK(both.exit_code == 2);
    CHECK(both.out.empty());
    CHECK(both.err.starts_with("--quiet excludes --verbose"));
  }
}

}  // namespace cacherace::cli_test
