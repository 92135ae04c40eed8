#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/work_log.hpp"
#include "sim/core/property_table.hpp"
#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/report/escape.hpp"

namespace cacherace::cli {
namespace {

struct FuzzArguments {
  std::string file;
  Output output;
  harness::FuzzOptions options;
  std::optional<Bytes> memory;
  std::optional<Duration> time_limit;  // of the wall clock
  std::optional<std::uint64_t> seed;
  std::optional<Verdict> expect;
  std::string save;
};

const std::map<std::string, Verdict> verdicts{
    {std::string(name(Verdict::violated)), Verdict::violated},
    {std::string(name(Verdict::clean_so_far)), Verdict::clean_so_far}};

// "double-delete" for "Double delete!".
std::string as_file_name(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80U && std::isalnum(byte) != 0;
    if (plain)
      out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "strategy" : out;
}

struct FoundFile {
  std::string path;
  std::string content;
};

// A scenario and a counterexample for each violation, and their names in the result.
std::vector<FoundFile> files_of(const std::string& folder, harness::FuzzOutcome& outcome) {
  std::vector<FoundFile> files;
  std::map<std::string, int> taken;
  std::size_t next = 0;
  for (auto& strategy : outcome.result.results)
    for (auto& property : strategy.properties) {
      if (!property.smallest) continue;
      auto stem = fmt::format("{}.{}", as_file_name(strategy.strategy), property.name);
      if (const int times = ++taken[stem]; times > 1) stem += fmt::format("-{}", times);
      const auto path = (std::filesystem::path(folder) / stem).string();
      property.smallest->saved = path + ".json";
      property.counterexample->saved = path + ".race.json";
      files.push_back({property.smallest->saved, property.smallest->json});
      files.push_back(
          {property.counterexample->saved, report::to_json(outcome.counterexamples[next++])});
    }
  return files;
}

// The files of as many violations as there can be: strategies whose names make the same file name
// are told apart by a number.
std::vector<NamedFile> may_be_saved(const FuzzArguments& arguments,
                                    const scenario::Scenario& scenario) {
  std::vector<NamedFile> files;
  if (arguments.save.empty()) return files;
  const std::filesystem::path folder(arguments.save);
  std::map<std::string, int> taken;
  for (const auto& strategy : scenario.strategies) {
    const auto name = as_file_name(strategy.name);
    const int times = ++taken[name];
    for (const auto property : property_names) {
      auto stem = fmt::format("{}.{}", name, property);
      if (times > 1) stem += fmt::format("-{}", times);
      for (const char* extension : {".json", ".race.json"})
        files.push_back({.option = "--save", .path = (folder / (stem + extension)).string()});
    }
  }
  return files;
}

// All of the files, or none.
Result<void> save(const std::string& folder, bool overwrite, harness::FuzzOutcome& outcome) {
  const auto files = files_of(folder, outcome);
  if (files.empty()) return {};
  if (const auto made = make_folder(folder); !made) return made;
  for (const auto& file : files)
    if (const auto may = may_write(file.path, overwrite); !may) return may;
  for (const auto& file : files)
    if (const auto written = write_file(file.path, file.content, overwrite); !written)
      return written;
  return {};
}

std::string progress_text(const harness::FuzzProgress& now) {
  if (now.cases == 0) return "drawing races";
  if (now.strategy.empty()) return fmt::format("{} of {} races", now.searched, now.cases);
  return fmt::format("{} {}: looking for the simplest race, {} tried", now.strategy, now.property,
                     now.tried);
}

int exit_code(const harness::FuzzOutcome& outcome, const std::optional<Verdict>& expect) {
  if (!expect)
    return outcome.unexpected ? exit_violated : outcome.missed ? exit_inconclusive : exit_met;
  bool wrong = false, inconclusive = false;
  for (const auto& strategy : outcome.result.results)
    for (const auto& property : strategy.properties) {
      const bool met = property.verdict == *expect;
      wrong |= !met && property.verdict != Verdict::clean_so_far;
      inconclusive |= !met && property.verdict == Verdict::clean_so_far;
    }
  return wrong ? exit_violated : inconclusive ? exit_inconclusive : exit_met;
}

// The options that chose what was searched, to be typed again.
std::string selection(const FuzzArguments& arguments) {
  std::string options;
  for (const auto& strategy : arguments.options.strategies)
    options += " --strategy " + report::quoted_for_shell(strategy);
  for (const auto& property : arguments.options.properties) options += " --property " + property;
  const harness::FuzzOptions usual;
  if (arguments.options.cases != usual.cases)
    options += fmt::format(" --cases {}", arguments.options.cases);
  if (arguments.options.percent != usual.percent)
    options += fmt::format(" --size {}", arguments.options.percent);
  if (arguments.options.states_max != usual.states_max)
    options += fmt::format(" --states {}", arguments.options.states_max);
  if (arguments.seed) options += fmt::format(" --seed {}", *arguments.seed);
  return options;
}

void hint(const FuzzArguments& arguments, const harness::FuzzOutcome& outcome) {
  const bool shown = arguments.file != "-" && arguments.save.empty() && !arguments.output.quiet &&
                     format_of(arguments.output) == report::Format::text;
  if (shown && !outcome.counterexamples.empty())
    tell(fmt::format(
        "\nTo keep these races, search and replay them:\n  cacherace fuzz {}{} --save found\n",
        report::quoted_for_shell(arguments.file), selection(arguments)));
}

int fuzz_command(const FuzzArguments& arguments) {
  auto scenario = open_scenario(arguments.file);
  if (!scenario) return fail(scenario.error());
  if (const auto problems = unknown_strategies(*scenario, arguments.options.strategies);
      !problems.empty())
    return fail(problems);
  if (const auto may =
          may_deliver(arguments.output, files_read(*scenario), may_be_saved(arguments, *scenario));
      !may)
    return fail(may.error());
  if (!arguments.save.empty())
    if (const auto may = may_make_folder(arguments.save); !may) return fail(may.error());
  if (arguments.seed) scenario->seed = *arguments.seed;

  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  WorkLog work(progress, arguments.output.verbose);
  work.loaded(*scenario);
  auto options = arguments.options;
  options.bytes_max = memory_for_searches(arguments.memory);
  work.may_take(options.bytes_max);
  options.log = work.log();
  options.go_on = [&](const harness::FuzzProgress& now) {
    progress.show([&] { return progress_text(now); });
    return going(progress, arguments.time_limit);
  };
  auto outcome = harness::fuzz(*scenario, options);
  progress.clear();
  if (!outcome) return fail(outcome.error());
  // What could not be saved is still shown.
  const auto saved = arguments.save.empty()
                         ? Result<void>()
                         : save(arguments.save, arguments.output.force, *outcome);
  if (const auto delivered = deliver(outcome->result, arguments.output); !delivered)
    return fail(delivered.error());
  if (!saved) return fail(saved.error());
  if (interrupted()) return interrupt_exit_code();
  hint(arguments, *outcome);
  return exit_code(*outcome, arguments.expect);
}

}  // namespace

void add_fuzz(CommandLine& line) {
  const auto arguments = std::make_shared<FuzzArguments>();
  auto& options = arguments->options;
  auto fuzz = line.add("fuzz",
                       "Search a scenario's race and random variants of it, and simplify each "
                       "race that breaks a property",
                       [arguments] { return fuzz_command(*arguments); });
  add_scenario(fuzz, arguments->file, options.strategies, arguments->seed);
  add_properties(fuzz, options.properties);
  fuzz.number("--cases", options.cases, "how many races to draw, besides the scenario's own (100)",
              1, 100'000);
  fuzz.number("--size", options.percent,
              "how much of the ranges of counts the largest races use, in percent (100)", 1, 100);
  fuzz.number("--states", options.states_max,
              "budget: states per race, strategy and property (200000)", 1, any_number);
  add_memory(fuzz, arguments->memory);
  fuzz.duration("--time-limit", arguments->time_limit, "budget: time for the whole search (none)");
  add_jobs(fuzz, options.jobs);
  fuzz.choice("--expect", verdicts, arguments->expect,
              "exit 0 if every verdict is this one, and only then");
  fuzz.text("--save", arguments->save, "FOLDER",
            "save the simplest scenarios that violate, and their counterexamples, in this folder");
  add_told_output(fuzz, arguments->output);
  fuzz.examples({"cacherace fuzz scenarios/stale-repopulate.json",
                 "cacherace fuzz my.json --cases 1000 --seed 7 --save found"});
  fuzz.note(
      "The scenario's own race is searched first. Its section \"vary\" states the ranges of the "
      "others. A property without a violation is clean so far: a sample of races proves nothing "
      "about other races.");
  fuzz.exit_codes(
      "0 nothing unexpected, 1 a violation that the scenario does not expect, 2 usage or bad "
      "scenario, 3 an expected violation was not found, 74 file trouble.");
}

}  // namespace cacherace::cli
