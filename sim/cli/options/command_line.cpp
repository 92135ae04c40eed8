#include "sim/cli/options/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <sstream>

#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/report/report_result.hpp"
#include "sim/report/text/describe.hpp"

namespace cacherace::cli {
namespace {

constexpr std::size_t help_column = 34;

template <typename Quantity>
Quantity quantity(const std::string& flag, const std::string& text,
                  std::optional<Quantity> (*parse)(std::string_view), const char* example) {
  const auto value = parse(text);
  if (!value || *value == Quantity{})
    throw CLI::ValidationError(
        flag, fmt::format("expected something like {}, found \"{}\"", example, text));
  return *value;
}

void refuse_other_words(const std::string& name, const std::vector<std::string>& words,
                        const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end())
    throw CLI::ValidationError(
        name, fmt::format("expected {}, found \"{}\"", fmt::join(words, "|"), word));
}

std::string wrapped(const std::string& text) {
  return fmt::format("{}", fmt::join(report::broken(text, report::page_width), "\n"));
}

std::vector<std::string> split(const std::string& words) {
  std::vector<std::string> parts;
  std::istringstream stream(words);
  for (std::string word; std::getline(stream, word, '|');) parts.push_back(word);
  return parts;
}

OptionPage page_of(const CLI::Option& option) {
  OptionPage page{.type = option.get_type_name(), .help = option.get_description()};
  page.positional = option.get_positional();
  if (page.positional) page.names = {option.get_name(true)};
  for (const auto& name : option.get_snames()) page.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) page.names.push_back("--" + name);
  if (option.get_items_expected_max() == 0) page.type.clear();
  if (page.type.find('|') != std::string::npos) page.words = split(page.type);
  return page;
}

}  // namespace

void Command::argument(const std::string& name, std::string& value, const std::string& help) {
  app_->add_option(name, value, help)->type_name("")->required();
}

void Command::argument(const std::string& name, std::vector<std::string>& values,
                       const std::string& help) {
  app_->add_option(name, values, help)->type_name("")->required();
}

void Command::argument(const std::string& name, std::string& value,
                       const std::vector<std::string>& words, const std::string& help) {
  app_->add_option_function<std::string>(
          name,
          [&value, name, words](const std::string& word) {
            refuse_other_words(name, words, word);
            value = word;
          },
          help)
      ->type_name(fmt::format("{}", fmt::join(words, "|")))
      ->required();
}

void Command::text(const std::string& flag, std::string& value, const std::string& type,
                   const std::string& help) {
  auto* option = app_->add_option(flag, value, help)->type_name(type);
  if (type != "FILE" && type != "FOLDER") return;
  option->check([](const std::string& path) {
    return std::string(path.empty() ? "expected the name of a file, found \"\"" : "");
  });
}

void Command::text(const std::string& flag, std::vector<std::string>& values,
                   const std::string& type, const std::string& help, const Check& check) {
  auto* option = app_->add_option(flag, values, help)->type_name(type)->expected(1)->take_all();
  if (check) option->check(check);
}

void Command::flag(const std::string& flag, bool& value, const std::string& help) {
  app_->add_flag(flag, value, help);
}

// The library wraps and saturates silently, so numbers are read here.
void Command::set_number(const std::string& flag, const std::function<void(std::uint64_t)>& set,
                         const std::string& help, std::uint64_t min, std::uint64_t max) {
  const auto parse = [=](const std::string& text) {
    std::uint64_t value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < min || value > max)
      throw CLI::ValidationError(
          flag, fmt::format("expected a whole number from {} to {}, found \"{}\"", min, max, text));
    set(value);
  };
  app_->add_option_function<std::string>(flag, parse, help)->type_name("N");
}

