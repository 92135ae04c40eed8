#pragma once
// What the project knows, as data: the choices of every slot, the failure modes that they remove or
// leave, and the shipped scenarios. Properties and metrics have their rows in sim/core.

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/text/describe.hpp"

namespace cacherace::harness {

/// A failure mode, a cost or a property, and when it is removed or remains.
struct Remark {
  std::string_view what;
  std::string_view says;
};

struct ChoiceOption {
  std::string_view name;
  std::string_view values;    // a type, or the words to choose from: "process | durable"
  std::string_view standard;  // "" when it must be given
  std::string_view meaning;
};

/// One choice of one slot, named as in scenario files.
struct Choice {
  std::string_view slot;
  std::string_view name;
  std::string_view summary;
  std::string_view steps;  // pseudo-code; effects are called as in results
  std::vector<ChoiceOption> options;
  std::vector<Remark> removes;
  std::vector<Remark> remains;
  std::vector<std::string_view> sources;
  std::string_view scenario;  // a complete scenario file that uses the choice
};

std::vector<Choice> read_choices();
std::vector<Choice> load_choices();
std::vector<Choice> fill_choices();
std::vector<Choice> delete_choices();  // of the slot "write": those that delete one key
std::vector<Choice> store_choices();   // those that store what they write, or nothing
std::vector<Choice> group_choices();   // those that invalidate a group, or a stream
std::vector<Choice> expiry_choices();
std::vector<Choice> guard_choices();

/// Every choice, slot by slot.
const std::vector<Choice>& choices();

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

}  // namespace cacherace::harness
