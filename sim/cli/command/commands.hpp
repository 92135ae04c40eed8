#pragma once
// The commands. Each declares its own arguments, prints its result to stdout and everything else to
// stderr, and returns the exit code.

#include <string>

#include "sim/cli/options/command_line.hpp"

namespace cacherace::report {
struct Replay;
}

namespace cacherace::cli {

void add_init(CommandLine& line);
void add_search(CommandLine& line);
void add_fuzz(CommandLine& line);
void add_run(CommandLine& line);
void add_compare(CommandLine& line);
void add_check(CommandLine& line);
void add_sweep(CommandLine& line);
void add_replay(CommandLine& line);
void add_drive(CommandLine& line);
void add_shrink(CommandLine& line);
void add_bench(CommandLine& line);
void add_report(CommandLine& line);
void add_validate(CommandLine& line);
void add_schema(CommandLine& line);
void add_list(CommandLine& line);
void add_describe(CommandLine& line);
void add_completion(CommandLine& line);
void add_man(CommandLine& line);
void add_help(CommandLine& line);

/// Replays a counterexample of a real application, which `text` is; an exit code.
struct Output;
int replay_driven(const std::string& text, const std::string& file, const Output& output);
bool is_of_application(const std::string& text);

/// Where a replay is performed; "" for a server of our own.
struct RealServers {
  std::string redis;
  std::string postgres;
};
/// Performs a counterexample, which replays in the simulator, on real servers; an exit code.
int replay_live(const report::Replay& replay, const RealServers& servers, const Output& output);
/// Prints which effect is which command.
int print_real_commands();

}  // namespace cacherace::cli
