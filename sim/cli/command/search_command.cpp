#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/work_log.hpp"
#include "sim/core/property_table.hpp"
#include "sim/harness/input/limits.hpp"
#include "sim/harness/search/pauses.hpp"
#include "sim/harness/search/threshold.hpp"
#include "sim/report/escape.hpp"

namespace cacherace::cli {
namespace {

struct SearchArguments {
  std::string file;
  Output output;
  harness::SearchOptions options;
  std::optional<Bytes> memory;
  std::optional<Duration> time_limit;  // of the wall clock
  std::optional<std::uint64_t> seed;
  std::vector<std::string> fail_on;
  std::optional<Verdict> expect;
  bool require_proof = false;
  bool pauses = false;    // say for which pauses each property holds
  std::string threshold;  // JSON pointer to a duration of the scenario; "" for none
  std::string save;
};

// The first counterexample goes to `path`; the others get -2, -3 and so on before the extension.
std::string numbered(const std::string& path, std::size_t index) {
  if (index == 0) return path;
  const auto dot = path.rfind('.');
  const bool has_extension =
      dot != std::string::npos && dot > 0 && path.find('/', dot) == std::string::npos;
  const std::string stem = has_extension ? path.substr(0, dot) : path;
  return fmt::format("{}-{}{}", stem, index + 1, has_extension ? path.substr(dot) : "");
}

// The files of as many counterexamples as there can be.
std::vector<NamedFile> may_be_saved(const SearchArguments& arguments,
                                    const scenario::Scenario& scenario) {
  std::vector<NamedFile> files;
  if (arguments.save.empty()) return files;
  const std::size_t count = scenario.strategies.size() * property_names.size();
  for (std::size_t i = 0; i < count; ++i)
    files.push_back({.option = "--save", .path = numbered(arguments.save, i)});
  return files;
}

// All of the counterexamples, or none.
Result<void> save(const std::string& path, bool overwrite, harness::SearchOutcome& outcome) {
  for (std::size_t i = 0; i < outcome.counterexamples.size(); ++i)
    if (const auto may = may_write(numbered(path, i), overwrite); !may) return may;
  std::size_t index = 0;
  for (auto& strategy : outcome.result.results)
    for (auto& property : strategy.properties) {
      if (!property.counterexample) continue;
      const std::string name = numbered(path, index);
      const auto written =
          write_file(name, report::to_json(outcome.counterexamples[index++]), overwrite);
      if (!written) return written;
      property.counterexample->saved = name;
    }
  return {};
}

bool expected(const report::Result& result, const std::string& strategy,
              const std::string& property) {
  return std::any_of(result.expectations.begin(), result.expectations.end(),
                     [&](const auto& e) { return e.strategy == strategy && e.name == property; });
}

// What the verdicts mean for the exit code, from the worst to the best.
int exit_code(const report::Result& result, const SearchArguments& arguments) {
  bool wrong = false;
  bool inconclusive = false;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      const bool ended_early = property.verdict == Verdict::clean_so_far;
      inconclusive |= ended_early && arguments.require_proof;
      if (arguments.expect) {
        const bool met = property.verdict == *arguments.expect;
        inconclusive |= !met && ended_early;
        wrong |= !met && !ended_early;
      } else if (!expected(result, strategy.strategy, property.name)) {
        wrong |= property.verdict == Verdict::violated;
      }
    }
  if (!arguments.expect)
    for (const auto& expectation : result.expectations) {
      inconclusive |= expectation.undecided;
      wrong |= !expectation.met && !expectation.undecided;
    }
  if (wrong) return exit_violated;
  return inconclusive ? exit_inconclusive : exit_met;
}

// The options that chose what was searched, to be typed again.
std::string selection(const SearchArguments& arguments) {
  std::string options;
  for (const auto& strategy : arguments.options.strategies)
    options += " --strategy " + report::quoted_for_shell(strategy);
  for (const auto& property : arguments.options.properties) options += " --property " + property;
  if (!arguments.threshold.empty())
    options += " --threshold " + report::quoted_for_shell(arguments.threshold);
  return options;
}

// Steps per second since a strategy and property were first heard of.
class Pace {
 public:
  double rate(const harness::SearchProgress& now, double seconds) {
    const auto [known, is_new] =
        first_.try_emplace({now.strategy, now.property}, seconds, now.transitions);
    const auto& [since, transitions] = known->second;
    if (seconds <= since || now.transitions < transitions) return 0;
    return static_cast<double>(now.transitions - transitions) / (seconds - since);
  }

