#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/work_log.hpp"
#include "sim/harness/compare/check.hpp"
#include "sim/harness/trace/trace_file.hpp"
#include "sim/report/text/check_text.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::cli {
namespace {

struct CheckArguments {
  std::vector<std::string> paths;
  Output output;
  harness::CheckOptions options;
  std::optional<Bytes> memory;
  std::optional<Duration> time_limit;  // of the search of one scenario, by the wall clock
};

// A folder stands for the scenario files below it, in the order of their names.
Result<std::vector<std::string>> files_of(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> below;
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
         at.increment(error))
      if (at->path().extension() == ".json" && at->is_regular_file(error))
        below.push_back(at->path().string());
    if (error || below.empty())
      return Problems{{.kind = error ? Problem::Kind::file : Problem::Kind::meaning,
                       .file = path,
                       .pointer = "",
                       .fact = error ? "the folder cannot be read: " + error.message()
                                     : "the folder has no scenario, no file that ends in .json",
                       .fix = ""}};
    std::sort(below.begin(), below.end());
    files.insert(files.end(), below.begin(), below.end());
  }
  return files;
}

report::Result checked(const scenario::Scenario& scenario, const CheckArguments& arguments,
                       ProgressLine& progress) {
  auto options = arguments.options;
  options.search.bytes_max = memory_for_searches(arguments.memory);
  WorkLog work(progress, arguments.output.verbose);
  work.loaded(scenario);
  options.search.log = options.run.log = work.log();
  options.search.go_on = [&](const harness::SearchProgress& now) {
    progress.show([&] {
      return fmt::format("{}: searching {} {}: {} states", scenario.file, now.strategy,
                         now.property, now.states);
    });
    return going(progress, arguments.time_limit);
  };
  options.run.go_on = [&](const harness::RunProgress& now) {
    progress.show(
        [&] { return fmt::format("{}: simulating: {:.0f} %", scenario.file, now.done * 100); });
    return !interrupted();
  };
  return harness::check(scenario, options);
}

int exit_code_of(const report::Result& all) {
  if (interrupted()) return interrupt_exit_code();
  if (report::all_met(all)) return exit_met;
  return report::none_missed(all) ? exit_inconclusive : exit_violated;
}

// A line as soon as it is known; in other formats all at the end.
int check_command(const CheckArguments& arguments) {
  const auto files = files_of(arguments.paths);
  if (!files) return fail(files.error());
  std::vector<NamedFile> read;
  for (const auto& file : *files) read.push_back({.option = "FILE", .path = file});
  if (const auto may = may_deliver(arguments.output, read); !may) return fail(may.error());

  catch_interrupts();
  const bool as_text = format_of(arguments.output) == report::Format::text;
  const bool at_once = as_text && arguments.output.path.empty();
  int worst = exit_met;
  std::string text;
  std::size_t wrong = 0;  // scenarios whose script is
  report::Result all{.kind = report::Result::Kind::comparisons};
  for (const auto& file : *files) {
    if (interrupted()) break;
    const auto scenario = open_traffic(file);
    if (!scenario) {
      worst = std::max(worst, fail(scenario.error()));
      continue;
    }
    ProgressLine progress(arguments.output.quiet);
    const report::TextStyle style{.color = at_once && use_color(arguments.output.color)};
    std::string line;
    try {
      all.comparisons.push_back(checked(*scenario, arguments, progress));
      progress.clear();
      line = report::check_line(file, all.comparisons.back(), style);
    } catch (const script::ScriptError& error) {
      progress.clear();
      ++wrong;
      const Problem problem = script::problem_of(error);
      line = report::check_line(file, problem, style);
      worst = std::max<int>(worst, at_once ? exit_usage : fail(Problems{problem}));
    }
    if (at_once)
      worst = std::max(worst, print(line));
    else
      text += line;
  }
  all.complete = all.comparisons.size() == files->size() && !interrupted();
  text += report::check_summary(all.comparisons, wrong);
  const auto delivered =
      as_text ? deliver_text(text, arguments.output) : deliver(all, arguments.output);
  if (!delivered) return fail(delivered.error());
  // What is wrong with a script is more than what is undecided for it.
  if (wrong > 0 && !interrupted()) return worst;
  return std::max(worst, exit_code_of(all));
}

}  // namespace

void add_check(CommandLine& line) {
  const auto arguments = std::make_shared<CheckArguments>();
  auto& options = arguments->options;
  auto check = line.add("check",
                        "Test each scenario's expectations by search and simulation, one line per "
                        "scenario",
                        [arguments] { return check_command(*arguments); });
  check.argument("FILE|FOLDER", arguments->paths,
                 "scenario files, names of shipped ones, or folders: every file below that ends in "
                 ".json");
  check.number("--states", options.search.states_max,
               "budget: states per strategy and property (50000000)", 1, any_number);
  check.number("--replicates", options.run.replicates,
               "simulate with this many consecutive seeds, starting at the seed (5)", 1, 10'000);
  add_memory(check, arguments->memory);
  check.duration("--time-limit", arguments->time_limit,
                 "budget: time for the searches of a scenario (none)");
  add_jobs(check, options.jobs);
  add_check_output(check, arguments->output);
  check.examples(
      {"cacherace check scenarios/", "cacherace check scenarios/ --format junit -o check.xml"});
  check.exit_codes(
      "0 all expectations met, 1 one is not, 2 usage or bad scenario, 3 the budget ended before "
      "all expectations were decided, 74 file trouble.");
}

}  // namespace cacherace::cli
