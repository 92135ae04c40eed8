#pragma once
// What can be listed and described: the choices of every slot, the failure modes that they remove
// or leave, and the shipped scenarios. Choices have their rows in sim/scenario/strategies,
// properties and metrics in sim/core.

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/text/describe.hpp"

namespace cacherace::harness {

/// A word and what it means.
struct Term {
  std::string_view name;
  std::string_view says;
};

const std::vector<Term>& slots();
const std::vector<Term>& failure_modes();
const std::vector<Term>& costs();

/// A scenario file of this repository, as it was when the program was built.
struct ShippedScenario {
  std::string_view path;  // from the root of the repository
  std::string_view text;

  std::string_view name() const;  // the file's name without its extension
};
const std::vector<ShippedScenario>& shipped_scenarios();

/// The one that is called so: "buffered-set", "field/buffered-set", "scenarios/field/buffered-set",
/// each with or without ".json". Null for none.
const ShippedScenario* shipped_scenario(std::string_view name);

/// What can be listed, each with what it is.
std::vector<report::Section> overview();

/// What `list` prints. `what` is one of listings().
const std::vector<std::string>& listings();
std::vector<report::Section> listing(std::string_view what);

/// Everything called `name`, of whatever kind; blanks and hyphens are alike, and so are capitals
/// and small letters. Empty for an unknown name.
std::vector<report::Topic> describe(std::string_view name);

/// Every name that describe() knows.
std::vector<std::string> described_names();

/// The Markdown page scenarios/README.md.
std::string scenario_index();

/// The table in docs/metrics.md.
std::string metric_table();

/// The tables of choices and of their options in docs/scenario.md.
std::string choice_tables();

}  // namespace cacherace::harness