 private:
  std::map<std::pair<std::string, std::string>, std::pair<double, std::uint64_t>> first_;
};

std::string progress_text(const harness::SearchProgress& now, double rate) {
  std::string text = now.strategy;
  if (!now.property.empty()) text += " " + now.property;
  if (now.shrinking) return text + ": looking for the smallest counterexample";
  text += now.states > 0 ? fmt::format(": {} states, depth {}", now.states, now.depth)
                         : fmt::format(": {} schedules", now.schedules);
  text += fmt::format(", {:.1f} million steps/s", rate / 1e6);
  if (now.bytes > 0) text += fmt::format(", {} MB", now.bytes >> 20U);
  return text;
}

int search_command(const SearchArguments& arguments) {
  const auto opened = open_scenario(arguments.file);
  if (!opened) return fail(opened.error());
  auto scenario = harness::with_limits(*opened, arguments.fail_on);
  if (!scenario) return fail(scenario.error());
  if (const auto problems = unknown_strategies(*scenario, arguments.options.strategies);
      !problems.empty())
    return fail(problems);
  if (const auto may =
          may_deliver(arguments.output, files_read(*scenario), may_be_saved(arguments, *scenario));
      !may)
    return fail(may.error());
  if (!arguments.save.empty())
    if (const auto may = may_write(arguments.save, arguments.output.force); !may)
      return fail(may.error());
  const bool sample = arguments.options.mode != harness::SearchMode::exhaustive;
  if (sample && (arguments.options.count || arguments.options.reduction != harness::Reduction::all))
    return fail("modes random and pct take neither --count nor --reduction; leave them out");
  if (arguments.seed) scenario->seed = *arguments.seed;

  catch_interrupts();
  ProgressLine progress(arguments.output.quiet);
  WorkLog work(progress, arguments.output.verbose);
  work.loaded(*scenario);
  auto options = arguments.options;
  options.bytes_max = memory_for_searches(arguments.memory);
  work.may_take(options.bytes_max);
  options.log = work.log();
  options.go_on = [&, pace = Pace()](const harness::SearchProgress& now) mutable {
    progress.show([&] { return progress_text(now, pace.rate(now, progress.seconds())); });
    return going(progress, arguments.time_limit);
  };
  auto found = arguments.threshold.empty()
                   ? Result<harness::SearchOutcome>(harness::search(*scenario, options))
                   : harness::find_threshold(*scenario, arguments.threshold, options);
  if (!found) return fail(found.error());
  auto& outcome = *found;
  if (arguments.pauses) harness::add_pauses(*scenario, options, outcome.result);
  progress.clear();
  // What could not be saved is still shown.
  const auto saved = arguments.save.empty() ? Result<void>()
                                            : save(arguments.save, arguments.output.force, outcome);
  if (const auto delivered = deliver(outcome.result, arguments.output); !delivered)
    return fail(delivered.error());
  if (!saved) return fail(saved.error());
  if (interrupted()) return interrupt_exit_code();
  const bool any = !outcome.counterexamples.empty();
  if (any && arguments.file != "-" && arguments.save.empty() && !arguments.output.quiet &&
      format_of(arguments.output) == report::Format::text)
    tell(
        fmt::format("\nTo keep and replay it:\n  cacherace search {}{} --save race.json\n"
                    "  cacherace replay race.json --step\n",
                    report::quoted_for_shell(arguments.file), selection(arguments)));
  if (!arguments.threshold.empty()) return outcome.result.threshold ? exit_met : exit_inconclusive;
  return exit_code(outcome.result, arguments);
}

const std::map<std::string, harness::SearchMode> modes{
    {"exhaustive", harness::SearchMode::exhaustive},
    {"random", harness::SearchMode::random},
    {"pct", harness::SearchMode::pct}};
const std::map<std::string, harness::Reduction> reductions{{"none", harness::Reduction::none},
                                                           {"states", harness::Reduction::states},
                                                           {"all", harness::Reduction::all}};
const std::map<std::string, Verdict> verdicts{
    {std::string(name(Verdict::violated)), Verdict::violated},
    {std::string(name(Verdict::proven)), Verdict::proven},
    {std::string(name(Verdict::clean_so_far)), Verdict::clean_so_far},
    {std::string(name(Verdict::vacuous)), Verdict::vacuous}};

void add_ways(Command& search, harness::SearchOptions& options) {
  search.choice("--mode", modes, options.mode,
                "exhaustive: every state; random: random walks; pct: randomized priorities");
  search.number("--depth", options.pct_depth,
                "with --mode pct: how many orderings of steps a violation may need (3)", 1, 100);
  search.choice(
      "--reduction", reductions, options.reduction,
      "states: visit each state once; all: also treat identical clients as interchangeable; none: "
      "visit every schedule");
  search.flag("--count", options.count, "visit every schedule, and count those that violate");
  search.excludes("--count", "--reduction");
}

void add_budgets(Command& search, SearchArguments& arguments) {
  auto& options = arguments.options;
  search.number("--states", options.states_max,
                "budget: states per strategy and property; with --mode random or pct, per "
                "strategy (50000000)",
                1, any_number);
  add_memory(search, arguments.memory);
  search.number(
      "--schedules", options.schedules_max,
      "budget when visiting schedules: schedules per strategy (20000000; with --mode random or "
      "pct 10000)",
      1, any_number);
  search.number("--steps", options.steps_max,
                "budget when visiting schedules: steps per schedule (200)", 1, 100'000);
  search.duration("--time-limit", arguments.time_limit, "budget: time for the whole search (none)");
}

}  // namespace

void add_search(CommandLine& line) {
  const auto arguments = std::make_shared<SearchArguments>();
  auto& options = arguments->options;
  auto search = line.add(
      "search", "Search every interleaving of a scenario's race for one that breaks a property",
      [arguments] { return search_command(*arguments); });
  add_scenario(search, arguments->file, options.strategies, arguments->seed);
  add_properties(search, options.properties);
  add_ways(search, options);
  add_budgets(search, *arguments);
  add_jobs(search, options.jobs);
  add_fail_on(search, arguments->fail_on);
  search.choice("--expect", verdicts, arguments->expect,
                "exit 0 if every verdict is this one, and only then");
  search.flag("--require-proof", arguments->require_proof,
              "exit 3 if a budget ended before a conclusion");
  search.text("--threshold", arguments->threshold, "POINTER",
              "find the value of this duration at which the property starts or stops holding: "
              "/strategies/NAME/expiry/ttl");
  search.flag(
      "--pauses", arguments->pauses,
      "say for which pauses of a client each property holds under the scenario's latencies");
  search.excludes("--pauses", "--threshold");
  search.excludes("--pauses", "--count");
  search.flag("--no-shrink", options.shrink, "show the first counterexample, not the smallest one",
              false);
  search.text("--save", arguments->save, "FILE",
              "save the counterexample to this file; further ones get -2, -3, … before the "
              "extension");
  add_told_output(search, arguments->output);
  search.examples(
      {"cacherace search scenarios/stale-repopulate.json",
       "cacherace search scenarios/stale-repopulate.json --count --format json",
       "cacherace search my.json --property no-stale-residue --save race.json",
       "cacherace search my.json --threshold /strategies/mine/write/double-delete/delay"});
  search.exit_codes(
      "0 as expected, 1 violated, 2 usage or bad scenario, 3 inconclusive, 74 file trouble.");
}

}  // namespace cacherace::cli
