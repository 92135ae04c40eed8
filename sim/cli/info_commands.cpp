#include <fmt/format.h>

#include <algorithm>

#include "sim/cli/commands.hpp"
#include "sim/cli/common.hpp"
#include "sim/cli/exit_codes.hpp"
#include "sim/core/vocabulary.hpp"
#include "sim/harness/scenario_file.hpp"
#include "sim/report/schema.hpp"

namespace cacherace::cli {
namespace {

template <typename Names>
std::string list_of(const Names& names) {
  std::string list;
  for (const auto& [name, supported] : names)
    list += fmt::format("{}{}\n", name, supported ? "" : "  (not supported yet)");
  return list;
}

int print(const std::string& text) {
  const auto delivered = deliver_text(text, {});
  return delivered ? exit_met : fail(delivered.error());
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

int list_command(const std::string& what) {
  return print(what == "properties" ? list_of(property_names) : list_of(metric_names));
}

}  // namespace cacherace::cli
