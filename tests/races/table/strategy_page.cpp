#include "tests/races/table/strategy_page.hpp"

#include <fmt/format.h>

#include "tests/races/table/verdict_of.hpp"

namespace cacherace::test {
namespace {

constexpr std::string_view introduction = R"(# Strategies against anomalies

Which strategy removes which anomaly, found by running it. Each column is a small race of readers
and writers of one row, and a [property](properties.md) that the race may violate. Each cell is what
a search of that race finds under the strategy of its line. The
[timing](properties.md#what-a-search-visits) is unbounded: any client may be paused between any two
effects for any time, and whatever has a TTL may expire before any step.

- **violated**: there is a schedule that violates the property, if only one.
- proven: every schedule was visited, none violates it, and what the property is about came up.
- vacuous: every schedule was visited, and what the property is about never came up. Often this is
  how the strategy removes the anomaly: without an entry there is no old one.
- \-: the race has nothing to do with the strategy.

A cell speaks of its race alone; more clients, or another fault, may find what this race does not. A
race with a fault contains the race without it: a strategy that is **violated** under "stale
repopulate" is so under "resurrection after eviction", too. `cacherace describe` explains each
choice, each property and most anomalies by name.

The lines called "in time" take it that every timer is longer than anything that clients do: nothing
expires, nobody gives up waiting and no second delete begins while anybody else can go on. They say
what a strategy removes as long as its times are kept, and the line of the same name without "in
time" what is left when they are not.

The page is made by `tools/strategy-table`, and a test compares it.
)";

std::string property_of(const Anomaly& anomaly) {
  const auto& property = *anomaly.property;
  if (!property.measures) return fmt::format("`{}`", property.name);
  return fmt::format("`{}` <= {}", property.name, property.limit);
}

std::string legend(const AnomalyGroup& group) {
  std::string text = "| anomaly | race | property |\n|---|---|---|\n";
  for (const Anomaly& anomaly : group.anomalies)
    text += fmt::format("| {} | {} | {} |\n", anomaly.name, anomaly.about, property_of(anomaly));
  return text;
}

std::string cell(const ListedStrategy& listed, const Anomaly& anomaly) {
  const auto outcome = explore(listed, anomaly);
  if (!outcome) return "-";
  if (outcome->verdict == Verdict::violated) return "**violated**";
  return std::string(name(outcome->verdict));
}

std::string line(const ListedStrategy& listed, const AnomalyGroup& group) {
  std::string text = fmt::format("| {} |", listed.name);
  for (const Anomaly& anomaly : group.anomalies)
    text += fmt::format(" {} |", cell(listed, anomaly));
  return text + "\n";
}

std::string table(const AnomalyGroup& group) {
  std::string head = "| strategy |", rule = "|---|", blanks;
  for (const Anomaly& anomaly : group.anomalies) {
    head += fmt::format(" {} |", anomaly.name);
    rule += "---|";
    blanks += " |";
  }
  std::string text = head + "\n" + rule + "\n";
  for (const StrategyGroup& strategies : strategy_groups()) {
    text += fmt::format("| *{}* |{}\n", strategies.title, blanks);
    for (const ListedStrategy& each : strategies.strategies) text += line(each, group);
  }
  return text;
}

std::string slots_of(const ListedStrategy& listed) {
  return listed.slots.empty() ? "`{}`" : fmt::format("`{{ {} }}`", listed.slots);
}

std::string settings() {
  std::string text =
      "\n## The strategies as a scenario writes them\n\n"
      "In front of a database with a replica, where there is a remote marker.\n\n"
      "| strategy | slots |\n|---|---|\n";
  for (const StrategyGroup& group : strategy_groups())
    for (const ListedStrategy& each : group.strategies)
      if (!each.in_time) text += fmt::format("| {} | {} |\n", each.name, slots_of(each));
  return text;
}

}  // namespace

std::string strategy_page() {
  std::string text(introduction);
  for (const AnomalyGroup& group : anomaly_groups())
    text += fmt::format("\n## {}\n\n{}\n{}", group.title, legend(group), table(group));
  return text + settings();
}

}  // namespace cacherace::test
