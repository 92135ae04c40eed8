#include <fmt/format.h>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/work_log.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/harness/input/limits.hpp"
#include "sim/harness/traffic/run.hpp"

namespace cacherace::cli {
namespace {

struct RunArguments {
  std::string file;
  Output output;
  std::vector<std::string> strategies;
  std::uint32_t replicates = 5;
  std::string baseline;  // "" for no differences
  std::optional<Duration> series;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> fail_on;
  std::optional<Duration> time_limit;  // of the wall clock
  unsigned jobs = 1;
};

std::string progress_text(const harness::RunProgress& now, double seconds) {
  const double simulated = now.simulated_seconds;
  return fmt::format(
      "{:.0f} % simulated ({:.0f} s, {:.0f} × real time), {:.2f} million operations/s, about "
      "{:.0f} s left",
      now.done * 100, simulated, simulated / seconds,
      static_cast<double>(now.operations) / seconds / 1e6,
      seconds * (1 - now.done) / std::max(now.done, 1e-9));
}

Problems too_fine(const scenario::Scenario& scenario, Duration resolution) {
  const Duration least = harness::resolution_for(scenario, harness::series_buckets_max);
  if (resolution >= least) return {};
  return {
      {.kind = Problem::Kind::meaning,
       .file = scenario.file,
       .pointer = "/traffic/duration",
       .fact = fmt::format("a series of {} needs more than {} buckets for {} of traffic",
                           duration_text(resolution), harness::series_buckets_max,
                           duration_text(scenario.traffic.duration)),
       .fix = fmt::format("ask for --series {}us or more", least / std::chrono::microseconds(1))}};
}

int run_command(const RunArguments& arguments) {
  const auto opened = open_traffic(arguments.file);
  if (!opened) return fail(opened.error());
  auto scenario = harness::with_limits(*opened, arguments.fail_on);
  if (!scenario) return fail(scenario.error());
  auto named = arguments.strategies;
  if (!arguments.baseline.empty()) named.push_back(arguments.baseline);
  if (const auto problems = unknown_strategies(*scenario, named); !problems.empty())
    return fail(problems);
  if (arguments.series)
    if (const auto problems = too_fine(*scenario, *arguments.series); !problems.empty())
      return fail(problems);
  if (const auto may = may_deliver(arguments.output, files_read(*scenario)); !may)
    return fail(may.error());
  if (arguments.seed) scenario->seed = *arguments.seed;

  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  WorkLog work(progress, arguments.output.verbose);
  work.loaded(*scenario);
  const auto result = harness::run(
      *scenario, {.strategies = arguments.strategies.empty() ? arguments.strategies : named,
                  .replicates = arguments.replicates,
                  .baseline = arguments.baseline,
                  .series = arguments.series,
                  .jobs = arguments.jobs,
                  .go_on =
                      [&](const harness::RunProgress& now) {
                        progress.show([&] { return progress_text(now, progress.seconds()); });
                        return going(progress, arguments.time_limit) == harness::Going::on;
                      },
                  .log = work.log()});
  progress.clear();
  if (const auto delivered = deliver(result, arguments.output); !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
  if (!result.complete) return exit_inconclusive;
  return report::all_met(result) ? exit_met : exit_violated;
}

}  // namespace

void add_run(CommandLine& line) {
  const auto arguments = std::make_shared<RunArguments>();
  auto run =
      line.add("run", "Simulate a scenario's traffic and measure staleness, load and latency",
               [arguments] { return run_command(*arguments); });
  add_scenario(run, arguments->file, arguments->strategies, arguments->seed);
  run.number("--replicates", arguments->replicates,
             "simulate with this many consecutive seeds, starting at the seed (5)", 1, 10'000);
  run.text("--baseline", arguments->baseline, "NAME",
           "show how the other strategies' metrics differ from this one's, seed by seed");
  run.duration("--series", arguments->series,
               "show metrics over time, in buckets of this width; in JSON also distributions");
  add_fail_on(run, arguments->fail_on);
  add_time_limit_of_run(run, arguments->time_limit);
  add_jobs(run, arguments->jobs);
  add_told_output(run, arguments->output);
  run.examples(
      {"cacherace run scenarios/stale-repopulate.json",
       "cacherace run scenarios/stale-repopulate.json --replicates 20 --format json -o run.json",
       "cacherace run scenarios/stale-repopulate.json --baseline cache-aside --series 10s"});
  run.exit_codes(
      "0 expectations met, 1 not met, 2 usage or bad scenario, 3 ended by the time limit, 74 file "
      "trouble.");
}

}  // namespace cacherace::cli
