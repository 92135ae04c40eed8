#include "sim/cli/options/common.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/installed.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/trace/traces.hpp"

namespace cacherace::cli {

int fail(const Problems& problems) {
  bool only_files = true;
  for (const Problem& problem : problems) {
    tell(to_text(problem) + "\n");
    only_files &= problem.kind == Problem::Kind::file;
  }
  return only_files ? exit_file : exit_usage;
}

int fail(const std::string& fact) {
  tell(fmt::format("cacherace: {}\n", printable(fact)));
  return exit_usage;
}

Result<scenario::Scenario> open_scenario(const std::string& given) {
  const auto path = own_or_installed(given);
  const auto text =
      read_file(path, {.what = "a scenario file", .bytes_max = harness::scenario_bytes_max});
  if (!text) return text.error();
  return harness::load_scenario(*text, path == "-" ? "stdin" : path);
}

std::vector<NamedFile> files_read(const std::string& file, const std::string& other) {
  std::vector<NamedFile> files{{.option = "FILE", .path = file}};
  if (!other.empty()) files.push_back({.option = "--scenario", .path = other});
  return files;
}

std::vector<NamedFile> files_read(const scenario::Scenario& scenario) {
  std::vector<NamedFile> files;
  if (scenario.file != "stdin") files.push_back({.option = "FILE", .path = scenario.file});
  for (auto& path : harness::trace_paths(scenario))
    files.push_back({.option = "trace", .path = std::move(path)});
  return files;
}

Result<scenario::Scenario> open_traffic(const std::string& path) {
  auto scenario = open_scenario(path);
  if (!scenario) return scenario;
  if (auto problems = harness::check_traces(*scenario); !problems.empty()) return problems;
  return scenario;
}

Problems unknown_strategies(const scenario::Scenario& scenario,
                            const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& strategy : scenario.strategies) known.push_back(strategy.name);
  Problems problems;
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto nearest = harness::nearest_name(name, known);
    problems.push_back({.kind = Problem::Kind::meaning,
                        .file = scenario.file,
                        .pointer = "/strategies",
                        .fact = fmt::format("there is no strategy \"{}\"", name),
                        .fix = nearest.empty()
                                   ? fmt::format("choose from: {}", fmt::join(known, ", "))
                                   : fmt::format("did you mean \"{}\"?", nearest)});
  }
  return problems;
}

Result<void> may_deliver(const Output& output, const std::vector<NamedFile>& read,
                         std::vector<NamedFile> saved) {
  const bool to_stdout = output.path.empty();
  saved.insert(saved.begin(),
               NamedFile{.option = to_stdout ? "stdout" : "--output", .path = output.path});
  if (auto problems = clashes(read, saved); !problems.empty()) return problems;
  if (!to_stdout) return may_write(output.path, output.force);
  if (output.format != report::Format::html || !stdout_is_terminal()) return {};
  return Problems{{.kind = Problem::Kind::meaning,
                   .file = "stdout",
                   .pointer = "",
                   .fact = "HTML is not written to a terminal",
                   .fix = "add: -o report.html"}};
}

Result<void> deliver_text(const std::string& content, const Output& output) {
  if (!output.path.empty()) return write_file(output.path, content, output.force);
  const int error = write_all(STDOUT_FILENO, content);
  if (error == 0) return {};
  return Problems{{.kind = Problem::Kind::file,
                   .file = "stdout",
                   .pointer = "",
                   .fact = fmt::format("cannot be written: {}", std::strerror(error)),
                   .fix = ""}};
}

int print(const std::string& text) {
  const auto printed = deliver_text(text, {});
  return printed ? exit_met : fail(printed.error());
}

report::Format format_of(const Output& output) {
  if (output.format) return *output.format;
  return report::format_of(output.path).value_or(report::Format::text);
}

Result<void> deliver(const report::Result& result, const Output& output) {
  const bool color = output.path.empty() && use_color(output.color);
  return deliver_text(report::render(result, format_of(output), {.color = color}), output);
}

harness::Going going(const ProgressLine& progress, const std::optional<Duration>& time_limit) {
  if (interrupted()) return harness::Going::interrupted;
  const bool late =
      time_limit && progress.seconds() * 1e9 >= static_cast<double>(time_limit->count());
  return late ? harness::Going::out_of_time : harness::Going::on;
}

}  // namespace cacherace::cli
