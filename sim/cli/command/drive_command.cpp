#include <fmt/format.h>

#include <filesystem>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/files.hpp"
#include "sim/cli/system/terminal.hpp"
#include "sim/drive/session/drive.hpp"
#include "sim/drive/session/recorded.hpp"
#include "sim/drive/session/saved_order.hpp"
#include "sim/report/escape.hpp"

namespace cacherace::cli {
namespace {

namespace fs = std::filesystem;

constexpr Readable drive_file{.what = "a drive file", .bytes_max = std::size_t{1} << 20U};

struct DriveArguments {
  std::string file;
  Output output;
  drive::DriveOptions options;
  std::optional<Duration> time_limit;
  std::string save;
  std::string confirm;  // a counterexample of a model
  std::optional<drive::Word> expect;
  bool record = false;
  std::string model;  // the folder of one to be written
  bool require_exhausted = false;
};

std::string rendered(const drive::DriveResult& result, const Output& output) {
  switch (format_of(output)) {
    case report::Format::json:
      return drive::to_json(result);
    case report::Format::markdown:
      return drive::to_markdown(result);
    case report::Format::junit:
      return drive::to_junit(result);
    case report::Format::html:
      return drive::to_html(result);
    case report::Format::text:
    case report::Format::csv:
      break;
  }
  return drive::to_text(result, output.path.empty() && use_color(output.color));
}

fs::path folder_of(const std::string& file) {
  if (file == "-") return fs::current_path();
  return fs::absolute(file).parent_path();
}

// Ctrl-C and time limit, and what is shown meanwhile. The options refer to it.
class Watch {
 public:
  Watch(drive::DriveOptions& options, const Output& output,
        const std::optional<Duration>& time_limit)
      : progress_(output.quiet) {
    catch_interrupts();
    options.go_on = [this, time_limit] {
      return going(progress_, time_limit) == harness::Going::on;
    };
    options.tell = [this](const std::string& text) { progress_.show([&] { return text; }); };
  }
  void clear() { progress_.clear(); }

