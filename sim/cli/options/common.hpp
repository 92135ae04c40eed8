#pragma once
// What the commands do alike.

#include <optional>
#include <string>
#include <vector>

#include "sim/cli/options/common_options.hpp"
#include "sim/cli/system/files.hpp"
#include "sim/core/result.hpp"
#include "sim/harness/counterexample/saved_race.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::cli {

/// Prints problems to stderr; returns the exit code that they mean.
int fail(const Problems& problems);
int fail(const std::string& fact);

/// What replay and shrink read.
inline constexpr Readable counterexample_file{.what = "a counterexample file",
                                              .bytes_max = scenario::counterexample_bytes_max};

/// Reads and decodes a scenario file: the one at that path, or else the shipped scenario of that
/// name, as it was when the program was built.
Result<scenario::Scenario> open_scenario(const std::string& given);

/// The same for one whose traffic counts: its traces must be there, and begin as they should.
Result<scenario::Scenario> open_traffic(const std::string& given);

/// Every name must be one of the scenario's strategies.
Problems unknown_strategies(const scenario::Scenario& scenario,
                            const std::vector<std::string>& names);

/// What a command reads: a file, and another one ("" for none); or a scenario with its traces.
std::vector<NamedFile> files_read(const std::string& file, const std::string& other);
std::vector<NamedFile> files_read(const scenario::Scenario& scenario);

/// Says early what deliver() would refuse, and which files would be written over each other or over
/// what is `read`. `saved` are the files that are written beside the output.
Result<void> may_deliver(const Output& output, const std::vector<NamedFile>& read,
                         std::vector<NamedFile> saved = {});

/// The format that was asked for, or else that of the file's extension, or else text.
report::Format format_of(const Output& output);

/// Renders `result` as asked, to stdout or to a file.
Result<void> deliver(const report::Result& result, const Output& output);
Result<void> deliver_text(const std::string& content, const Output& output);
/// To stdout; returns the exit code.
int print(const std::string& text);

/// Whether a search goes on: not when the user ended it, or after this time of the wall clock.
harness::Going going(const ProgressLine& progress, const std::optional<Duration>& time_limit);

}  // namespace cacherace::cli
