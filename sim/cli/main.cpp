// The command line: arguments in, exit code out.

#include "sim/cli/command/commands.hpp"
#include "sim/cli/process.hpp"

namespace cacherace::cli {
namespace {

int run_main(int argc, const char* const* argv) {
  CommandLine line(
      "cacherace finds the interleaving that breaks a cache in front of a database, or proves "
      "that\n"
      "none exists within stated bounds, and measures staleness and load under traffic.");
  auto program = line.program();
  program.examples({"cacherace search stale-repopulate",
                    "cacherace compare stampede-on-a-hot-key -o report.html"});
  program.exit_codes(
      "0 as expected, 1 violated or a limit not met, 2 usage or bad file, 3 inconclusive when a "
      "conclusion was required, 4 a replay diverged, 70 a bug of cacherace, 71 too little memory, "
      "74 file trouble, 130 or 143 interrupted.");
  add_init(line);
  add_search(line);
  add_fuzz(line);
  add_run(line);
  add_compare(line);
  add_check(line);
  add_sweep(line);
  add_replay(line);
  add_drive(line);
  add_shrink(line);
  add_bench(line);
  add_report(line);
  add_validate(line);
  add_schema(line);
  add_list(line);
  add_describe(line);
  add_completion(line);
  add_man(line);
  add_help(line);
  return line.run(argc, argv);
}

}  // namespace
}  // namespace cacherace::cli

int main(int argc, char** argv) {
  cacherace::cli::prepare_process();
  try {
    return cacherace::cli::run_main(argc, argv);
  } catch (...) {
    return cacherace::cli::report_exception();
  }
}
