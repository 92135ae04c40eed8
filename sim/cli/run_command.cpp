#include <fmt/format.h>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/harness/run.hpp"

namespace cacherace::cli {
namespace {

struct RunArguments {
  std::string file;
  Output output;
  std::vector<std::string> strategies;
  std::uint32_t replicates = 5;
  std::optional<std::uint64_t> seed;
  unsigned jobs = 1;
};

int run_command(const RunArguments& arguments) {
  auto scenario = open_traffic(arguments.file);
  if (!scenario) return fail(scenario.error());
  if (const auto problems = unknown_strategies(*scenario, arguments.strategies); !problems.empty())
    return fail(problems);
  if (const auto may = may_deliver(arguments.output); !may) return fail(may.error());
  if (arguments.seed) scenario->seed = *arguments.seed;

  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  const auto result = harness::run(
      *scenario, {.strategies = arguments.strategies,
                  .replicates = arguments.replicates,
                  .jobs = arguments.jobs,
                  .go_on = [&](double done) {
                    progress.show([&] {
                      const double left = progress.seconds() * (1 - done) / std::max(done, 1e-9);
                      return fmt::format("{:.0f} % simulated, about {:.0f} s left", done * 100,
                                         left);
                    });
                    return !interrupted();
                  }});
  progress.clear();
  if (const auto delivered = deliver(result, arguments.output); !delivered)
    return fail(delivered.error());
  if (interrupted()) return interrupt_exit_code();
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
             "simulate with this many seeds, counting up from the seed (5)", 1, 10'000);
  add_jobs(run, arguments->jobs);
  add_result_output(run, arguments->output);
  run.examples(
      {"cacherace run scenarios/stale-repopulate.json",
       "cacherace run scenarios/stale-repopulate.json --replicates 20 --format json -o run.json"});
  run.exit_codes("0 expectations met, 1 not met, 2 usage or bad scenario, 74 file trouble.");
}

}  // namespace cacherace::cli
