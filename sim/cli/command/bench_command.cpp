#include <ctime>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/harness/bench/bench.hpp"

namespace cacherace::cli {
namespace {

struct BenchArguments {
  Output output;
  bool quick = false;
};

// Of this process, which does nothing beside: others who use the machine count less than by the
// clock on the wall.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

int bench_command(const BenchArguments& arguments) {
  const Output& output = arguments.output;
  if (const auto may = may_deliver(output, {}); !may) return fail(may.error());
  catch_interrupts();
  ProgressLine progress(output.quiet);
  const auto result = harness::bench({.quick = arguments.quick,
                                      .seconds = processor_seconds,
                                      .go_on = [&](const std::string& what) {
                                        progress.show([&] { return "measuring: " + what; });
                                        return !interrupted();
                                      }});
  progress.clear();
  const bool color = output.path.empty() && use_color(output.color);
  const auto delivered = deliver_text(format_of(output) == report::Format::json
                                          ? report::to_json(result)
                                          : report::to_text(result, {.color = color}),
                                      output);
  if (!delivered) return fail(delivered.error());
  return interrupted() ? interrupt_exit_code() : exit_met;
}

}  // namespace

void add_bench(CommandLine& line) {
  const auto arguments = std::make_shared<BenchArguments>();
  auto bench = line.add("bench", "Measure how fast cacherace is on this machine",
                        [arguments] { return bench_command(*arguments); });
  bench.flag("--quick", arguments->quick, "one short round: a few seconds, less precise figures");
  add_output(bench, arguments->output);
  bench.note(
      "Three traffic scenarios and the event queue (agenda) are compared with an engine "
      "of\nstd::priority_queue and std::function that performs the same effects in the same "
      "order. The\nsearch is measured alone. Figures depend on the machine and vary from run to "
      "run: compare\nthe ratios.");
  bench.examples({"cacherace bench --quick", "cacherace bench --format json -o bench.json"});
  bench.exit_codes("0 measured, 2 usage, 74 file trouble, 130 or 143 interrupted.");
}

}  // namespace cacherace::cli