 private:
  ProgressLine progress_;
};

int exit_of(const drive::DriveResult& result, const DriveArguments& arguments) {
  using drive::Word;
  if (arguments.expect) {
    if (result.word == *arguments.expect) return exit_met;
    return result.word == Word::clean_so_far ? exit_inconclusive : exit_violated;
  }
  if (!result.expectations.empty()) {
    if (result.met) return exit_met;
    return result.word == Word::clean_so_far ? exit_inconclusive : exit_violated;
  }
  if (result.word == Word::violated) return exit_violated;
  if (result.word == Word::uncontrolled || result.word == Word::nondeterministic ||
      result.search.executions == 0)
    return exit_inconclusive;
  return arguments.require_exhausted && result.word != Word::exhausted ? exit_inconclusive
                                                                       : exit_met;
}

// Both files or none.
Result<void> write_model(const drive::Model& model, const std::string& folder, bool overwrite) {
  const std::string script = (fs::path(folder) / "app.lua").string();
  const std::string scenario = (fs::path(folder) / "scenario.json").string();
  if (auto may = may_make_folder(folder); !may) return may;
  if (auto made = make_folder(folder); !made) return made;
  for (const std::string& file : {script, scenario})
    if (auto may = may_write(file, overwrite); !may) return may;
  if (auto written = write_file(script, model.script, overwrite); !written) return written;
  return write_file(scenario, model.scenario, overwrite);
}

Result<void> save_order(drive::DriveResult& result, const drive::DriveFile& file,
                        const DriveArguments& arguments) {
  if (arguments.save.empty() || !result.order || result.shown.steps.empty()) return {};
  result.shown.saved = arguments.save;
  const auto app_file =
      fs::absolute(arguments.file).lexically_relative(fs::absolute(arguments.save).parent_path());
  return write_file(arguments.save, drive::saved_order(result, file, app_file.string()),
                    arguments.output.force);
}

// What came of taking a given order again, as text with its end.
int show_replayed(const drive::Replayed& replayed, const Output& output, const std::string& good) {
  std::string shown = rendered(replayed.result, output);
  if (format_of(output) == report::Format::text) {
    if (replayed.diverged_at > 0)
      shown += fmt::format("\ndiverged: step {}: {}\n", replayed.diverged_at, replayed.says);
    else if (replayed.result.replayed.times > 0)
      shown += good;
  }
  if (const auto delivered = deliver_text(shown, output); !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
  return replayed.diverged_at > 0 ? exit_diverged : exit_met;
}

// The counterexample of a model is performed on the application.
int confirm_model(DriveArguments& arguments, const drive::DriveFile& file) {
  const auto text = read_file(arguments.confirm, counterexample_file);
  if (!text) return fail(text.error());
  const auto model =
      drive::read_model_order(*text, arguments.confirm == "-" ? "stdin" : arguments.confirm);
  if (!model) return fail(model.error());
  Watch watch(arguments.options, arguments.output, arguments.time_limit);
  auto confirmed = drive::confirm(file, *model, arguments.options);
  watch.clear();
  if (!confirmed) return fail(confirmed.error());
  if (confirmed->diverged_at == 0 && confirmed->result.replayed.times > 0)
    if (const auto saved = save_order(confirmed->result, file, arguments); !saved)
      return fail(saved.error());
  return show_replayed(*confirmed, arguments.output,
                       "\nreproduced: the application does what the model does\n");
}

int drive_command(const DriveArguments& given) {
  DriveArguments arguments = given;
  if (!arguments.model.empty()) arguments.record = true;
  const auto text = read_file(arguments.file, drive_file);
  if (!text) return fail(text.error());
  const auto file = drive::read_drive_file(*text, arguments.file == "-" ? "stdin" : arguments.file,
                                           folder_of(arguments.file));
  if (!file) return fail(file.error());
  auto read = files_read(arguments.file, arguments.confirm);
  std::vector<NamedFile> saved;
  if (!arguments.save.empty()) saved.push_back({.option = "--save", .path = arguments.save});
  if (const auto may = may_deliver(arguments.output, read, saved); !may) return fail(may.error());
  if (!arguments.save.empty())
    if (const auto may = may_write(arguments.save, arguments.output.force); !may)
      return fail(may.error());

  if (!arguments.confirm.empty()) return confirm_model(arguments, *file);
  Watch watch(arguments.options, arguments.output, arguments.time_limit);
  auto result = arguments.record ? drive::record(*file, arguments.options)
                                 : drive::drive(*file, arguments.options);
  watch.clear();
  if (!result) return fail(result.error());
  if (!arguments.model.empty()) {
    const auto written =
        write_model(drive::to_model(*result, *file), arguments.model, arguments.output.force);
    if (!written) return fail(written.error());
    if (!arguments.output.quiet)
      tell(fmt::format(
          "To search it, once it says what the code does:\n  cacherace search {}\n",
          report::quoted_for_shell((fs::path(arguments.model) / "scenario.json").string())));
  }
  if (arguments.record) {
    const auto delivered = deliver_text(format_of(arguments.output) == report::Format::json
                                            ? drive::to_json(*result)
                                            : drive::profiles_text(*result),
                                        arguments.output);
    return delivered ? exit_met : fail(delivered.error());
  }
  if (const auto written = save_order(*result, *file, arguments); !written)
    return fail(written.error());
  if (const auto delivered = deliver_text(rendered(*result, arguments.output), arguments.output);
      !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
  if (result->order && arguments.save.empty() && arguments.file != "-" && !arguments.output.quiet &&
      format_of(arguments.output) == report::Format::text)
    tell(
        fmt::format("\nTo keep and replay it:\n  cacherace drive {} --save race.json\n"
                    "  cacherace replay race.json\n",
                    report::quoted_for_shell(arguments.file)));
  return exit_of(*result, arguments);
}

const std::map<std::string, drive::DriveOptions::Mode> modes{
    {"automatic", drive::DriveOptions::Mode::automatic},
    {"exhaustive", drive::DriveOptions::Mode::exhaustive},
    {"random", drive::DriveOptions::Mode::random},
    {"pct", drive::DriveOptions::Mode::pct},
};

const std::map<std::string, drive::Word> words{
    {"violated", drive::Word::violated},
    {"exhausted", drive::Word::exhausted},
    {"clean-so-far", drive::Word::clean_so_far},
    {"vacuous", drive::Word::vacuous},
    {"uncontrolled", drive::Word::uncontrolled},
    {"nondeterministic", drive::Word::nondeterministic},
};

}  // namespace

bool is_of_application(const std::string& text) { return drive::is_saved_order(text); }

int replay_driven(const std::string& text, const std::string& file, const Output& output) {
  const auto saved = drive::read_saved_order(text, file == "-" ? "stdin" : file, folder_of(file));
  if (!saved) return fail(saved.error());
  drive::DriveOptions options;
  Watch watch(options, output, std::nullopt);
  const auto replayed = drive::replay(saved->file, saved->order, saved->without, options);
  watch.clear();
  if (!replayed) return fail(replayed.error());
  return show_replayed(*replayed, output, "");
}

void add_drive(CommandLine& line) {
  const auto arguments = std::make_shared<DriveArguments>();
  auto drive = line.add(
      "drive",
      "Start a real application between proxies, and search the orders in which its commands to "
      "Redis and PostgreSQL take effect",
      [arguments] { return drive_command(*arguments); });
  drive.argument("FILE", arguments->file, "what to start, and which requests to send");
  drive.choice("--mode", modes, arguments->options.mode,
               "automatic (a few random executions, then every order), exhaustive, random or pct");
  drive.flag("--count", arguments->options.count,
             "take every order, also those that differ in swaps alone, and count them");
  drive.number("--schedules", arguments->options.executions_max, "end after so many executions", 1,
               any_number);
  drive.duration("--time-limit", arguments->time_limit, "end after this time of the wall clock");
  drive.number("--seed", arguments->options.seed, "seed of random executions (1)", 0, any_number);
  drive.flag("--no-shrink", arguments->options.shrinks,
             "show the first counterexample, not the smallest one that is found", false);
  drive.flag("--record", arguments->record,
             "only show what each request does alone, with an empty and with a filled cache");
  drive.text("--model", arguments->model, "FOLDER",
             "the same, and write a first script and scenario that do it, to be searched with "
             "times, faults and load");
  drive.text("--confirm", arguments->confirm, "COUNTEREXAMPLE",
             "perform what cacherace search found on the model of --model: 0 if the application "
             "does the same and is wrong, 4 if it goes another way");
  drive.choice("--expect", words, arguments->expect,
               "exit with 0 for this verdict alone, whatever the file expects");
  drive.flag("--require-exhausted", arguments->require_exhausted,
             "exit with 3 unless every order was tried");
  drive.text("--save", arguments->save, "FILE", "write the counterexample, to be replayed");
  for (const char* other : {"--record", "--model", "--count", "--mode", "--schedules", "--expect",
                            "--require-exhausted", "--no-shrink", "--seed"})
    drive.excludes("--confirm", other);
  add_drive_output(drive, arguments->output);
  drive.examples({"cacherace drive drive.json", "cacherace drive drive.json --count",
                  "cacherace drive drive.json --save race.json && cacherace replay race.json"});
  drive.note(
      "The application runs unmodified; Redis and PostgreSQL are started for it, or are the "
      "user's own. The file is described in docs/drive.md.");
  drive.exit_codes(
      "0 as expected, 1 violated or an expectation not met, 2 usage or bad file, 3 inconclusive, "
      "4 a counterexample of a model goes another way, "
      "74 file trouble, or a server or the application does not start, 130 or 143 interrupted.");
}

}  // namespace cacherace::cli
