#include <fmt/format.h>

#include <algorithm>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/harness/catalogue.hpp"
#include "sim/harness/scenario_file.hpp"
#include "sim/report/describe.hpp"
#include "sim/report/schema.hpp"

namespace cacherace::cli {
namespace {

int print(const std::string& text) {
  const auto delivered = deliver_text(text, {});
  return delivered ? exit_met : fail(delivered.error());
}

std::string unknown_name(const std::string& name) {
  const auto nearest = harness::nearest_name(name, harness::described_names());
  return fmt::format("nothing is called \"{}\"; {}", name,
                     nearest.empty() ? "see: cacherace list strategies, scenarios, properties, "
                                       "metrics or failure-modes"
                                     : fmt::format("did you mean \"{}\"?", nearest));
}

}  // namespace

int validate_command(const std::vector<std::string>& files) {
  int worst = exit_met;
  for (const auto& file : files) {
    const auto scenario = open_scenario(file);
    worst = std::max(
        worst, scenario
                   ? print(fmt::format("{}: valid; strategies: {}, expectations: {}, digest: {}\n",
                                       file, scenario->strategies.size(),
                                       scenario->expectations.size(), scenario->digest))
                   : fail(scenario.error()));
  }
  return worst;
}

int schema_command(const std::string& name) {
  return print(std::string(name == "result"           ? report::result_schema()
                           : name == "counterexample" ? report::counterexample_schema()
                                                      : harness::scenario_schema()));
}

int list_command(const ListArguments& arguments) {
  if (!arguments.markdown)
    return print(
        report::to_text(harness::listing(arguments.what), {.color = use_color(arguments.color)}));
  if (arguments.what != "scenarios") return fail("only scenarios are listed as Markdown");
  return print(harness::scenario_index());
}

int describe_command(const DescribeArguments& arguments) {
  std::string text;
  int worst = exit_met;
  for (const auto& name : arguments.names) {
    const auto topics = harness::describe(name);
    if (topics.empty()) worst = fail(unknown_name(name));
    for (const auto& topic : topics)
      text += (text.empty() ? "" : "\n\n") +
              report::to_text(topic, {.color = use_color(arguments.color)});
  }
  return worst == exit_met ? print(text) : worst;
}

}  // namespace cacherace::cli
