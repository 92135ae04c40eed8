#include <unistd.h>

#include <iostream>
#include <limits>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/files.hpp"
#include "sim/harness/counterexample/replay.hpp"
#include "sim/report/words.hpp"

namespace cacherace::cli {
namespace {

struct ReplayArguments {
  std::string file;
  Output output;
  std::string scenario;  // a file whose strategies replace the saved ones; "" for none
  bool step = false;
  bool live = false;
  RealServers servers;
  std::uint64_t seed = 1;  // of what is drawn after a divergence
};

// Why the options do not fit together; "" when they do.
std::string misfit(const ReplayArguments& arguments) {
  const auto& servers = arguments.servers;
  if (!arguments.live)
    return servers.redis.empty() && servers.postgres.empty() ? ""
                                                             : "--redis and --postgres need --live";
  if (arguments.step || !arguments.scenario.empty())
    return "--live performs the file's own steps: neither --step nor --scenario";
  if (format_of(arguments.output) != report::Format::text)
    return "--live writes its result as text";
  return "";
}

// One step at a time; Enter goes on, the end of input shows the rest. An exit code.
int step_through(const report::Replay& replay) {
  const auto times = report::times_of_steps(replay.shown);
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] == 0) continue;
    if (const int code = print(report::step_text(replay, i, times[i])); code != exit_met)
      return code;
    std::string line;
    tell("  Enter for the next step ");
    std::getline(std::cin, line);
  }
  return exit_met;
}

int replay_command(const ReplayArguments& arguments) {
  if (const auto why = misfit(arguments); !why.empty()) return fail(why);
  const auto text = read_file(arguments.file, counterexample_file);
  if (!text) return fail(text.error());
  const auto read = files_read(arguments.file, arguments.scenario);
  if (const auto may = may_deliver(arguments.output, read); !may) return fail(may.error());
  if (is_of_application(*text) && arguments.live)
    return fail("--live is for counterexamples of a simulation: this one is of an application");
  if (is_of_application(*text)) return replay_driven(*text, arguments.file, arguments.output);
  std::optional<scenario::Scenario> other;
  if (!arguments.scenario.empty()) {
    auto opened = open_scenario(arguments.scenario);
    if (!opened) return fail(opened.error());
    other = *std::move(opened);
  }
  const auto replay = harness::replay(*text, arguments.file == "-" ? "stdin" : arguments.file,
                                      other ? &*other : nullptr, arguments.seed);
  if (!replay) return fail(replay.error());
  if (arguments.live && !replay->divergence)
    return replay_live(*replay, arguments.servers, arguments.output);

  const Output& output = arguments.output;
  const bool to_terminal = output.path.empty() && format_of(output) == report::Format::text &&
                           ::isatty(STDIN_FILENO) == 1 && stdout_is_terminal();
  if (arguments.step && to_terminal)
    if (const int code = step_through(*replay); code != exit_met) return code;
  const bool list_states = arguments.step && !to_terminal;
  const bool color = output.path.empty() && use_color(output.color);
  const auto format = format_of(output);
  const auto delivered = deliver_text(format == report::Format::json ? report::to_json(*replay)
                                      : format == report::Format::html
                                          ? report::to_html(*replay)
                                          : report::to_text(*replay, {.color = color}, list_states),
                                      output);
  if (!delivered) return fail(delivered.error());
  return replay->divergence ? exit_diverged : exit_met;
}

}  // namespace

void add_replay(CommandLine& line) {
  const auto arguments = std::make_shared<ReplayArguments>();
  auto replay = line.add(
      "replay", "Perform a saved counterexample again, and verify its steps and its finding",
      [arguments] { return replay_command(*arguments); });
  replay.argument("FILE", arguments->file, "counterexample file, as written by search --save");
  replay.text("--scenario", arguments->scenario, "FILE",
              "take the strategy from this scenario, not from the saved one");
  replay.flag("--step", arguments->step,
              "show cache, row and clients after each step; on a terminal, press Enter for the "
              "next step");
  replay.flag("--live", arguments->live,
              "perform the steps on real servers, and hold each reply against the file's");
  replay.text("--redis", arguments->servers.redis, "URL",
              "with --live: redis://…, or the path of a socket (a server of its own)");
  replay.text("--postgres", arguments->servers.postgres, "DSN",
              "with --live: postgresql://…, or keywords of libpq (a server of its own)");
  replay.number("--seed", arguments->seed,
                "seed of the steps that are drawn after the saved ones when a step diverged (1)", 0,
                std::numeric_limits<std::uint64_t>::max());
  add_page_output(replay, arguments->output);
  replay.examples({"cacherace replay race.json --step", "cacherace replay race.json -o race.html",
                   "cacherace replay race.json --scenario scenarios/stale-repopulate.json",
                   "cacherace replay race.json --live"});
  replay.note(
      "When a step no longer matches, the replay follows the other steps as far as "
      "possible.");
  replay.note(
      "With --live, keys begin with \"cacherace:\" and tables are in the schema \"cacherace\": a "
      "server that has such already is refused, and both are removed at the end. See: cacherace "
      "describe --commands");
  replay.exit_codes("0 the same steps and finding, 2 bad file, 4 diverged, 74 file trouble.");
}

}  // namespace cacherace::cli
