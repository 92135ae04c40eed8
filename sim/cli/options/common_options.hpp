#pragma once
// Options that several commands have.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/options/command_line.hpp"
#include "sim/cli/system/terminal.hpp"
#include "sim/report/print/formats.hpp"

namespace cacherace::cli {

/// Where and how the result is written.
struct Output {
  std::vector<report::FormatName> formats;  // that the command can write
  std::optional<report::Format> format;     // else the file's extension says it, or text
  std::string path;                         // "" for stdout
  bool force = false;
  bool quiet = false;
  bool verbose = false;
  ColorChoice color = ColorChoice::automatic;
};

/// The extensions of files that the command can write: ".txt, .json or .html".
std::string extensions_of(const Output& output);

void add_color(Command& command, ColorChoice& color);
/// As text or JSON.
void add_output(Command& command, Output& output);
/// As text, JSON or HTML.
void add_page_output(Command& command, Output& output);
/// The same for a report::Result, which has more formats.
void add_result_output(Command& command, Output& output);

/// The same for a command that works for long, and can tell of its work.
void add_told_output(Command& command, Output& output);

/// As text, JSON, Markdown, JUnit XML or HTML.
void add_drive_output(Command& command, Output& output);

/// As text or JUnit XML, and told.
void add_check_output(Command& command, Output& output);

/// The scenario file, which of its strategies, and another seed.
void add_scenario(Command& command, std::string& file, std::vector<std::string>& strategies,
                  std::optional<std::uint64_t>& seed);

/// The same with one or more files.
void add_scenarios(Command& command, std::vector<std::string>& files,
                   std::vector<std::string>& strategies, std::optional<std::uint64_t>& seed);

/// Which properties.
void add_properties(Command& command, std::vector<std::string>& properties);

/// Which metrics.
void add_metrics(Command& command, std::vector<std::string>& metrics, const std::string& help);

/// The memory of all searches of the command together; nothing unless it is asked for.
void add_memory(Command& command, std::optional<Bytes>& memory);
/// What was asked for, or half of what is free.
Bytes memory_for_searches(const std::optional<Bytes>& asked);

/// The time of the wall clock after which traffic is no longer simulated.
void add_time_limit_of_run(Command& command, std::optional<Duration>& time_limit);

/// Threads: as many as there are processors, unless told otherwise.
void add_jobs(Command& command, unsigned& jobs);
/// What must not hold of a strategy, beside what the scenario expects; see harness::with_limits().
void add_fail_on(Command& command, std::vector<std::string>& crossed);

inline constexpr auto any_number = std::numeric_limits<std::uint64_t>::max();

}  // namespace cacherace::cli
