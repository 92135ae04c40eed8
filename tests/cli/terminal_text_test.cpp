// Nothing that a user wrote commands a terminal, breaks a line or turns letters around.

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <string>
#include <vector>

#include "sim/core/utf8.hpp"
#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

// JSON escapes of: ESC ] 0 ; BEL, C1 CSI, U+202E, U+2028, U+2066, DEL
constexpr const char* hostile = R"(\u001b]0;t\u0007\u009b31m\u202ex\u2028y\u2066z\u007f)";
// How a text shows them.
constexpr const char* shown = R"(\x1b]0;t\x07\x9b31m\u202ex\u2028y\u2066z\x7f)";

std::string with_hostile(std::string text) {
  for (auto at = text.find("@"); at != std::string::npos; at = text.find("@"))
    text.replace(at, 1, hostile);
  return text;
}

// Lines of text and nothing else.
void check_printable(const std::string& text) {
  std::string lines;
  for (const char c : text) lines += c == '\n' ? ' ' : c;
  CHECK(printable(lines) == lines);
}

// A race and traffic whose names are all hostile.
const char* const scenario = R"({"title": "t@", "story": "s@", "source": "u@",
  "strategies": {"a@": {}, "b@": {"expiry": {"ttl": "1s"}}},
  "race": {"clients": [{"name": "r@", "do": ["read k@"]}, {"name": "w@", "do": ["write k@"]}]},
  "traffic": {"duration": "2s", "flows": [{"name": "f@", "rate": "100/s", "reads": 0.9}]}})";

}  // namespace

TEST_CASE("error messages show keys, names and values in a printable form") {
  const Folder folder;
  folder.write("key.json", with_hostile(R"({"@": 1, "strategies": {"n@": {"x": 1, "load": "l@"}},
    "race": {"clients": [{"name": "c@", "do": ["fly @"]}]}, "seed": "v@"})"));
  for (const std::string command : {"validate", "run", "search"}) {
    const auto outcome = run(folder, {command, "key.json"});
    CHECK(outcome.exit_code == 2);
    check_printable(outcome.err);
    CHECK(outcome.err.find(std::string("key.json:1:2 /") + shown) != std::string::npos);
    CHECK(outcome.err.find(std::string("/strategies/n") + shown + "/x: unknown key \"x\"") !=
          std::string::npos);
  }
}

TEST_CASE("arguments and file names show in a printable form") {
  const Folder folder;
  folder.take_scenario("stale-repopulate.json");
  const std::string evil = "\x1b[31m\xc2\x9b\xe2\x80\xae\xff";
  const std::string safe = R"(\x1b[31m\x9b\u202e\xff)";
  folder.write(evil, "{}");
  const auto valid = run(folder, {"validate", evil});
  CHECK(valid.exit_code == 0);
  CHECK(valid.out.starts_with(safe + ": valid; "));
  folder.write(evil + ".json", "{}}");
  const std::vector<std::vector<std::string>> wrong{
      {"validate", evil + "x"},
      {"validate", evil + ".json"},
      {evil},
      {"describe", evil},
      {"list", evil},
      {"search", "stale-repopulate.json", evil},
      {"search", "stale-repopulate.json", "--" + evil},
      {"search", "stale-repopulate.json", "--strategy", evil},
      {"search", "stale-repopulate.json", "--property", evil},
      {"search", "stale-repopulate.json", "--threshold", "/" + evil},
      {"search", "stale-repopulate.json", "--states", evil},
      {"search", "stale-repopulate.json", "--time-limit", evil},
      {"search", "stale-repopulate.json", "-o", "no/" + evil},
      {"sweep", "stale-repopulate.json", "--sweep", evil},
      {"sweep", "stale-repopulate.json", "--sweep", "/" + evil + "=1,2"},
      {"compare", "stale-repopulate.json", "--fail-on", evil},
      {"run", "stale-repopulate.json", "--baseline", evil},
  };
  for (const auto& arguments : wrong) {
    const auto outcome = run(folder, arguments);
    CAPTURE(arguments);
    CHECK((outcome.exit_code == 2 || outcome.exit_code == 74));
    check_printable(outcome.err);
    CHECK(outcome.err.find(safe) != std::string::npos);
  }
}

TEST_CASE("results as text show names in a printable form, on the way too") {
  const Folder folder;
  folder.write("h.json", with_hostile(scenario));
  const std::vector<std::vector<std::string>> commands{
      {"search", "h.json", "-v"},
      {"search", "h.json", "-v", "--save", "race.json"},
      {"replay", "race.json"},
      {"replay", "race.json", "--step"},
      {"shrink", "race.json", "--save", "smaller.json"},
      {"run", "h.json", "-v", "--series", "1s", "--replicates", "1"},
      {"sweep", "h.json", "-v", "--sweep", "/keys/count=10,20", "--replicates", "1"},
      {"compare", "h.json", "-v", "--replicates", "1"},
      {"compare", "h.json", "h.json", "--replicates", "1"},
      {"search", "h.json", "-q", "--format", "junit"},
      {"fuzz", "h.json", "-v", "--cases", "3", "--save", "found"},
  };
  for (const auto& arguments : commands) {
    const auto outcome = run(folder, arguments);
    CAPTURE(arguments, outcome.err);
    CHECK(outcome.exit_code <= 1);
    check_printable(outcome.out);
    check_printable(outcome.err);
    CHECK(outcome.out.find(shown) != std::string::npos);
  }
}

TEST_CASE("results for programs are printable too, but for CSV, which keeps texts as they are") {
  const Folder folder;
  folder.write("h.json", with_hostile(scenario));
  for (const std::string format : {"json", "markdown", "html"}) {
    const auto outcome = run(folder, {"search", "h.json", "-q", "--format", format});
    CHECK(outcome.exit_code == 1);
    if (format != "html") check_printable(outcome.out);
  }
}

TEST_CASE("a progress line shows names in a printable form") {
  const Folder folder;
  folder.write("long.json", with_hostile(R"({"title": "t", "strategies": {"a@": {}},
    "race": {"clients": [{"name": "r", "count": 4, "do": ["read k"]},
                         {"name": "w", "count": 4, "do": ["write k"]}]}})"));
  Program program(folder, {"search", "long.json", "--count", "--schedules", "18446744073709551615"},
                  {.terminal = true});
  program.wait_for("schedules");
  program.send(SIGINT);
  const auto outcome = program.finish();
  CHECK(outcome.err.find(std::string("a") + shown) != std::string::npos);
  CHECK(outcome.err.find("\x1b]0;") == std::string::npos);
  CHECK(outcome.err.find("\xe2\x80\xae") == std::string::npos);
}

TEST_CASE("a file name that is no text is saved and named all the same") {
  const Folder folder;
  folder.take_scenario("stale-repopulate.json");
  for (const std::string format : {"text", "json", "markdown", "junit", "csv", "html"}) {
    const auto outcome = run(folder, {"search", "stale-repopulate.json", "-q", "--format", format,
                                      "--save", "r\xff.json", "--force"});
    CAPTURE(format, outcome.err);
    CHECK(outcome.exit_code == 0);
  }
  CHECK(run(folder, {"replay", "r\xff.json"}).exit_code == 0);
  const auto text = run(folder, {"search", "stale-repopulate.json", "--save", "s\xff.json"});
  CHECK(text.out.find("replay it: cacherace replay $'s\\xff.json'\n") != std::string::npos);
}

}  // namespace cacherace::cli_test
