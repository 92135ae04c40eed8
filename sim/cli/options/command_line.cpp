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
                  std::optional<Quantity> (*parse)(std::string_view),
                  std::string (*like)(std::string_view)) {
  const auto value = parse(text);
  if (!value || *value == Quantity{})
    throw CLI::ValidationError(
        flag, fmt::format("expected something like {}, found \"{}\"", like(text), text));
  return *value;
}

void refuse_other_words(const std::string& name, const std::vector<std::string>& words,
                        const std::string& word) {
  if (std::find(words.begin(), words.end(), word) != words.end()) return;
  const auto nearest = harness::nearest_name(word, words);
  throw CLI::ValidationError(
      name, fmt::format("expected {}, found \"{}\"{}", fmt::join(words, "|"), word,
                        nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

// In lines that end where those of the terminal do; all but the first begin in this column.
std::string wrapped(const std::string& text, std::size_t column = 0) {
  constexpr std::size_t room_min = 30;
  const std::size_t width = stdout_columns(report::page_width);
  const std::size_t room = std::max(width - std::min(width, column), room_min);
  return fmt::format("{}", fmt::join(report::broken(text, room), "\n" + std::string(column, ' ')));
}

// The library's help, in words of this program.
class HelpText : public CLI::Formatter {
 public:
  HelpText() {
    column_width(help_column);
    label("SUBCOMMAND", "COMMAND");
    label("Positionals", "Arguments");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_items_expected_max() == 0) return "";
    const auto type = option->get_type_name();
    const bool many = option->get_expected_max() == CLI::detail::expected_max_vector_size;
    return (type.empty() ? "" : " " + type) + (many ? " ..." : "");
  }

  std::string make_option(const CLI::Option* option, bool positional) const override {
    return entry(make_option_name(option, positional) + make_option_opts(option),
                 option->get_description());
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return entry(command->get_name(), command->get_description());
  }

 private:
  static std::string entry(const std::string& name, const std::string& says) {
    const bool fits = name.size() + 2 < help_column;
    return fmt::format("  {:<{}}{}{}\n", name, fits ? help_column - 2 : 0,
                       fits ? "" : "\n" + std::string(help_column, ' '),
                       wrapped(says, help_column));
  }
};

std::vector<std::string> split(const std::string& words) {
  std::vector<std::string> parts;
  std::istringstream stream(words);
  for (std::string word; std::getline(stream, word, '|');) parts.push_back(word);
  return parts;
}

OptionPage page_of(const CLI::Option& option) {
  OptionPage page{.type = option.get_type_name(), .help = option.get_description()};
  page.positional = option.get_positional();
  page.required = option.get_required();
  if (page.positional) page.names = {option.get_name(true)};
  for (const auto& name : option.get_snames()) page.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) page.names.push_back("--" + name);
  if (option.get_items_expected_max() == 0) page.type.clear();
  if (page.type.find('|') != std::string::npos) page.words = split(page.type);
  return page;
}

}  // namespace

void Command::argument(const std::string& name, std::string& value, const std::string& help,
                       Need need) {
  app_->add_option(name, value, help)->type_name("")->required(need == Need::required);
}

void Command::argument(const std::string& name, std::vector<std::string>& values,
                       const std::string& help, Need need) {
  app_->add_option(name, values, help)->type_name("")->required(need == Need::required);
}

void Command::argument(const std::string& name, std::string& value,
                       const std::vector<std::string>& words, const std::string& help, Need need) {
  app_->add_option_function<std::string>(
          name,
          [&value, name, words](const std::string& word) {
            refuse_other_words(name, words, word);
            value = word;
          },
          help)
      ->type_name(fmt::format("{}", fmt::join(words, "|")))
      ->required(need == Need::required);
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

void Command::flag(const std::string& flag, bool& value, const std::string& help, bool to) {
  app_->add_flag_callback(flag, [&value, to] { value = to; }, help);
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
    set(quantity<Duration>(flag, text, harness::duration_of, harness::duration_like));
  };
  app_->add_option_function<std::string>(flag, parse, help)->type_name("DURATION");
}

void Command::set_size(const std::string& flag, const std::function<void(Bytes)>& set,
                       const std::string& help) {
  const auto parse = [=](const std::string& text) {
    set(quantity<Bytes>(flag, text, harness::size_of, harness::size_like));
  };
  app_->add_option_function<std::string>(flag, parse, help)->type_name("SIZE");
}

