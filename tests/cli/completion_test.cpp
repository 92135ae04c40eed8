// Completions and the manual know every command and every option that --help knows.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <set>
#include <sstream>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {
namespace {

// Commands, and the flags of `command`, as --help lists them.
std::vector<std::string> commands() {
  const Folder folder;
  std::istringstream help(run(folder, {"--help"}).out);
  std::vector<std::string> found;
  bool listed = false;
  for (std::string line; std::getline(help, line); listed |= line == "Commands:")
    if (listed && line.starts_with("  ") && line[2] != ' ')
      found.push_back(line.substr(2, line.find(' ', 2) - 2));
  std::erase_if(found, [](const std::string& word) { return word == "cacherace"; });
  return found;
}

std::set<std::string> flags_of(const std::string& command) {
  const Folder folder;
  std::istringstream help(run(folder, {command, "--help"}).out);
  std::set<std::string> flags;
  for (std::string line; std::getline(help, line);) {
    if (!line.starts_with("  -")) continue;
    std::istringstream names(line.substr(2, line.find(' ', 2) - 2));
    for (std::string name; std::getline(names, name, ',');) flags.insert(name);
  }
  return flags;
}

std::string printed(const std::vector<std::string>& arguments) {
  const Folder folder;
  const auto outcome = run(folder, arguments);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return outcome.out;
}

bool has(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What a shell prints that runs `script` in a folder with `file`.
std::string shell(const std::string& program, const std::string& file, const std::string& content,
                  const std::string& script) {
  const Folder folder;
  folder.write(file, content);
  const std::string command =
      "cd '" + folder.path().string() + "' && " + program + " -c '" + script + "' >out.txt 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  return folder.read("out.txt");
}

}  // namespace

TEST_CASE("completions and the manual have every command with all of its options") {
  CHECK(commands().size() >= 12);
  const std::string bash = printed({"completion", "bash"});
  const std::string zsh = printed({"completion", "zsh"});
  const std::string fish = printed({"completion", "fish"});
  const std::string man = replaced(printed({"man"}), "\\-", "-");
  for (const auto& command : commands()) {
    const auto flags = flags_of(command);
    CAPTURE(command);
    CHECK(flags.contains("--help"));
    CHECK(man.find(".SS " + command + "\n") != man.npos);
    CHECK(zsh.find("    '" + command + ":") != zsh.npos);
    CHECK(fish.find(" -a " + command + " ") != fish.npos);
    const auto section = man.find(".SS " + command + "\n");
    const std::string page = man.substr(section, man.find(".SS ", section + 1) - section);
    const auto line = bash.find("\n    " + command + ") flags='");
    const std::string words = bash.substr(line, bash.find('\n', line + 1) - line);
    for (const auto& flag : flags) {
      CAPTURE(flag);
      CHECK(page.find("\\fB" + flag + "\\fR") != page.npos);
      CHECK(replaced(words, "'", " ").find(" " + flag + " ") != words.npos);
      CHECK(zsh.find("'*" + flag + "[") != zsh.npos);
      CHECK(fish.find(flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1)) !=
            fish.npos);
    }
  }
}

TEST_CASE("the manual says which words a command needs") {
  const std::string man = printed({"man"});
  CHECK(man.find("\\fBcacherace run\\fR [\\fIOPTION\\fR]… \\fIFILE\\fR\n") != man.npos);
  CHECK(man.find("\\fBcacherace list\\fR [\\fIOPTION\\fR]… [\\fIWHAT\\fR]\n") != man.npos);
  CHECK(man.find('{') == man.npos);
}

TEST_CASE("bash completes commands, options and values") {
  if (!has("bash")) SKIP("this machine has no bash");
  const std::string script = printed({"completion", "bash"});
  const auto completed = [&](const std::string& words) {
    return shell("bash", "completion", script,
                 ". ./completion; COMP_WORDS=(cacherace " + words +
                     "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _cacherace; "
                     "echo \"${COMPREPLY[@]}\"");
  };
  CHECK(completed("se") == "search\n");
  CHECK(completed("search --mode p") == "pct\n");
  CHECK(completed("search x.json --format m") == "markdown\n");
  CHECK(completed("search --no-s") == "--no-shrink\n");
  CHECK(completed("list prop") == "properties\n");
  CHECK(completed("help sw") == "sweep\n");
  CHECK(completed("run --seed 1") == "\n");
  CHECK(completed("run -o fi") == "\n");  // left to the names of files
}

TEST_CASE("fish completes commands, options and values") {
  if (!has("fish")) SKIP("this machine has no fish");
  const std::string script = printed({"completion", "fish"});
  const auto completed = [&](const std::string& line) {
    return shell("fish", "completion", script,
                 "set -x HOME .; source ./completion; complete -C \"" + line + "\"");
  };
  CHECK(completed("cacherace sear").starts_with("search\tSearch every"));
  CHECK(completed("cacherace search --mode p") ==
        "pct\texhaustive: every state; random: random walks; pct: randomized priorities\n");
}

TEST_CASE("zsh understands its script") {
  if (!has("zsh")) SKIP("this machine has no zsh");
  CHECK(shell("zsh -f", "completion", printed({"completion", "zsh"}),
              "autoload -Uz compinit; compinit -u -d ./dump; . ./completion; "
              "print $_comps[cacherace]") == "_cacherace\n");
  // Installed, compinit finds it by name, and it completes when it is first used.
  CHECK(shell("zsh -f", "_cacherace", printed({"completion", "zsh"}),
              "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d ./dump; "
              "_describe() { print $1 }; CURRENT=2; $_comps[cacherace]; _cacherace") ==
        "command\ncommand\n");
}

TEST_CASE("groff finds nothing to warn of in the manual") {
  if (!has("groff")) SKIP("this machine has no groff");
  CHECK(shell("sh", "cacherace.1", printed({"man"}),
              "groff -man -Tutf8 -K utf8 -ww -z cacherace.1") == "");
}

TEST_CASE("shells that are not known are refused") {
  const Folder folder;
  const auto outcome = run(folder, {"completion", "tcsh"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.starts_with("SHELL: expected bash|zsh|fish, found \"tcsh\""));
}

}  // namespace cacherace::cli_test
