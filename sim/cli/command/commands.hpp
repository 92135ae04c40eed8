#pragma once
// The commands. Each declares its own arguments, prints its result to stdout and everything else to
// stderr, and returns the exit code.

#include "sim/cli/options/command_line.hpp"

namespace cacherace::cli {

void add_init(CommandLine& line);
void add_search(CommandLine& line);
void add_fuzz(CommandLine& line);
void add_run(CommandLine& line);
void add_compare(CommandLine& line);
void add_check(CommandLine& line);
void add_sweep(CommandLine& line);
void add_replay(CommandLine& line);
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

}  // namespace cacherace::cli