void Command::excludes(const std::string& flag, const std::string& other) {
  auto* one = app_->get_option(flag);
  auto* another = app_->get_option(other);
  one->excludes(another);
  one->description(one->get_description() + "; not with " + other);
  another->description(another->get_description() + "; not with " + flag);
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
  app_->formatter(std::make_shared<HelpText>());
  app_->set_help_flag("-h,--help", "print this help");
  app_->set_version_flag("-V,--version", std::string("cacherace ") + report::version,
                         "print the version");
  app_->require_subcommand(1);
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
  added->group("Commands");
  pages_.push_back({.name = name, .says = says});
  return Command(*added, pages_.back());
}

std::vector<CommandPage> CommandLine::pages() const {
  std::vector<CommandPage> all(pages_.begin(), pages_.end());
  for (auto& page : all) {
    const CLI::App& app = page.name.empty() ? *app_ : *app_->get_subcommand(page.name);
    for (const CLI::Option* option : app.get_options()) {
      page.options.push_back(page_of(*option));
      if (auto& added = page.options.back(); added.names.front() == "COMMAND")
        added.words = names();
    }
  }
  return all;
}

std::vector<std::string> CommandLine::names() const {
  std::vector<std::string> all;
  for (const auto& [name, run] : commands_) all.push_back(name);
  return all;
}

int CommandLine::help(const std::string& command) const {
  if (command.empty())
    return print(
        app_->get_formatter()->make_help(app_.get(), "cacherace", CLI::AppFormatMode::Normal));
  if (const int refused = refuse_unknown(command); refused != exit_met) return refused;
  return print(app_->get_subcommand(command)->help("cacherace"));
}

// The library says of a word that is no command only that there is none.
int CommandLine::refuse_unknown(const std::string& command) const {
  const auto known = names();
  if (std::find(known.begin(), known.end(), command) != known.end()) return exit_met;
  return fail("unknown command \"" + command + "\"; " +
              harness::did_you_mean(command, known, "see: cacherace --help"));
}

std::vector<std::string> CommandLine::commands_with(const std::string& flag) const {
  std::vector<std::string> found;
  for (const auto& name : names())
    if (app_->get_subcommand(name)->get_option_no_throw(flag) != nullptr) found.push_back(name);
  return found;
}

// What the library did not know; it does not say what was meant.
int CommandLine::refuse_extra() const {
  const auto chosen = app_->get_subcommands();
  const CLI::App& app = chosen.empty() ? *app_ : *chosen.front();
  const std::string name = chosen.empty() ? "the program" : app.get_name();
  const std::string see = chosen.empty() ? "" : " " + name;
  for (const auto& word : app_->remaining(true)) {
    if (!word.starts_with("-") || word.find_first_not_of('-') == std::string::npos) continue;
    const auto flag = word.substr(0, word.find('='));
    std::vector<std::string> long_names;  // without the dashes, which are always right
    for (const CLI::Option* option : app.get_options())
      for (const auto& known : option->get_lnames()) long_names.push_back(known);
    const auto meant = harness::nearest_name(flag.substr(flag.find_first_not_of('-')), long_names);
    const auto others = commands_with(flag);
    return fail(fmt::format("{} has no option {}; {}", name, flag,
                            !others.empty()
                                ? fmt::format("it belongs to: {}", fmt::join(others, ", "))
                            : !meant.empty() ? fmt::format("did you mean --{}?", meant)
                                             : fmt::format("see: cacherace{} --help", see)));
  }
  for (const auto& word : app_->remaining(true))
    if (word != "--")
      return fail(
          fmt::format("{} does not expect \"{}\" there; see: cacherace{} --help", name, word, see));
  return exit_met;
}

int CommandLine::run(int argc, const char* const* argv) {
  if (argc < 2) return fail("a command is missing; see: cacherace --help");
  if (const std::string first = argv[1]; !first.starts_with("-"))
    if (const int refused = refuse_unknown(first); refused != exit_met) return refused;
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    if (app_->exit(error, out, err) == 0) return print(out.str());
    if (const int refused = refuse_extra(); refused != exit_met) return refused;
    tell(err.str());
    return exit_usage;
  }
  for (const auto& [name, run] : commands_)
    if (app_->got_subcommand(name)) return run();
  return exit_usage;
}

}  // namespace cacherace::cli
