#include <fmt/format.h>

#include <algorithm>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/harness/compare.hpp"
#include "sim/harness/limits.hpp"

namespace cacherace::cli {
namespace {

struct CompareArguments {
  std::string file;
  Output output;
  harness::CompareOptions options;
  std::optional<Duration> time_limit;  // of the search, by the wall clock
  std::optional<std::uint64_t> seed;
  std::vector<std::string> fail_on;  // "db_qps_peak>5000"
};

int compare_command(const CompareArguments& arguments) {
  auto opened = open_traffic(arguments.file);
  if (!opened) return fail(opened.error());
  auto names = arguments.options.strategies;
  if (!arguments.options.baseline.empty()) names.push_back(arguments.options.baseline);
  if (const auto problems = unknown_strategies(*opened, names); !problems.empty())
    return fail(problems);
  auto scenario = harness::with_limits(*opened, arguments.fail_on);
  if (!scenario) return fail(scenario.error());
  if (const auto may = may_deliver(arguments.output); !may) return fail(may.error());
  if (arguments.seed) scenario->seed = *arguments.seed;

  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  auto options = arguments.options;
  options.search.go_on = [&](const harness::SearchProgress& now) {
    progress.show([&] {
      return fmt::format("searching {} {}: {} states", now.strategy, now.property, now.states);
    });
    return going(progress, arguments.time_limit);
  };
  options.run.go_on = [&](const harness::RunProgress& now) {
    progress.show([&] { return fmt::format("simulating: {:.0f} %", now.done * 100); });
    return !interrupted();
  };
  const auto outcome = harness::compare(*scenario, options);
  progress.clear();
  if (const auto delivered = deliver(outcome.result, arguments.output); !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
  return report::all_met(outcome.result) ? exit_met : exit_violated;
}

}  // namespace

void add_compare(CommandLine& line) {
  const auto arguments = std::make_shared<CompareArguments>();
  auto& options = arguments->options;
  auto compare =
      line.add("compare", "Search and simulate every strategy, and say which one to take",
               [arguments] { return compare_command(*arguments); });
  add_scenario(compare, arguments->file, options.strategies, arguments->seed);
  compare.text("--baseline", options.baseline, "NAME",
               "the strategy that the others are compared with (cache-aside, or the first)");
  add_properties(compare, options.search.properties);
  compare.text("--fail-on", arguments->fail_on, "LIMIT",
               "exit 1 when this holds of a strategy: 'db_qps_peak>5000'; may be repeated");
  compare.number("--replicates", options.run.replicates,
                 "simulate with this many seeds, counting up from the seed (5)", 1, 10'000);
  compare.number("--states", options.search.states_max,
                 "budget: states per strategy and property (2000000)", 1, any_number);
  compare.duration("--time-limit", arguments->time_limit,
                   "budget: time for the search of all strategies (none)");
  add_jobs(compare, options.jobs);
  add_result_output(compare, arguments->output);
  compare.examples(
      {"cacherace compare scenarios/stale-repopulate.json",
       "cacherace compare my.json --baseline cache-aside --fail-on 'db_qps_peak>5000'"});
  compare.exit_codes("0 expectations met, 1 not met, 2 usage or bad scenario, 74 file trouble.");
}

}  // namespace cacherace::cli
