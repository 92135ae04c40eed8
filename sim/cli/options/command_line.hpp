#pragma once
// The command line as the commands declare it. Only command_line.cpp knows the library behind it,
// which is slow to compile.

#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/cli/manual/page.hpp"
#include "sim/core/units.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cacherace::cli {

/// A command while it is declared. Values that it is given are set while the command line is
/// parsed, so they have to outlive it; what is wrong is said with the flag's name, and exits 2.
class Command {
 public:
  /// What is wrong with a word, or "".
  using Check = std::function<std::string(const std::string&)>;

  Command(CLI::App& app, CommandPage& page) : app_(&app), page_(&page) {}

  enum class Need { required, optional };

  /// Words without a flag: one, or at least one.
  void argument(const std::string& name, std::string& value, const std::string& help,
                Need need = Need::required);
  void argument(const std::string& name, std::vector<std::string>& values, const std::string& help,
                Need need = Need::required);
  /// One of `words`.
  void argument(const std::string& name, std::string& value, const std::vector<std::string>& words,
                const std::string& help, Need need = Need::required);

  /// A flag with a word of this `type` (FILE, NAME, …); with a vector it may be repeated.
  void text(const std::string& flag, std::string& value, const std::string& type,
            const std::string& help);
  void text(const std::string& flag, std::vector<std::string>& values, const std::string& type,
            const std::string& help, const Check& check = {});

  /// A flag alone; `value` becomes `to`.
  void flag(const std::string& flag, bool& value, const std::string& help, bool to = true);

  /// A whole number; `value` is an unsigned integer or an optional one.
  template <typename Value>
  void number(const std::string& flag, Value& value, const std::string& help, std::uint64_t min,
              std::uint64_t max) {
    set_number(
        flag,
        [&value](std::uint64_t number) {
          if constexpr (std::unsigned_integral<Value>)
            value = static_cast<Value>(number);
          else
            value = static_cast<typename Value::value_type>(number);
        },
        help, min, max);
  }

  /// One of a few names; `value` is a Choice or an optional one.
  template <typename Choice, typename Value>
  void choice(const std::string& flag, const std::map<std::string, Choice>& names, Value& value,
              const std::string& help) {
    std::vector<std::string> words;
    for (const auto& [name, choice] : names) words.push_back(name);
    set_choice(
        flag, words, [&value, names](const std::string& word) { value = names.at(word); }, help);
  }

  /// As scenario files write them, and not zero: `30s`, `512mb`.
  template <typename Value>
  void duration(const std::string& flag, Value& value, const std::string& help) {
    set_duration(flag, [&value](Duration duration) { value = duration; }, help);
  }
  template <typename Value>
  void size(const std::string& flag, Value& value, const std::string& help) {
    set_size(flag, [&value](Bytes size) { value = size; }, help);
  }

  /// The flags may not stand together; their help says so.
  void excludes(const std::string& flag, const std::string& other);

  /// What --help ends with, in the order of these calls: command lines to try, what else there is
  /// to know, and what the exit code says.
  void examples(const std::vector<std::string>& lines);
  void note(const std::string& text);
  void exit_codes(const std::string& text);

 private:
  void append(const std::string& text);
  void set_number(const std::string& flag, const std::function<void(std::uint64_t)>& set,
                  const std::string& help, std::uint64_t min, std::uint64_t max);
  void set_choice(const std::string& flag, const std::vector<std::string>& words,
                  const std::function<void(const std::string&)>& set, const std::string& help);
  void set_duration(const std::string& flag, const std::function<void(Duration)>& set,
                    const std::string& help);
  void set_size(const std::string& flag, const std::function<void(Bytes)>& set,
                const std::string& help);

  CLI::App* app_;
  CommandPage* page_;  // all but the options, which the library knows
};

/// The program's commands.
class CommandLine {
 public:
  explicit CommandLine(const std::string& says);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// The program itself, for what its own --help ends with.
  Command program();

  /// `run` is called when the command was given; it keeps the command's values.
  Command add(const std::string& name, const std::string& says, std::function<int()> run);

  /// What has been declared: first the program's own page, then those of the commands.
  std::vector<CommandPage> pages() const;

  /// Prints what --help prints, of a command or ("") of the program; returns the exit code.
  int help(const std::string& command) const;

  /// Parses, runs the command, and returns the exit code.
  int run(int argc, const char* const* argv);

 private:
  std::vector<std::string> names() const;  // of the commands
  std::vector<std::string> commands_with(const std::string& flag) const;
  int refuse_unknown(const std::string& command) const;
  int refuse_extra() const;

  std::unique_ptr<CLI::App> app_;
  std::deque<CommandPage> pages_;  // the program's, and one for each of the commands
  std::vector<std::pair<std::string, std::function<int()>>> commands_;
};

}  // namespace cacherace::cli
