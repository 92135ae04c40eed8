#include <fmt/format.h>

#include <algorithm>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/traffic/doubts.hpp"
#include "sim/report/result_schema.hpp"
#include "sim/report/text/describe.hpp"

namespace cacherace::cli {
namespace {

struct ListArguments {
  std::string what;  // one of harness::listings(); "" for a list of these
  bool markdown = false;
  ColorChoice color = ColorChoice::automatic;
};

struct DescribeArguments {
  std::vector<std::string> names;
  bool commands = false;
  ColorChoice color = ColorChoice::automatic;
};

std::string unknown_name(const std::string& name) {
  return fmt::format(
      "unknown name \"{}\"; {}", name,
      harness::did_you_mean(name, harness::described_names(), "see: cacherace list"));
}

report::TextStyle style_of(ColorChoice color) {
  return {.color = use_color(color), .width = stdout_columns(report::page_width)};
}

int print_overview(ColorChoice color) {
  return print(report::to_text(harness::overview(), style_of(color)));
}

int validate_command(const std::vector<std::string>& files) {
  int worst = exit_met;
  for (const auto& file : files) {
    const auto scenario = open_traffic(file);
    if (!scenario) {
      worst = std::max(worst, fail(scenario.error()));
      continue;
    }
    std::string text =
        fmt::format("{}: valid; strategies: {}, expectations: {}, digest: {}\n", printable(file),
                    scenario->strategies.size(), scenario->expectations.size(), scenario->digest);
    for (const auto& doubt : harness::doubts_about(*scenario))
      text += fmt::format("  note: {}\n", printable(doubt));
    worst = std::max(worst, print(text));
  }
  return worst;
}

int schema_command(const std::string& name) {
  return print(std::string(name == "result"           ? report::result_schema()
                           : name == "counterexample" ? report::counterexample_schema()
                                                      : harness::scenario_schema()));
}

int list_command(const ListArguments& arguments) {
  if (!arguments.markdown && arguments.what.empty()) return print_overview(arguments.color);
  if (!arguments.markdown)
    return print(report::to_text(harness::listing(arguments.what), style_of(arguments.color)));
  if (arguments.what == "scenarios") return print(harness::scenario_index());
  if (arguments.what == "metrics") return print(harness::metric_table());
  if (arguments.what == "strategies") return print(harness::choice_tables());
  return fail("only strategies, scenarios and metrics are listed as Markdown");
}

int describe_command(const DescribeArguments& arguments) {
  if (arguments.commands && !arguments.names.empty()) return fail("--commands takes no names");
  if (arguments.commands) return print_real_commands();
  if (arguments.names.empty()) return print_overview(arguments.color);
  std::string text;
  int worst = exit_met;
  for (const auto& name : arguments.names) {
    const auto topics = harness::describe(name);
    if (topics.empty()) worst = fail(unknown_name(name));
    for (const auto& topic : topics)
      text += (text.empty() ? "" : "\n\n") + report::to_text(topic, style_of(arguments.color));
  }
  return worst == exit_met ? print(text) : worst;
}

}  // namespace

void add_validate(CommandLine& line) {
  const auto files = std::make_shared<std::vector<std::string>>();
  auto validate = line.add("validate", "Check scenario files and print their digests",
                           [files] { return validate_command(*files); });
  validate.argument("FILE", *files, "scenario files, or names of shipped ones");
  validate.examples({"cacherace validate scenarios/*.json"});
  validate.exit_codes("0 all are valid, 2 usage or bad scenario, 74 file trouble.");
}

void add_schema(CommandLine& line) {
  const auto name = std::make_shared<std::string>();
  auto schema =
      line.add("schema", "Print the JSON schema of scenario files, results or counterexample files",
               [name] { return schema_command(*name); });
  schema.argument("NAME", *name, {"scenario", "result", "counterexample"}, "of what");
  schema.examples({"cacherace schema scenario > scenario.schema.json"});
  schema.exit_codes("0 printed, 2 usage, 74 stdout could not be written.");
}

void add_list(CommandLine& line) {
  const auto arguments = std::make_shared<ListArguments>();
  auto list = line.add(
      "list",
      "List strategies, scenarios, properties, metrics or failure modes, a line or two each",
      [arguments] { return list_command(*arguments); });
  list.argument("WHAT", arguments->what, harness::listings(),
                "what to list; without it, what can be listed", Command::Need::optional);
  list.choice("--format", std::map<std::string, bool>{{"text", false}, {"markdown", true}},
              arguments->markdown,
              "format of the list (text); markdown exists for strategies, scenarios and metrics");
  add_color(list, arguments->color);
  list.examples({"cacherace list strategies", "cacherace list scenarios"});
  list.exit_codes("0 printed, 2 usage, 74 stdout could not be written.");
}

void add_describe(CommandLine& line) {
  const auto arguments = std::make_shared<DescribeArguments>();
  auto describe = line.add(
      "describe", "Explain strategies, scenarios, properties, metrics or failure modes by name",
      [arguments] { return describe_command(*arguments); });
  describe.argument("NAME", arguments->names,
                    "names that cacherace list shows; spaces may be written as hyphens, and "
                    "capitals as small letters",
                    Command::Need::optional);
  describe.flag("--commands", arguments->commands,
                "show which Redis command or SQL statement replay --live sends for each effect");
  add_color(describe, arguments->color);
  describe.examples({"cacherace describe double-delete",
                     "cacherace describe lease stampede no-stale-residue hit_ratio"});
  describe.exit_codes("0 printed, 2 usage or unknown name, 74 stdout could not be written.");
}

}  // namespace cacherace::cli
