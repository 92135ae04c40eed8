#include <fmt/format.h>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/core/vocabulary.hpp"
#include "sim/harness/scenario_file.hpp"
#include "sim/report/schema.hpp"

namespace cacherace::cli {
namespace {

template <typename Names>
void print_names(const Names& names) {
  for (const auto& [name, supported] : names)
    fmt::print("{}{}\n", name, supported ? "" : "  (not supported yet)");
}

}  // namespace

int validate_command(const std::vector<std::string>& files) {
  int worst = exit_met;
  for (const auto& file : files) {
    const auto scenario = open_scenario(file);
    if (!scenario) {
      worst = std::max(worst, fail(scenario.error()));
      continue;
    }
    fmt::print("{}: valid; strategies: {}, expectations: {}, digest: {}\n", file,
               scenario->strategies.size(), scenario->expectations.size(), scenario->digest);
  }
  return worst;
}

int schema_command(const std::string& name) {
  fmt::print("{}", name == "result"           ? report::result_schema()
                   : name == "counterexample" ? report::counterexample_schema()
                                              : harness::scenario_schema());
  return exit_met;
}

int list_command(const std::string& what) {
  if (what == "properties")
    print_names(property_names);
  else
    print_names(metric_names);
  return exit_met;
}

}  // namespace cacherace::cli
