#include "sim/cli/options/common_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "sim/cli/system/machine.hpp"
#include "sim/core/metric_table.hpp"
#include "sim/core/property_table.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::cli {
namespace {

using Formats = std::vector<report::FormatName>;

// All, or those of a few.
Formats formats(const std::vector<report::Format>& few = {}) {
  Formats found;
  for (const auto& candidate : report::formats)
    if (few.empty() || std::find(few.begin(), few.end(), candidate.format) != few.end())
      found.push_back(candidate);
  return found;
}

void add_output_as(Command& command, Output& output, Formats formats) {
  output.formats = std::move(formats);
  std::map<std::string, report::Format> choices;
  for (const auto& format : output.formats) choices.emplace(format.name, format.format);
  command.choice("--format", choices, output.format,
                 "how the result is written (as the extension of --output says: " +
                     extensions_of(output) + "; else text)");
  command.text("-o,--output", output.path, "FILE", "write the result to this file, not to stdout");
  command.flag("--force", output.force, "overwrite existing files");
  command.flag("-q,--quiet", output.quiet, "no progress line and no hints");
  add_color(command, output.color);
}

const std::map<std::string, ColorChoice> colors{{"auto", ColorChoice::automatic},
                                                {"always", ColorChoice::always},
                                                {"never", ColorChoice::never}};

template <typename Names>
Command::Check known(const Names& names, const std::string& kind, const std::string& plural) {
  return [=](const std::string& text) -> std::string {
    const std::vector<std::string> all(names.begin(), names.end());
    if (std::find(all.begin(), all.end(), text) != all.end()) return "";
    return "unknown " + kind + " \"" + text + "\"; " +
           harness::did_you_mean(text, all, "see: cacherace list " + plural);
  };
}

void add_selection(Command& command, std::vector<std::string>& strategies,
                   std::optional<std::uint64_t>& seed) {
  command.text("--strategy", strategies, "NAME", "use only this strategy; may be repeated");
  command.number("--seed", seed, "use this seed instead of the scenario's", 0, any_number);
}

}  // namespace

void add_color(Command& command, ColorChoice& color) {
  command.choice("--color", colors, color,
                 "colours on stdout (auto: on a terminal, unless NO_COLOR is set)");
}

std::string extensions_of(const Output& output) {
  std::string text;
  for (std::size_t i = 0; i < output.formats.size(); ++i)
    text += fmt::format("{}{}",
                        i == 0                           ? ""
                        : i + 1 == output.formats.size() ? " or "
                                                         : ", ",
                        output.formats[i].extension);
  return text;
}

void add_output(Command& command, Output& output) {
  add_output_as(command, output, formats({report::Format::text, report::Format::json}));
}

void add_page_output(Command& command, Output& output) {
  add_output_as(command, output,
                formats({report::Format::text, report::Format::json, report::Format::html}));
}

void add_result_output(Command& command, Output& output) {
  add_output_as(command, output, formats());
}

void add_drive_output(Command& command, Output& output) {
  add_output_as(command, output,
                formats({report::Format::text, report::Format::json, report::Format::markdown,
                         report::Format::junit, report::Format::html}));
}

void add_check_output(Command& command, Output& output) {
  add_output_as(command, output, formats({report::Format::text, report::Format::junit}));
  command.flag("-v,--verbose", output.verbose,
               "report on stderr the result and duration of each part of the work");
  command.excludes("--verbose", "--quiet");
}

void add_told_output(Command& command, Output& output) {
  add_result_output(command, output);
  command.flag("-v,--verbose", output.verbose,
               "report on stderr the result and duration of each part of the work");
  command.excludes("--verbose", "--quiet");
}

void add_scenario(Command& command, std::string& file, std::vector<std::string>& strategies,
                  std::optional<std::uint64_t>& seed) {
  command.argument("FILE", file, "scenario file, name of a shipped scenario, or - for stdin");
  add_selection(command, strategies, seed);
}

void add_scenarios(Command& command, std::vector<std::string>& files,
                   std::vector<std::string>& strategies, std::optional<std::uint64_t>& seed) {
  command.argument("FILE", files, "scenario files, names of shipped scenarios, or - for stdin");
  add_selection(command, strategies, seed);
}

void add_properties(Command& command, std::vector<std::string>& properties) {
  command.text("--property", properties, "NAME", "check only this property; may be repeated",
               known(property_names, "property", "properties"));
}

void add_metrics(Command& command, std::vector<std::string>& metrics, const std::string& help) {
  command.text("--metric", metrics, "NAME", help, known(metric_names, "metric", "metrics"));
}

void add_memory(Command& command, std::optional<Bytes>& memory) {
  command.size("--memory", memory,
               "budget: memory of all searches together (half of the free memory)");
}

Bytes memory_for_searches(const std::optional<Bytes>& asked) {
  constexpr Bytes least = Bytes{64} << 20U;
  return asked ? *asked : std::max(least, free_memory() / 2);
}

void add_time_limit_of_run(Command& command, std::optional<Duration>& time_limit) {
  command.duration("--time-limit", time_limit,
                   "end after this time, and show what was finished (none)");
}

void add_jobs(Command& command, unsigned& jobs) {
  jobs = std::max(1U, std::thread::hardware_concurrency());
  command.number("--jobs", jobs, "number of threads; does not affect results (one per processor)",
                 1, 1024);
}

void add_fail_on(Command& command, std::vector<std::string>& crossed) {
  command.text(
      "--fail-on", crossed, "LIMIT",
      "exit 1 if this holds for any strategy, such as 'db_qps_peak>5000'; 'goal': if any strategy "
      "misses the goal; may be repeated");
}

}  // namespace cacherace::cli
