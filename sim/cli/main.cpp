// The command line: arguments in, exit code out.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <thread>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/core/vocabulary.hpp"
#include "sim/harness/catalogue.hpp"
#include "sim/harness/scenario_file.hpp"
#include "sim/report/result.hpp"

namespace cacherace::cli {
namespace {

// CLI11 wraps and saturates silently, so numbers are read here.
template <typename Number>
CLI::Option* add_number(CLI::App* app, const std::string& flag, std::function<void(Number)> set,
                        const std::string& help, Number min, Number max) {
  const auto parse = [=](const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < min || value > max)
      throw CLI::ValidationError(flag, "expected a whole number from " + std::to_string(min) +
                                           " to " + std::to_string(max) + ", found \"" + text +
                                           "\"");
    set(value);
  };
  return app->add_option_function<std::string>(flag, parse, help)->type_name("N");
}

const std::map<std::string, Format> formats{{"text", Format::text}, {"json", Format::json}};
const std::map<std::string, ColorChoice> colors{{"auto", ColorChoice::automatic},
                                                {"always", ColorChoice::always},
                                                {"never", ColorChoice::never}};
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

// An option whose value is one of a few names.
template <typename Value>
void add_choice(CLI::App* app, const std::string& flag, const std::map<std::string, Value>& names,
                std::function<void(Value)> set, const std::string& help) {
  std::string list;
  for (const auto& [name, value] : names) list += (list.empty() ? "" : "|") + name;
  app->add_option_function<std::string>(
         flag,
         [=](const std::string& text) {
           const auto found = names.find(text);
           if (found == names.end())
             throw CLI::ValidationError(flag, "expected " + list + ", found \"" + text + "\"");
           set(found->second);
         },
         help)
      ->type_name(list);
}

// A duration or a size, as scenario files write them.
template <typename Quantity>
void add_quantity(CLI::App* app, const std::string& flag, const std::string& kind,
                  std::optional<Quantity> (*parse)(std::string_view),
                  std::function<void(Quantity)> set, const std::string& help) {
  const auto read = [=](const std::string& text) {
    const auto value = parse(text);
    if (!value || *value == Quantity{})
      throw CLI::ValidationError(flag, "expected something like " +
                                           std::string(kind == "SIZE" ? "512mb" : "30s") +
                                           ", found \"" + text + "\"");
    set(*value);
  };
  app->add_option_function<std::string>(flag, read, help)->type_name(kind);
}

void add_color(CLI::App* app, ColorChoice& color) {
  add_choice<ColorChoice>(
      app, "--color", colors, [&](ColorChoice c) { color = c; },
      "colours on stdout (auto: on a terminal, unless NO_COLOR is set)");
}

void add_output(CLI::App* app, Output& output) {
  add_choice<Format>(
      app, "--format", formats, [&](Format f) { output.format = f; },
      "how the result is written (text)");
  app->add_option("-o,--output", output.path, "write the result to this file, not to stdout")
      ->type_name("FILE");
  app->add_flag("--force", output.force, "overwrite files that exist");
  app->add_flag("-q,--quiet", output.quiet, "no progress line and no hints");
  add_color(app, output.color);
}

void add_scenario(CLI::App* app, std::string& file, std::vector<std::string>& strategies,
                  std::optional<std::uint64_t>& seed) {
  app->add_option("FILE", file, "scenario file, or - for stdin")->required();
  app->add_option("--strategy", strategies, "only this strategy; may be repeated")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  add_number<std::uint64_t>(
      app, "--seed", [&](std::uint64_t n) { seed = n; }, "instead of the scenario's seed", 0,
      std::numeric_limits<std::uint64_t>::max());
}

std::string known_property(const std::string& text) {
  const std::vector<std::string> known(property_names.begin(), property_names.end());
  if (std::find(known.begin(), known.end(), text) != known.end()) return "";
  const auto nearest = harness::nearest_name(text, known);
  return "unknown property \"" + text + "\"; " +
         (nearest.empty() ? "see: cacherace list properties" : "did you mean \"" + nearest + "\"?");
}

void add_budgets(CLI::App* search, SearchArguments& arguments) {
  auto& options = arguments.options;
  constexpr auto any = std::numeric_limits<std::uint64_t>::max();
  add_number<std::uint64_t>(
      search, "--states", [&](std::uint64_t n) { options.states_max = n; },
      "budget: states per strategy and property (50000000)", 1, any);
  add_quantity<Bytes>(
      search, "--memory", "SIZE", harness::size_of, [&](Bytes b) { options.bytes_max = b; },
      "budget: memory for states, per strategy and property (4gb)");
  add_number<std::uint64_t>(
      search, "--schedules", [&](std::uint64_t n) { options.schedules_max = n; },
      "budget where states are not recognised: schedules per strategy (20000000; drawn: 10000)", 1,
      any);
  add_number<std::uint32_t>(
      search, "--steps", [&](std::uint32_t n) { options.steps_max = n; },
      "budget where states are not recognised: steps per schedule (200)", 1, 100'000);
  add_quantity<Duration>(
      search, "--time-limit", "DURATION", harness::duration_of,
      [&](Duration limit) { arguments.time_limit = limit; },
      "budget: time for the whole search (none)");
}

void add_search(CLI::App& app, SearchArguments& arguments) {
  auto* search = app.add_subcommand(
      "search", "Search every interleaving of a scenario's race for one that breaks a property");
  search->footer(
      "Examples:\n"
      "  cacherace search scenarios/stale-repopulate.json\n"
      "  cacherace search scenarios/stale-repopulate.json --count --format json\n"
      "  cacherace search my.json --property no-stale-residue --save race.json\n"
      "  cacherace search my.json --threshold /strategies/mine/write/double-delete/delay\n"
      "Exit codes: 0 as expected, 1 violated, 2 usage or bad scenario, 3 inconclusive, 74 file "
      "trouble.");
  auto& options = arguments.options;
  add_scenario(search, arguments.file, options.strategies, arguments.seed);
  search->add_option("--property", options.properties, "only this property; may be repeated")
      ->type_name("NAME")
      ->expected(1)
      ->take_all()
      ->check(known_property);
  add_choice<harness::SearchMode>(
      search, "--mode", modes, [&](harness::SearchMode mode) { options.mode = mode; },
      "visit all there is (exhaustive); or draw executions, step by step or by priorities");
  add_number<std::uint32_t>(
      search, "--depth", [&](std::uint32_t n) { options.pct_depth = n; },
      "with --mode pct: orderings that a violation may take (3)", 1, 100);
  add_choice<harness::Reduction>(
      search, "--reduction", reductions,
      [&](harness::Reduction reduction) { options.reduction = reduction; },
      "recognise states, and take clients that are alike for each other (all); only the former; "
      "or visit schedule by schedule");
  search
      ->add_flag("--count", options.count,
                 "visit schedule by schedule, and count those that violate")
      ->excludes("--reduction");
  add_budgets(search, arguments);
  add_number<unsigned>(
      search, "--jobs", [&](unsigned n) { options.jobs = n; },
      "threads; never changes a result (all processors)", 1, 1024);
  add_choice<Verdict>(
      search, "--expect", verdicts, [&](Verdict v) { arguments.expect = v; },
      "exit 0 exactly when every verdict is this one");
  search->add_flag("--require-proof", arguments.require_proof,
                   "exit 3 when a budget ended before a conclusion");
  search
      ->add_option("--threshold", arguments.threshold,
                   "find the value of this duration of the scenario at which the property begins "
                   "or ceases to hold: /strategies/NAME/expiry/ttl")
      ->type_name("POINTER");
  search->add_flag("!--no-shrink", options.shrink,
                   "show the first counterexample, not the smallest one");
  search
      ->add_option(
          "--save", arguments.save,
          "save the counterexample to this file; further ones get -2, -3, … before the extension")
      ->type_name("FILE");
  add_output(search, arguments.output);
}

void add_run(CLI::App& app, RunArguments& arguments) {
  auto* run = app.add_subcommand(
      "run", "Simulate a scenario's traffic and measure staleness, load and latency");
  run->footer(
      "Examples:\n"
      "  cacherace run scenarios/stale-repopulate.json\n"
      "  cacherace run scenarios/stale-repopulate.json --replicates 20 --format json -o run.json\n"
      "Exit codes: 0 expectations met, 1 not met, 2 usage or bad scenario, 74 file trouble.");
  add_scenario(run, arguments.file, arguments.strategies, arguments.seed);
  add_number<std::uint32_t>(
      run, "--replicates", [&](std::uint32_t n) { arguments.replicates = n; },
      "simulate with this many seeds, counting up from the seed (5)", 1, 10'000);
  add_number<unsigned>(
      run, "--jobs", [&](unsigned n) { arguments.jobs = n; },
      "threads; never changes a result (all processors)", 1, 1024);
  add_output(run, arguments.output);
}

void add_replay(CLI::App& app, ReplayArguments& arguments) {
  auto* replay = app.add_subcommand(
      "replay", "Perform a saved counterexample again, and verify its steps and its finding");
  replay->footer(
      "Examples:\n"
      "  cacherace replay race.json --step\n"
      "  cacherace replay race.json --scenario scenarios/stale-repopulate.json\n"
      "Exit codes: 0 the same steps and finding, 2 bad file, 4 diverged, 74 file trouble.");
  replay->add_option("FILE", arguments.file, "counterexample file, as written by search --save")
      ->required();
  replay
      ->add_option("--scenario", arguments.scenario,
                   "take the strategy from this scenario, not from the saved one")
      ->type_name("FILE");
  replay->add_flag("--step", arguments.step,
                   "show cache, row and clients after each step; on a terminal, Enter goes on");
  add_output(replay, arguments.output);
}

void add_list(CLI::App& app, ListArguments& list) {
  auto* command = app.add_subcommand(
      "list",
      "List strategies, scenarios, properties, metrics or failure modes, a line or two each");
  command->footer(
      "Examples:\n"
      "  cacherace list strategies\n"
      "  cacherace list scenarios");
  command
      ->add_option("WHAT", list.what, "strategies, scenarios, properties, metrics, failure-modes")
      ->required()
      ->check(CLI::IsMember(harness::listings()));
  add_choice<bool>(
      command, "--format", {{"text", false}, {"markdown", true}},
      [&](bool markdown) { list.markdown = markdown; },
      "how the list is written (text); markdown: the index of the scenarios");
  add_color(command, list.color);
}

void add_describe(CLI::App& app, DescribeArguments& describe) {
  auto* command = app.add_subcommand(
      "describe", "Explain strategies, scenarios, properties, metrics or failure modes by name");
  command->footer(
      "Examples:\n"
      "  cacherace describe double-delete\n"
      "  cacherace describe lease stampede no-stale-residue hit_ratio");
  command->add_option("NAME", describe.names, "as listed by cacherace list; blanks may be hyphens")
      ->required();
  add_color(command, describe.color);
}

// CLI11 says of a word that is no command only that there is none.
int refuse_unknown(const CLI::App& app, const std::string& command) {
  for (const char* planned :
       {"shrink", "compare", "sweep", "report", "bench", "fuzz", "completion"})
    if (command == planned) return fail("command \"" + command + "\" is not supported yet");
  std::vector<std::string> known;
  for (const auto* subcommand : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(subcommand->get_name());
  if (command.starts_with("-") || std::find(known.begin(), known.end(), command) != known.end())
    return exit_met;
  const auto nearest = harness::nearest_name(command, known);
  return fail("unknown command \"" + command + "\"; " +
              (nearest.empty() ? "see: cacherace --help" : "did you mean \"" + nearest + "\"?"));
}

int run_main(int argc, char** argv) {
  CLI::App app(
      "cacherace finds the interleaving that breaks a cache in front of a database, or proves "
      "that\n"
      "none exists within stated bounds, and measures staleness and load under traffic.");
  app.name("cacherace");
  app.set_version_flag("--version", std::string("cacherace ") + report::version);
  app.require_subcommand(1);
  app.footer("Example:\n  cacherace search scenarios/stale-repopulate.json");
  app.get_formatter()->column_width(34);

  SearchArguments search;
  search.options.jobs = std::max(1U, std::thread::hardware_concurrency());
  RunArguments run;
  run.jobs = std::max(1U, std::thread::hardware_concurrency());
  ReplayArguments replay;
  ListArguments list;
  DescribeArguments describe;
  std::vector<std::string> files;
  std::string what;
  add_search(app, search);
  add_run(app, run);
  add_replay(app, replay);
  auto* validate = app.add_subcommand("validate", "Check scenario files and print their digests");
  validate->add_option("FILE", files, "scenario files")->required();
  validate->footer("Example:\n  cacherace validate scenarios/*.json");
  auto* schema = app.add_subcommand(
      "schema", "Print the JSON schema of scenario files, results or counterexample files");
  schema->add_option("NAME", what, "scenario, result or counterexample")
      ->required()
      ->check(CLI::IsMember({"scenario", "result", "counterexample"}));
  schema->footer("Example:\n  cacherace schema scenario > scenario.schema.json");
  add_list(app, list);
  add_describe(app, describe);

  if (argc > 1)
    if (const int refused = refuse_unknown(app, argv[1]); refused != exit_met) return refused;

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_met : exit_usage;
  }
  if (app.got_subcommand("search")) return search_command(search);
  if (app.got_subcommand("run")) return run_command(run);
  if (app.got_subcommand("replay")) return replay_command(replay);
  if (app.got_subcommand(validate)) return validate_command(files);
  if (app.got_subcommand(schema)) return schema_command(what);
  if (app.got_subcommand("list")) return list_command(list);
  return describe_command(describe);
}

}  // namespace
}  // namespace cacherace::cli

int main(int argc, char** argv) {
  try {
    return cacherace::cli::run_main(argc, argv);
  } catch (const std::bad_alloc&) {
    return cacherace::cli::fail("out of memory; use fewer keys or clients, or fewer --jobs");
  }
}
