#include "sim/cli/options/common_options.hpp"

#include <algorithm>
#include <thread>

#include "sim/cli/system/machine.hpp"
#include "sim/core/metric_table.hpp"
#include "sim/core/property_table.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::cli {
namespace {

using Formats = std::map<std::string, report::Format>;

Formats all_formats() {
  Formats all;
  for (const auto& [name, extension, format] : report::formats) all.emplace(name, format);
  return all;
}

void add_output_as(Command& command, Output& output, const Formats& choices,
                   const std::string& extensions) {
  command.choice("--format", choices, output.format,
                 "how the result is written (as the extension of --output says: " + extensions +
                     "; else text)");
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
    const auto nearest = harness::nearest_name(text, all);
    return "unknown " + kind + " \"" + text + "\"; " +
           (nearest.empty() ? "see: cacherace list " + plural
                            : "did you mean \"" + nearest + "\"?");
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

void add_output(Command& command, Output& output) {
  add_output_as(command, output, {{"text", report::Format::text}, {"json", report::Format::json}},
                ".json");
}

void add_page_output(Command& command, Output& output) {
  add_output_as(command, output,
                {{"text", report::Format::text},
                 {"json", report::Format::json},
                 {"html", report::Format::html}},
                ".json or .html");
}

void add_result_output(Command& command, Output& output) {
  add_output_as(command, output, all_formats(), ".json, .csv, .md, .xml or .html");
}

void add_check_output(Command& command, Output& output) {
  add_output_as(command, output, {{"text", report::Format::text}, {"junit", report::Format::junit}},
                ".xml");
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
  command.argument("FILE", file, "scenario file, or - for stdin");
  add_selection(command, strategies, seed);
}

void add_scenarios(Command& command, std::vector<std::string>& files,
                   std::vector<std::string>& strategies, std::optional<std::uint64_t>& seed) {
  command.argument("FILE", files, "scenario files, or - for stdin");
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
