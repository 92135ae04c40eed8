#include <fmt/format.h>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/files.hpp"
#include "sim/harness/search/shrink.hpp"

namespace cacherace::cli {
namespace {

struct ShrinkArguments {
  std::string file;
  Output output;
  harness::ShrinkOptions options;
  std::optional<Bytes> memory;
  std::optional<Duration> time_limit;  // of the wall clock
  std::string scenario;  // a file whose strategies replace the saved ones; "" for none
  std::string save;
};

Result<void> may_write_all(const ShrinkArguments& arguments) {
  std::vector<NamedFile> saved;
  if (!arguments.save.empty()) saved.push_back({.option = "--save", .path = arguments.save});
  const auto read = files_read(arguments.file, arguments.scenario);
  if (const auto may = may_deliver(arguments.output, read, saved); !may) return may;
  if (arguments.save.empty()) return {};
  return may_write(arguments.save, arguments.output.force);
}

Result<void> save(const ShrinkArguments& arguments, harness::ShrinkOutcome& outcome) {
  if (arguments.save.empty() || !outcome.file) return {};
  const auto written =
      write_file(arguments.save, report::to_json(*outcome.file), arguments.output.force);
  if (written) outcome.shrunk.shown.saved = arguments.save;
  return written;
}

Result<harness::ShrinkOutcome> shrunk(const std::string& text, const ShrinkArguments& arguments,
                                      const scenario::Scenario* other) {
  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  auto options = arguments.options;
  options.bytes_max = memory_for_searches(arguments.memory);
  options.other = other;
  options.go_on = [&](const harness::SearchProgress& now) {
    progress.show([&] {
      return fmt::format("looking for a smaller race: {} states, depth {}", now.states, now.depth);
    });
    return going(progress, arguments.time_limit);
  };
  auto outcome = harness::shrink(text, arguments.file == "-" ? "stdin" : arguments.file, options);
  progress.clear();
  return outcome;
}

int shrink_command(const ShrinkArguments& arguments) {
  const auto text = read_file(arguments.file, counterexample_file);
  if (!text) return fail(text.error());
  if (const auto may = may_write_all(arguments); !may) return fail(may.error());
  const Output& output = arguments.output;
  std::optional<scenario::Scenario> other;
  if (!arguments.scenario.empty()) {
    auto opened = open_scenario(arguments.scenario);
    if (!opened) return fail(opened.error());
    other = *std::move(opened);
  }
  auto outcome = shrunk(*text, arguments, other ? &*other : nullptr);
  if (!outcome) return fail(outcome.error());
  // What could not be saved is still shown.
  const auto saved = save(arguments, *outcome);
  const bool color = output.path.empty() && use_color(output.color);
  const auto delivered = deliver_text(format_of(output) == report::Format::json
                                          ? report::to_json(outcome->shrunk)
                                          : report::to_text(outcome->shrunk, {.color = color}),
                                      output);
  if (!delivered) return fail(delivered.error());
  if (!saved) return fail(saved.error());
  if (interrupted()) return interrupt_exit_code();
  return outcome->shrunk.violated ? exit_met : exit_diverged;
}

}  // namespace

void add_shrink(CommandLine& line) {
  const auto arguments = std::make_shared<ShrinkArguments>();
  auto& options = arguments->options;
  auto shrink = line.add(
      "shrink", "Shrink a saved counterexample to the smallest that still violates its property",
      [arguments] { return shrink_command(*arguments); });
  shrink.argument("FILE", arguments->file, "counterexample file, as written by search --save");
  shrink.text("--scenario", arguments->scenario, "FILE",
              "take the strategy from this scenario, not from the saved one");
  shrink.number("--seed", options.seed,
                "seed of the steps that are drawn where the saved ones no longer match (1)", 0,
                any_number);
  shrink.number("--states", options.states_max, "budget: states per race that is tried (50000000)",
                1, any_number);
  add_memory(shrink, arguments->memory);
  shrink.duration("--time-limit", arguments->time_limit,
                  "budget: time for the whole command "
                  "(none)");
  shrink.text("--save", arguments->save, "FILE", "save the smallest counterexample to this file");
  add_output(shrink, arguments->output);
  shrink.examples({"cacherace shrink race.json --save smallest.json"});
  shrink.exit_codes(
      "0 shrunk, or already the smallest, 2 bad file, 4 no longer violated, 74 file trouble.");
}

}  // namespace cacherace::cli
