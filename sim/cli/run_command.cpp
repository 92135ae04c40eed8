#include <fmt/format.h>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/harness/run.hpp"

namespace cacherace::cli {

int run_command(const RunArguments& arguments) {
  auto scenario = open_scenario(arguments.file);
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

}  // namespace cacherace::cli
