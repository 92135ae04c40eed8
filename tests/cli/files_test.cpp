// Files that cannot be read or written: exit code 74, and nothing is lost or left behind.

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr const char* scenario = "stale-repopulate.json";
constexpr const char* exists =
    ": already exists; name another file, or pass --force to overwrite it\n";

struct Trouble {
  std::vector<std::string> arguments;
  std::string says;
};

void check_all(const Folder& folder, const std::vector<Trouble>& troubles) {
  for (const auto& [arguments, says] : troubles) {
    const auto outcome = run(folder, arguments);
    CAPTURE(arguments);
    CHECK(outcome.exit_code == 74);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == says);
  }
}

}  // namespace

TEST_CASE("what cannot be read is said by name") {
  const Folder folder;
  const std::string directory = ".: is a directory; name a file\n";
  for (const std::string command : {"search", "run", "replay", "validate"})
    check_all(folder, {{{command, "."}, directory}});
  check_all(folder,
            {{{"replay", "no.json"}, "no.json: cannot be read: No such file or directory\n"}});
  for (const std::string command : {"search", "run", "validate"})
    check_all(folder, {{{command, "no.json"},
                        "no.json: neither a file nor a shipped scenario has this name; see: "
                        "cacherace list scenarios\n"}});
}

TEST_CASE("an extension that no format of the command has is refused, unless --format is given") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto refused = [&](const std::string& file, const std::string& command) {
    const auto outcome = run(folder, {command, scenario, "-o", file});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK(refused("report.pdf", "search") ==
        "--output report.pdf: this command writes no format with the extension \".pdf\"; use .txt, "
        ".json, .csv, .md, .xml or .html, or give --format\n");
  CHECK(refused("found.json", "check") ==
        "--output found.json: this command writes no format with the extension \".json\"; use .txt "
        "or .xml, or give --format\n");
  CHECK(folder.names() == Names{scenario});
  CHECK(run(folder, {"search", scenario, "-q", "-o", "a.pdf", "--format", "json"}).exit_code == 0);
  CHECK(run(folder, {"search", scenario, "-q", "-o", "a"}).exit_code == 0);
  CHECK(folder.read("a.pdf").starts_with("{"));
}

TEST_CASE("an existing file is not overwritten unless forced") {
  const Folder folder;
  folder.take_scenario(scenario);
  folder.write("mine.json", "mine");
  const std::string says = std::string("mine.json") + exists;
  check_all(folder, {{{"search", scenario, "-o", "mine.json"}, says},
                     {{"run", scenario, "-o", "mine.json"}, says},
                     {{"search", scenario, "--save", "mine.json"}, says}});
  CHECK(folder.read("mine.json") == "mine");
  CHECK(folder.names() == Names{"mine.json", scenario});

  const auto forced = run(folder, {"search", scenario, "-q", "-o", "mine.json", "--force"});
  CHECK(forced.exit_code == 0);
  CHECK(forced.out.empty());
  CHECK(folder.read("mine.json").starts_with("{\n  \"cacherace\""));
  CHECK(folder.names() == Names{"mine.json", scenario});
}

TEST_CASE("of several counterexamples all are saved or none, and the result is shown") {
  const Folder folder;
  folder.take_scenario(scenario);
  folder.write("race-2.json", "mine");
  const auto outcome = run(folder, {"search", scenario, "--save", "race.json"});
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.err == std::string("race-2.json") + exists);
  CHECK(outcome.out.starts_with("Stale repopulate\n"));
  CHECK(outcome.out.find("replay it") == std::string::npos);
  CHECK(folder.names() == Names{"race-2.json", scenario});
  CHECK(folder.read("race-2.json") == "mine");
}

TEST_CASE("where nothing can be written, nothing is left behind") {
  const Folder folder;
  folder.take_scenario(scenario);
  fs::create_directory(folder.path() / "full");
  check_all(folder,
            {{{"search", scenario, "-o", "no/out.txt"},
              "no/out.txt: cannot be written: No such file or directory\n"},
             {{"search", scenario, "-o", std::string(scenario) + "/out.txt"},
              std::string(scenario) + "/out.txt: cannot be written: Not a directory\n"},
             {{"search", scenario, "-o", "full", "--force"}, "full: is a directory; name a file\n"},
             {{"search", scenario, "--save", "no/race.json"},
              "no/race.json: cannot be written: No such file or directory\n"}});
  CHECK(folder.names() == Names{"full", scenario});
}

TEST_CASE("a folder without permission to write stays as it is") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto locked = folder.path() / "locked";
  fs::create_directory(locked);
  fs::permissions(locked, fs::perms::owner_read | fs::perms::owner_exec);
  // Permissions do not stop root, but nobody creates files in /proc.
  const std::string path = ::geteuid() == 0 ? "/proc/out.txt" : "locked/out.txt";
  const auto outcome = run(folder, {"search", scenario, "-o", path});
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with(path + ": cannot be written: "));
  fs::permissions(locked, fs::perms::owner_all);
  CHECK(fs::is_empty(locked));
}

TEST_CASE("with -o the result is in the file and stdout stays empty") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto shown = run(folder, {"search", scenario, "-q"});
  const auto written =
      run(folder, {"search", scenario, "-q", "-o", "out.txt", "--color", "always"});
  CHECK(written.exit_code == 0);
  CHECK(written.out.empty());
  CHECK(written.err.empty());
  CHECK(folder.read("out.txt") == shown.out);
}

TEST_CASE("a device is written, not replaced") {
  const Folder folder;
  folder.take_scenario(scenario);
  const auto outcome = run(folder, {"search", scenario, "-q", "-o", "/dev/null", "--force"});
  CHECK(outcome.exit_code == 0);
  CHECK(fs::is_character_file("/dev/null"));
  const auto piped = run(folder, {"search", scenario, "-q", "-o", "/dev/stdout"});
  CHECK(piped.exit_code == 0);
  CHECK(piped.out.starts_with("Stale repopulate\n"));
}

TEST_CASE("a full stdout is file trouble") {
  if (!fs::exists("/dev/full")) SKIP("there is no /dev/full");
  const Folder folder;
  folder.take_scenario(scenario);
  const auto outcome = run(folder, {"search", scenario, "-q"}, {.out_path = "/dev/full"});
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.err == "stdout: cannot be written: No space left on device\n");
}

}  // namespace cacherace::cli_test
