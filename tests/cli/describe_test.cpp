// What the program prints of what it knows: list and describe.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/support/root.hpp"

namespace cacherace::cli_test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Runs the program, which must be content.
std::string printed(const std::vector<std::string>& arguments, const Setting& setting = {}) {
  const Folder folder;
  const auto outcome = run(folder, arguments, setting);
  CAPTURE(arguments);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return outcome.out;
}

}  // namespace

TEST_CASE("list prints each name with what it means") {
  const auto strategies = printed({"list", "strategies"});
  CHECK(contains(strategies, "write: how a write keeps the cache in step\n  delete-after  "));
  CHECK(contains(strategies, "\n\nguards: "));
  CHECK(contains(printed({"list", "properties"}), "  no-stale-residue   when every client"));
  CHECK(contains(printed({"list", "metrics"}), "  hit_ratio  "));
  CHECK(contains(printed({"list", "scenarios"}), "  stale-repopulate  "));
  CHECK(contains(printed({"list", "failure-modes"}), "  stampede  "));
}

TEST_CASE("list refuses what cannot be listed, with what can") {
  const Folder folder;
  const auto outcome = run(folder, {"list", "races"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err ==
        "WHAT: expected strategies|scenarios|properties|metrics|failure-modes, found \"races\"\n"
        "Run with --help for more information.\n");
  for (const auto& [said, meant] : {std::pair<std::string, std::string>{"metric", "metrics"},
                                    {"Property", "properties"},
                                    {"strategy", "strategies"},
                                    {"failure-mode", "failure-modes"}})
    CHECK(contains(run(folder, {"list", said}).err, "did you mean \"" + meant + "\"?\n"));
}

TEST_CASE("scenarios are listed as Markdown too: the index beside them") {
  CHECK(printed({"list", "scenarios", "--format", "markdown"}) ==
        test::content_of("scenarios/README.md"));
  const Folder folder;
  const auto refused = run(folder, {"list", "properties", "--format", "markdown"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.empty());
  CHECK(refused.err ==
        "cacherace: only strategies, scenarios and metrics are listed as Markdown\n");
}

TEST_CASE("describe explains a choice: steps, options, what it removes and leaves, and sources") {
  const auto text = printed({"describe", "double-delete"});
  CHECK(text.starts_with("double-delete  choice of the slot write\nDeletes twice"));
  std::size_t from = 0;
  for (const std::string heading :
       {"Steps", "Options", "Removes", "Remains", "Sources", "A scenario with it"}) {
    const auto at = text.find("\n" + heading + "\n", from);
    CAPTURE(heading);
    REQUIRE(at != std::string::npos);
    from = at;
  }
  CHECK(contains(text, "  # window: "));
}

TEST_CASE("the scenario that describe shows can be pasted into a file") {
  const Folder folder;
  const auto text = printed({"describe", "delete-before"});
  folder.write("pasted.json", text.substr(text.find("\n  {\n")));
  const auto found = run(folder, {"search", "pasted.json"});
  CHECK(found.exit_code == 0);
  CHECK(contains(found.out, "no-stale-residue  violated"));
}

TEST_CASE("describe explains several names, of any kind, in their order") {
  const auto text =
      printed({"describe", "hit_ratio", "no-stale-residue", "ttl-backstop", "stampede", "fill"});
  std::size_t from = 0;
  for (const std::string start :
       {"hit_ratio  metric of a run", "no-stale-residue  property of a search",
        "ttl-backstop  scenario, scenarios/ttl-backstop.json", "stampede  failure mode",
        "fill  slot of a strategy"}) {
    CAPTURE(start);
    const auto at = from == 0 ? text.find(start) : text.find("\n\n\n" + start, from);
    REQUIRE(at != std::string::npos);
    from = at + 1;
  }
  CHECK(contains(text, "\n  cacherace search scenarios/ttl-backstop.json\n"));
}

TEST_CASE("a name of two slots is described in both") {
  const auto text = printed({"describe", "none"});
  CHECK(text.starts_with("none  choice of the slot write\n"));
  CHECK(contains(text, "\n\n\nnone  choice of the slot expiry\n"));
}

TEST_CASE("every unknown name is refused, with the nearest one, and nothing is printed") {
  const Folder folder;
  const auto outcome = run(folder, {"describe", "single-fligth", "lease", "zzzzzz", "hit_ration"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err ==
        "cacherace: unknown name \"single-fligth\"; did you mean \"single-flight\"?\n"
        "cacherace: unknown name \"zzzzzz\"; see: cacherace list\n"
        "cacherace: unknown name \"hit_ration\"; did you mean \"hit_ratio\"?\n");
}

TEST_CASE("without a name, list and describe say what can be listed") {
  const auto text = printed({"list"});
  for (const std::string what :
       {"strategies", "scenarios", "properties", "metrics", "failure-modes"})
    CHECK(contains(text, "\n  " + what + " "));
  CHECK(contains(text, "cacherace describe NAME"));
  CHECK(printed({"describe"}) == text);
}

TEST_CASE("capitals and small letters of a name are alike") {
  CHECK(printed({"describe", "Single-Flight"}) == printed({"describe", "single-flight"}));
  CHECK(printed({"describe", "Hit_Ratio"}) == printed({"describe", "hit_ratio"}));
}

TEST_CASE("text keeps to the width of a terminal") {
  const Folder folder;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"list", "metrics"},
        {"list", "scenarios"},
        {"describe", "stale-repopulate"},
        {"describe", "hit_ratio", "no-stale-residue"}}) {
    const auto narrow =
        run(folder, arguments, {.environment = {"COLUMNS=60", "NO_COLOR=1"}, .out_terminal = true});
    CAPTURE(arguments);
    CHECK(narrow.exit_code == 0);
    std::istringstream lines(narrow.out);
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      const auto columns = std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      });
      const bool unbreakable = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
      CAPTURE(line);
      CHECK((columns <= 60 || unbreakable || contains(line, "cacherace ")));
    }
    const auto wide = run(folder, arguments,
                          {.environment = {"COLUMNS=300", "NO_COLOR=1"}, .out_terminal = true});
    auto text = wide.out;
    std::erase(text, '\r');
    CHECK(text == printed(arguments, {.environment = {"COLUMNS=60"}}));
  }
}

TEST_CASE("colour stands on headings, where it is asked for, and changes no word") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"describe", "lock"}, {"list", "strategies"}}) {
    auto colored = arguments;
    colored.insert(colored.end(), {"--color", "always"});
    auto text = printed(colored);
    CHECK(contains(text, "\x1b[1m"));
    for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
      text.erase(at, text.find('m', at) + 1 - at);
    CHECK(text == printed(arguments));
  }
}

TEST_CASE("list and describe have help with examples") {
  for (const std::string command : {"list", "describe"}) {
    const auto text = printed({command, "--help"});
    CHECK(contains(text, "\nExamples:\n  cacherace " + command + " "));
  }
}

}  // namespace cacherace::cli_test
