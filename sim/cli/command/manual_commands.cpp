// The commands that describe the command line itself.

#include "sim/cli/command/commands.hpp"
#include "sim/cli/manual/completion.hpp"
#include "sim/cli/manual/manual.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"

namespace cacherace::cli {

void add_completion(CommandLine& line) {
  const auto shell = std::make_shared<std::string>();
  auto completion = line.add(
      "completion", "Print a script that lets a shell complete commands, options and their values",
      [shell, &line] { return print(completion_script(*shell, line.pages())); });
  completion.argument("SHELL", *shell, {"bash", "zsh", "fish"}, "for which shell");
  completion.examples({"source <(cacherace completion bash)", "source <(cacherace completion zsh)",
                       "cacherace completion fish | source"});
  completion.exit_codes("0 printed, 2 usage, 74 stdout could not be written.");
}

void add_man(CommandLine& line) {
  auto man = line.add("man", "Print the manual page, in roff",
                      [&line] { return print(manual(line.pages())); });
  man.examples(
      {"cacherace man | man -l -", "cacherace man > /usr/local/share/man/man1/cacherace.1"});
  man.exit_codes("0 printed, 2 usage, 74 stdout could not be written.");
}

void add_help(CommandLine& line) {
  const auto command = std::make_shared<std::string>();
  auto help = line.add("help", "Print the help of a command, or of the program",
                       [command, &line] { return line.help(*command); });
  help.argument("COMMAND", *command, "which command", Command::Need::optional);
  help.examples({"cacherace help search"});
  help.exit_codes("0 printed, 2 usage, 74 stdout could not be written.");
}

}  // namespace cacherace::cli
