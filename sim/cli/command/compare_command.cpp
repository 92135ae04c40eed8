#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/work_log.hpp"
#include "sim/harness/compare/compare.hpp"
#include "sim/harness/input/limits.hpp"
#include "sim/harness/trace/trace_file.hpp"

namespace cacherace::cli {
namespace {

struct CompareArguments {
  std::vector<std::string> files;
  Output output;
  harness::CompareOptions options;
  std::optional<Bytes> memory;
  std::optional<Duration> time_limit;  // of the search of one scenario, by the wall clock
  std::optional<std::uint64_t> seed;
  std::vector<std::string> fail_on;  // "db_qps_peak>5000"
};

Result<scenario::Scenario> opened(const std::string& file, const CompareArguments& arguments) {
  auto scenario = open_traffic(file);
  if (!scenario) return scenario;
  auto names = arguments.options.strategies;
  if (!arguments.options.baseline.empty()) names.push_back(arguments.options.baseline);
  if (auto problems = unknown_strategies(*scenario, names); !problems.empty()) return problems;
  auto limited = harness::with_limits(*scenario, arguments.fail_on);
  if (limited && arguments.seed) limited->seed = *arguments.seed;
  return limited;
}

// What is wrong with an option is wrong with it for every file, and said once.
Problems not_yet_said(const Problems& problems, std::set<std::string>& said) {
  Problems fresh;
  for (const auto& problem : problems)
    if (said.insert(to_text(problem)).second) fresh.push_back(problem);
  return fresh;
}

// Those that make sense; `exit_code` is that of those that do not.
std::vector<scenario::Scenario> all_opened(const CompareArguments& arguments, int& exit_code) {
  std::vector<scenario::Scenario> scenarios;
  std::set<std::string> said;
  for (const auto& file : arguments.files) {
    auto scenario = opened(file, arguments);
    if (scenario)
      scenarios.push_back(*std::move(scenario));
    else if (const auto problems = not_yet_said(scenario.error(), said); !problems.empty())
      exit_code = std::max(exit_code, fail(problems));
  }
  return scenarios;
}

report::Result compared(const scenario::Scenario& scenario, const CompareArguments& arguments,
                        const std::string& which) {
  ProgressLine progress(arguments.output.quiet);
  WorkLog work(progress, arguments.output.verbose);
  work.loaded(scenario);
  auto options = arguments.options;
  options.search.bytes_max = memory_for_searches(arguments.memory);
  work.may_take(options.search.bytes_max);
  options.search.log = options.run.log = work.log();
  options.search.go_on = [&](const harness::SearchProgress& now) {
    progress.show([&] {
      return fmt::format("{}searching {} {}: {} states", which, now.strategy, now.property,
                         now.states);
    });
    return going(progress, arguments.time_limit);
  };
  options.run.go_on = [&](const harness::RunProgress& now) {
    progress.show([&] { return fmt::format("{}simulating: {:.0f} %", which, now.done * 100); });
    return !interrupted();
  };
  return harness::compare(scenario, options).result;
}

// What was compared is shown, whatever became of the other files.
int compare_command(const CompareArguments& arguments) {
  int exit_code = exit_met;
  const auto scenarios = all_opened(arguments, exit_code);
  if (scenarios.empty()) return exit_code;
  std::vector<NamedFile> read;
  for (const auto& scenario : scenarios)
    for (auto& file : files_read(scenario)) read.push_back(std::move(file));
  if (const auto may = may_deliver(arguments.output, read); !may) return fail(may.error());

  catch_interrupts();
  report::Result all{.kind = report::Result::Kind::comparisons};
  for (const auto& scenario : scenarios) {
    if (interrupted()) break;
    const auto which = arguments.files.size() == 1 ? "" : scenario.file + ": ";
    try {
      all.comparisons.push_back(compared(scenario, arguments, which));
    } catch (const harness::BrokenRun& broken) {
      exit_code = std::max(exit_code, fail(Problems{broken.problem}));
    }
  }
  if (all.comparisons.empty()) return exit_code;
  all.complete = all.comparisons.size() == arguments.files.size() && !interrupted();
  const bool alone = arguments.files.size() == 1;
  if (const auto delivered = deliver(alone ? all.comparisons[0] : all, arguments.output);
      !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
  if (report::all_met(all)) return exit_code;
  if (report::none_missed(all)) return exit_code == exit_met ? exit_inconclusive : exit_code;
  return std::max<int>(exit_code, exit_violated);
}

}  // namespace

void add_compare(CommandLine& line) {
  const auto arguments = std::make_shared<CompareArguments>();
  auto& options = arguments->options;
  auto compare = line.add("compare", "Search and simulate every strategy, and recommend one",
                          [arguments] { return compare_command(*arguments); });
  add_scenarios(compare, arguments->files, options.strategies, arguments->seed);
  compare.text("--baseline", options.baseline, "NAME",
               "the strategy to compare the others with (cache-aside, or the first)");
  add_properties(compare, options.search.properties);
  compare.flag(
      "--pauses", options.pauses,
      "say for which pauses of a client each property holds under the scenario's latencies");
  add_fail_on(compare, arguments->fail_on);
  compare.number("--replicates", options.run.replicates,
                 "simulate with this many consecutive seeds, starting at the seed (5)", 1, 10'000);
  compare.number("--states", options.search.states_max,
                 "budget: states per strategy and property (2000000)", 1, any_number);
  add_memory(compare, arguments->memory);
  compare.duration("--time-limit", arguments->time_limit,
                   "budget: time for the search of all strategies of a scenario (none)");
  add_jobs(compare, options.jobs);
  add_told_output(compare, arguments->output);
  compare.examples(
      {"cacherace compare stampede-on-a-hot-key",
       "cacherace compare scenarios/*.json -o compared.html",
       "cacherace compare my.json --baseline cache-aside --fail-on 'db_qps_peak>5000'"});
  compare.note(
      "Several files make one report, with a table that shows the recommendation for each. A file "
      "with errors is reported and left out.");
  compare.exit_codes(
      "0 expectations met, 1 not met, 3 undecided because a search ended early, 2 usage or bad "
      "scenario, 74 file trouble; of several files, the first that applies of 74, 2, 1, 3.");
}

}  // namespace cacherace::cli
