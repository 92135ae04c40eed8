#include "sim/cli/options/common.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/installed.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/trace/traces.hpp"

namespace cacherace::cli {

int fail(const Problems& problems) {
  bool only_files = true;
  for (const Problem& problem : problems) {
    tell(to_text(problem) + "\n" + text_below(problem));
    only_files &= problem.kind == Problem::Kind::file;
  }
  return only_files ? exit_file : exit_usage;
}

int fail(const std::string& fact) {
  tell(fmt::format("cacherace: {}\n", printable(fact)));
  return exit_usage;
}

namespace {

Problems no_such_scenario(const std::string& given) {
  const std::filesystem::path path(given);
  const auto folder = path.parent_path().string();
  Problem problem{.kind = Problem::Kind::file,
                  .file = given.empty() ? "\"\"" : given,
                  .pointer = "",
                  .fact = "neither a file nor a shipped scenario has this name",
                  .fix = "see: cacherace list scenarios"};
  if (folder.empty() || folder == "field" || folder.starts_with("scenarios")) {
    std::vector<std::string> known;
    for (const auto& shipped : harness::shipped_scenarios()) known.emplace_back(shipped.name());
    problem.fix = harness::did_you_mean(path.stem().string(), known, problem.fix);
  }
  return {problem};
}

Result<scenario::Scenario> open_shipped(const std::string& given) {
  const auto* shipped = harness::shipped_scenario(given);
  if (shipped == nullptr) return no_such_scenario(given);
  return harness::load_scenario(shipped->text, shipped_file(std::string(shipped->path)));
}

}  // namespace

Result<scenario::Scenario> open_scenario(const std::string& given) {
  std::error_code trouble;  // which reading the file will tell of
  if (given != "-" && !std::filesystem::exists(given, trouble) && !trouble)
    return open_shipped(given);
  const auto text =
      read_file(given, {.what = "a scenario file", .bytes_max = harness::scenario_bytes_max});
  if (!text) return text.error();
  return harness::load_scenario(*text, given == "-" ? "stdin" : given);
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

Result<scenario::Scenario> open_traffic(const std::string& given) {
  auto scenario = open_scenario(given);
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
    problems.push_back({.kind = Problem::Kind::meaning,
                        .file = scenario.file,
                        .pointer = "/strategies",
                        .fact = fmt::format("there is no strategy \"{}\"", name),
                        .fix = harness::did_you_mean(
                            name, known, fmt::format("choose from: {}", fmt::join(known, ", ")))});
  }
  return problems;
}

namespace {

// The extension says how a file is written: nobody wants text in a file called .pdf.
Problems unknown_extension(const Output& output) {
  if (output.format || output.path.empty()) return {};
  const auto named = report::format_of(output.path);
  const auto extension = std::filesystem::path(output.path).extension().string();
  const bool known = named
                         ? std::any_of(output.formats.begin(), output.formats.end(),
                                       [&](const auto& format) { return format.format == *named; })
                         : extension.empty();
  if (known) return {};
  return {
      {.kind = Problem::Kind::meaning,
       .file = "--output " + output.path,
       .pointer = "",
       .fact = fmt::format("this command writes no format with the extension \"{}\"", extension),
       .fix = fmt::format("use {}, or give --format", extensions_of(output))}};
}

}  // namespace

Result<void> may_deliver(const Output& output, const std::vector<NamedFile>& read,
                         std::vector<NamedFile> saved) {
  const bool to_stdout = output.path.empty();
  saved.insert(saved.begin(),
               NamedFile{.option = to_stdout ? "stdout" : "--output", .path = output.path});
  if (auto problems = clashes(read, saved); !problems.empty()) return problems;
  if (auto problems = unknown_extension(output); !problems.empty()) return problems;
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
