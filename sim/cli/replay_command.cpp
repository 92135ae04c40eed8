#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/cli/files.hpp"
#include "sim/harness/replay.hpp"

namespace cacherace::cli {
namespace {

// One step at a time; Enter goes on, the end of input shows the rest.
void step_through(const report::Replay& replay) {
  for (std::size_t i = 0; i < replay.shown.steps.size(); ++i) {
    fmt::print("{}", report::step_text(replay, i));
    std::fflush(stdout);
    std::string line;
    fmt::print(stderr, "  Enter for the next step ");
    std::getline(std::cin, line);
  }
}

}  // namespace

int replay_command(const ReplayArguments& arguments) {
  const auto text = read_file(arguments.file);
  if (!text) return fail(text.error());
  if (const auto may = may_deliver(arguments.output); !may) return fail(may.error());
  std::optional<scenario::Scenario> other;
  if (!arguments.scenario.empty()) {
    auto opened = open_scenario(arguments.scenario);
    if (!opened) return fail(opened.error());
    other = *std::move(opened);
  }
  const auto replay = harness::replay(*text, arguments.file == "-" ? "stdin" : arguments.file,
                                      other ? &*other : nullptr);
  if (!replay) return fail(replay.error());

  const Output& output = arguments.output;
  const bool to_terminal = output.path.empty() && output.format == Format::text &&
                           ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  if (arguments.step && to_terminal) step_through(*replay);
  const bool list_states = arguments.step && !to_terminal;
  const bool color = output.path.empty() && use_color(output.color);
  const auto delivered = deliver_text(output.format == Format::json
                                          ? report::to_json(*replay)
                                          : report::to_text(*replay, {.color = color}, list_states),
                                      output);
  if (!delivered) return fail(delivered.error());
  return replay->divergence ? exit_diverged : exit_met;
}

}  // namespace cacherace::cli