void Command::set_choice(const std::string& flag, const std::vector<std::string>& words,
                         const std::function<void(const std::string&)>& set,
                         const std::string& help) {
  const auto parse = [=](const std::string& word) {
    refuse_other_words(flag, words, word);
    set(word);
  };
  app_->add_option_function<std::string>(flag, parse, help)
      ->type_name(fmt::format("{}", fmt::join(words, "|")));
}

void Command::set_duration(const std::string& flag, const std::function<void(Duration)>& set,
                           const std::string& help) {
  const auto parse = [=](const std::string& text) {
    set(quantity<Duration>(flag, text, harness::duration_of, "30s"));
  };
  app_->add_option_function<std::string>(flag, parse, help)->type_name("DURATION");
}

void Command::set_size(const std::string& flag, const std::function<void(Bytes)>& set,
                       const std::string& help) {
  const auto parse = [=](const std::string& text) {
    set(quantity<Bytes>(flag, text, harness::size_of, "512mb"));
  };
  app_->add_option_function<std::string>(flag, parse, help)->type_name("SIZE");
}

void Command::excludes(const std::string& flag, const std::string& other) {
  app_->get_option(flag)->excludes(other);
}

void Command::append(const std::string& text) {
  const auto before = app_->get_footer();
  app_->footer(before.empty() ? text : before + "\n" + text);
}

void Command::examples(const std::vector<std::string>& lines) {
  page_->examples = lines;
  append(fmt::format("{}:\n  {}", lines.size() == 1 ? "Example" : "Examples",
                     fmt::join(lines, "\n  ")));
}

void Command::note(const std::string& text) {
  page_->notes.push_back(text);
  append(wrapped(text));
}

void Command::exit_codes(const std::string& text) {
  page_->exit_codes = text;
  append(wrapped("Exit codes: " + text));
}

CommandLine::CommandLine(const std::string& says)
    : app_(std::make_unique<CLI::App>(says, "cacherace")), pages_{{.name = "", .says = says}} {
  app_->set_version_flag("--version", std::string("cacherace ") + report::version);
  app_->require_subcommand(1);
  app_->get_formatter()->column_width(help_column);
  app_->failure_message([](const CLI::App*, const CLI::Error& error) {
    return printable(error.what()) + "\nRun with --help for more information.\n";
  });
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return Command(*app_, pages_.front()); }

Command CommandLine::add(const std::string& name, const std::string& says,
                         std::function<int()> run) {
  commands_.emplace_back(name, std::move(run));
  auto* added = app_->add_subcommand(name, says);
  added->footer("");  // not the program's
  pages_.push_back({.name = name, .says = says});
  return Command(*added, pages_.back());
}

std::vector<CommandPage> CommandLine::pages() const {
  std::vector<CommandPage> all(pages_.begin(), pages_.end());
  for (auto& page : all) {
    const CLI::App& app = page.name.empty() ? *app_ : *app_->get_subcommand(page.name);
    for (const CLI::Option* option : app.get_options()) page.options.push_back(page_of(*option));
  }
  return all;
}

// The library says of a word that is no command only that there is none.
int CommandLine::refuse_unknown(const std::string& command) const {
  std::vector<std::string> known;
  for (const auto& [name, run] : commands_) known.push_back(name);
  if (command.starts_with("-") || std::find(known.begin(), known.end(), command) != known.end())
    return exit_met;
  const auto nearest = harness::nearest_name(command, known);
  return fail("unknown command \"" + command + "\"; " +
              (nearest.empty() ? "see: cacherace --help" : "did you mean \"" + nearest + "\"?"));
}

int CommandLine::run(int argc, const char* const* argv) {
  if (argc > 1)
    if (const int refused = refuse_unknown(argv[1]); refused != exit_met) return refused;
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app_->exit(error, out, err);
    tell(err.str());
    return code == 0 ? print(out.str()) : exit_usage;
  }
  for (const auto& [name, run] : commands_)
    if (app_->got_subcommand(name)) return run();
  return exit_usage;
}

}  // namespace cacherace::cli
