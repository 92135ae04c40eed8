#include <fmt/format.h>

#include <algorithm>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/work_log.hpp"
#include "sim/harness/traffic/axis.hpp"
#include "sim/harness/traffic/sweep.hpp"

namespace cacherace::cli {
namespace {

struct SweepArguments {
  std::string file;
  Output output;
  harness::SweepOptions options;
  std::vector<std::string> axes;  // "/cache/latency=1ms..10ms"
  std::vector<std::string> metrics;
  std::optional<std::uint64_t> seed;
  std::optional<Duration> time_limit;  // of the wall clock
};

int sweep_command(const SweepArguments& arguments) {
  auto scenario = open_traffic(arguments.file);
  if (!scenario) return fail(scenario.error());
  auto options = arguments.options;
  if (const auto problems = unknown_strategies(*scenario, options.run.strategies);
      !problems.empty())
    return fail(problems);
  if (arguments.axes.empty() || arguments.axes.size() > 2)
    return fail("give one or two ranges: --sweep /strategies/NAME/expiry/ttl=1s..300s:log:12");
  for (const auto& text : arguments.axes) {
    auto axis = harness::parse_axis(text);
    if (!axis) return fail(axis.error());
    options.axes.push_back(*std::move(axis));
  }
  for (const auto& name : arguments.metrics) options.metrics.push_back(*metric_named(name));
  if (const auto may = may_deliver(arguments.output, files_read(*scenario)); !may)
    return fail(may.error());
  if (arguments.seed) scenario->seed = *arguments.seed;

  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  WorkLog work(progress, arguments.output.verbose);
  work.loaded(*scenario);
  options.run.log = work.log();
  options.run.go_on = [&](const harness::RunProgress& now) {
    progress.show([&] { return fmt::format("{:.0f} % simulated", now.done * 100); });
    return going(progress, arguments.time_limit) == harness::Going::on;
  };
  const auto result = harness::sweep(*scenario, options);
  progress.clear();
  if (!result) return fail(result.error());
  if (const auto delivered = deliver(*result, arguments.output); !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
  if (!report::all_met(*result)) return exit_violated;
  return result->complete ? exit_met : exit_inconclusive;
}

}  // namespace

void add_sweep(CommandLine& line) {
  const auto arguments = std::make_shared<SweepArguments>();
  auto& options = arguments->options;
  auto sweep =
      line.add("sweep", "Simulate the traffic over a range of values of one or two settings",
               [arguments] { return sweep_command(*arguments); });
  add_scenario(sweep, arguments->file, options.run.strategies, arguments->seed);
  sweep.text("--sweep", arguments->axes, "RANGE",
             "the setting and its values: /cache/latency=1ms..10ms:lin:4, or POINTER=VALUE,VALUE; "
             "may be given twice");
  add_metrics(sweep, arguments->metrics, "show this metric and find its knee; may be repeated");
  sweep.number("--replicates", options.run.replicates,
               "simulate with this many consecutive seeds, starting at the seed (5)", 1, 10'000);
  add_fail_on(sweep, options.crossed);
  add_time_limit_of_run(sweep, arguments->time_limit);
  add_jobs(sweep, options.run.jobs);
  add_told_output(sweep, arguments->output);
  sweep.examples(
      {"cacherace sweep scenarios/ttl-backstop.json --sweep '/strategies/ttl 5s "
       "alone/expiry/ttl=1s..60s'",
       "cacherace sweep my.json --sweep /cache/maxmemory=1mb..64mb:log:7 --metric hit_ratio"});
  sweep.exit_codes(
      "0 done, 1 a limit was not met at some value, 2 usage or bad scenario, 3 ended by the time "
      "limit, 74 file trouble.");
}

}  // namespace cacherace::cli
