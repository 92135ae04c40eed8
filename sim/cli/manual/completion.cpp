#include "sim/cli/manual/completion.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"

namespace cacherace::cli {
namespace {

using Pages = std::vector<CommandPage>;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// Inside single quotes; of help only the first line.
std::string quotable(const std::string& help) {
  return replaced(help.substr(0, help.find('\n')), "'", "’");
}

std::vector<std::string> command_names(const Pages& pages) {
  std::vector<std::string> names;
  for (const auto& page : pages)
    if (!page.name.empty()) names.push_back(page.name);
  return names;
}

std::vector<std::string> flags_of(const CommandPage& page) {
  std::vector<std::string> flags;
  for (const auto& option : page.options)
    if (!option.positional) flags.insert(flags.end(), option.names.begin(), option.names.end());
  return flags;
}

std::vector<std::string> words_of(const CommandPage& page) {
  for (const auto& option : page.options)
    if (option.positional) return option.words;
  return {};
}

// After a flag with a value: its words, or files, or nothing.
std::string bash_values(const CommandPage& page) {
  std::string text;
  for (const auto& option : page.options) {
    if (option.positional || option.type.empty() || option.is_path()) continue;
    text += fmt::format("    {0}:{1})\n      {2}\n      return ;;\n", page.name,
                        fmt::join(option.names, fmt::format(" | {}:", page.name)),
                        option.words.empty()
                            ? "compopt +o default 2>/dev/null"
                            : fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$current\"))",
                                          fmt::join(option.words, " ")));
  }
  return text;
}

std::string bash_script(const Pages& pages) {
  std::string values;
  std::string choices;
  for (const auto& page : pages) {
    values += bash_values(page);
    auto words = page.name.empty() ? command_names(pages) : words_of(page);
    choices +=
        fmt::format("    {}) flags='{}' words='{}' ;;\n", page.name.empty() ? "''" : page.name,
                    fmt::join(flags_of(page), " "), fmt::join(words, " "));
  }
  return fmt::format(
      R"(# bash completion of cacherace: source <(cacherace completion bash)
_cacherace() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command='' flags='' words=''
  ((COMP_CWORD > 1)) && command=${{COMP_WORDS[1]}}
  COMPREPLY=()
  case $command:$previous in
{})"
      R"(  esac
  case $command in
{})"
      R"(  esac
  if [[ $current == -* ]]; then
    words=$flags
  fi
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    compopt +o default 2>/dev/null
  fi
}}
complete -o default -F _cacherace cacherace
)",
      values, choices);
}

// `'(-o --output)'{-o,--output}'[help]:FILE:_files'`
std::string zsh_option(const OptionPage& option) {
  const std::string help = replaced(replaced(quotable(option.help), "[", "\\["), "]", "\\]");
  std::string value;
  if (option.is_path())
    value = fmt::format(":{}:_files", option.positional ? option.names.front() : option.type);
  else if (!option.words.empty())
    value = fmt::format(":word:({})", fmt::join(option.words, " "));
  else if (!option.type.empty())
    value = fmt::format(":{}: ", option.type);
  if (option.positional) return fmt::format("'*{}'", value.empty() ? ":: " : value);
  std::string text;
  for (const auto& name : option.names)
    text += fmt::format("{}'*{}[{}]{}'", text.empty() ? "" : " ", name, help, value);
  return text;
}

std::string zsh_script(const Pages& pages) {
  std::string commands;
  std::string cases;
  for (const auto& page : pages) {
    if (page.name.empty()) continue;
    commands += fmt::format("    '{}:{}'\n", page.name, replaced(quotable(page.says), ":", "\\:"));
    cases += fmt::format("    {})\n      _arguments", page.name);
    for (const auto& option : page.options) cases += " \\\n        " + zsh_option(option);
    cases += " ;;\n";
  }
  return fmt::format(R"(#compdef cacherace
# zsh completion of cacherace: source <(cacherace completion zsh), after compinit
_cacherace() {{
  local -a commands=(
{})"
                     R"(  )
  if ((CURRENT == 2)); then
    if [[ $PREFIX == -* ]]; then
      compadd -- {}
    else
      _describe command commands
    fi
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
{})"
                     R"(  esac
}}
if [[ $funcstack[1] == _cacherace ]]; then
  _cacherace "$@"  # this file was found by compinit, and is loaded at the first use
else
  compdef _cacherace cacherace
fi
)",
                     commands, fmt::join(flags_of(pages.front()), " "), cases);
}

std::string fish_option(const std::string& when, const OptionPage& option) {
  std::string text = fmt::format("complete -c cacherace -n '{}'", when);
  for (const auto& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.is_path())
    text += " -r -F";
  else if (!option.words.empty())
    text += fmt::format(" -x -a '{}'", fmt::join(option.words, " "));
  else if (!option.type.empty())
    text += " -x";
  return text + fmt::format(" -d '{}'\n", quotable(option.help));
}

std::string fish_script(const Pages& pages) {
  std::string text =
      "# fish completion of cacherace: cacherace completion fish | source\n"
      "complete -c cacherace -n __fish_use_subcommand -f\n";
  for (const auto& page : pages) {
    const std::string when =
        page.name.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + page.name;
    if (!page.name.empty())
      text += fmt::format("complete -c cacherace -n __fish_use_subcommand -a {} -d '{}'\n",
                          page.name, quotable(page.says));
    for (const auto& option : page.options) {
      if (!option.positional)
        text += fish_option(when, option);
      else if (!option.words.empty())
        text += fmt::format("complete -c cacherace -n '{}' -f -a '{}'\n", when,
                            fmt::join(option.words, " "));
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell, const Pages& pages) {
  SIM_ASSERT(!pages.empty() && pages.front().name.empty());
  if (shell == "bash") return bash_script(pages);
  return shell == "zsh" ? zsh_script(pages) : fish_script(pages);
}

}  // namespace cacherace::cli
