// Old results in new formats.

#include <catch2/catch_test_macros.hpp>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

TEST_CASE("report writes a saved result as the command would have") {
  const Folder folder;
  folder.take_scenario("stale-repopulate.json");
  const std::vector<std::string> search{"search", "stale-repopulate.json", "--format"};
  const auto as = [&](const std::string& format) {
    auto words = search;
    words.push_back(format);
    return run(folder, words).out;
  };
  folder.write("search.json", as("json"));
  for (const std::string format : {"text", "json", "csv", "markdown", "junit", "html"}) {
    const auto outcome = run(folder, {"report", "search.json", "--format", format});
    CAPTURE(format, outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out == as(format));
  }
}

TEST_CASE("the extension of the output says the format, unless it is named") {
  const Folder folder;
  folder.take_scenario("stale-repopulate.json");
  const auto write = [&](const std::string& file, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"search", "stale-repopulate.json", "-q", "-o", file};
    words.insert(words.end(), more.begin(), more.end());
    CHECK(run(folder, words).exit_code == 0);
    return folder.read(file);
  };
  CHECK(write("a.json").starts_with("{\n  \"cacherace\""));
  CHECK(write("a.csv").starts_with("scenario,digest,"));
  CHECK(write("a.md").starts_with("# Stale repopulate\n"));
  CHECK(write("a.xml").starts_with("<?xml"));
  CHECK(write("a.txt").starts_with("Stale repopulate\n"));
  CHECK(write("a").starts_with("Stale repopulate\n"));
  CHECK(write("b.md", {"--format", "csv"}).starts_with("scenario,digest,"));
}

TEST_CASE("report refuses what is no result, and files that exist") {
  const Folder folder;
  folder.write("bad.json", "{\"cacherace\": \"0.1.0\", \"kind\": \"counterexample\"}");
  folder.write("there.md", "mine");
  const auto bad = run(folder, {"report", "bad.json"});
  CHECK(bad.exit_code == 2);
  CHECK(bad.out.empty());
  CHECK(bad.err.starts_with("bad.json:1:32 /kind: expected a result of search, "));
  CHECK(run(folder, {"report", "none.json"}).exit_code == 74);
  folder.take_scenario("stale-repopulate.json");
  folder.write("run.json",
               run(folder, {"search", "stale-repopulate.json", "--format", "json"}).out);
  CHECK(run(folder, {"report", "run.json", "-o", "there.md"}).exit_code == 74);
  CHECK(folder.read("there.md") == "mine");
  CHECK(run(folder, {"report", "run.json", "-o", "there.md", "--force"}).exit_code == 0);
  CHECK(folder.read("there.md").starts_with("# "));
}

TEST_CASE("report reads a result from another command") {
  const Folder folder;
  folder.take_scenario("stale-repopulate.json");
  const auto json = run(folder, {"search", "stale-repopulate.json", "--format", "json"}).out;
  const auto outcome = run(folder, {"report", "-", "--format", "csv"}, {.input = json});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.starts_with("scenario,digest,"));
}

}  // namespace
}  // namespace cacherace::cli_test
