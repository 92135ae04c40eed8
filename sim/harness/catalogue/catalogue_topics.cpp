// The catalogue, as it is listed and described.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "sim/core/assert.hpp"
#include "sim/core/metric_table.hpp"
#include "sim/core/property_table.hpp"
#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/catalogue/catalogue_scenarios.hpp"
#include "sim/scenario/strategies/choice.hpp"

namespace cacherace::harness {
namespace {

using report::Section;
using report::Topic;
using scenario::Choice;
using scenario::choices;
using scenario::Remark;
using Row = std::vector<std::string>;

Row row_of(std::string_view name, std::string_view says) {
  return {std::string(name), std::string(says)};
}

Section prose(std::string heading, std::string_view text) {
  return {.heading = std::move(heading), .rows = {{std::string(text)}}, .lines = ""};
}

// ---- lists -------------------------------------------------------------------------------------

template <typename Entries>
Section rows_of(std::string heading, const Entries& entries) {
  Section section{.heading = std::move(heading), .rows = {}, .lines = ""};
  for (const auto& entry : entries) section.rows.push_back(row_of(entry.name, entry.says));
  return section;
}

std::vector<Section> strategies() {
  std::vector<Section> sections;
  std::size_t width = 0;
  for (const auto& choice : choices()) width = std::max(width, choice.name.size());
  for (const auto& [slot, says] : slots()) {
    Section section{.heading = fmt::format("{}: {}", slot, says), .rows = {}, .lines = ""};
    for (const auto& choice : choices())
      if (choice.slot == slot)
        section.rows.push_back(row_of(fmt::format("{:<{}}", choice.name, width), choice.summary));
    sections.push_back(std::move(section));
  }
  sections.push_back({.heading = "",
                      .rows = {},
                      .lines =
                          "Except for guards, a slot's first choice is the baseline's.\n"
                          "cacherace describe NAME explains what it removes and what remains."});
  return sections;
}

// ---- topics ------------------------------------------------------------------------------------

Section remarks(std::string heading, const std::vector<Remark>& list) {
  Section section{.heading = std::move(heading), .rows = {}, .lines = ""};
  for (const auto& [what, says] : list) section.rows.push_back(row_of(what, says));
  if (list.empty()) section.rows.push_back({"nothing"});
  return section;
}

Section options(const Choice& choice) {
  Section section{.heading = "Options", .rows = {}, .lines = ""};
  for (const auto& option : choice.options)
    section.rows.push_back(
        {std::string(option.name), option.values,
         option.standard.empty() ? "needed" : fmt::format("default {}", option.standard),
         std::string(option.meaning)});
  if (section.rows.empty()) section.rows.push_back({"none"});
  return section;
}

Topic topic_of(const Choice& choice) {
  Section sources{.heading = "Sources", .rows = {}, .lines = ""};
  for (const auto source : choice.sources) sources.rows.push_back({std::string(source)});
  return {
      .name = std::string(choice.name),
      .kind = fmt::format("choice of the slot {}", choice.slot),
      .summary = std::string(choice.summary),
      .sections = {
          {.heading = "Steps", .rows = {}, .lines = std::string(choice.steps)},
          options(choice),
          remarks("Removes", choice.removes),
          remarks("Remains", choice.remains),
          sources,
          {.heading = "A scenario with it", .rows = {}, .lines = std::string(choice.scenario)}}};
}

std::string sentence(std::string_view says) {
  std::string text = fmt::format("{}.", says);
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

Topic topic_of_slot(const Term& slot) {
  Section section{.heading = "Choices", .rows = {}, .lines = ""};
  for (const auto& choice : choices())
    if (choice.slot == slot.name) section.rows.push_back(row_of(choice.name, choice.summary));
  return {.name = std::string(slot.name),
          .kind = "slot of a strategy",
          .summary = fmt::format("Says {}.", slot.says),
          .sections = {section}};
}

/// The choices that say something about `term`.
Section mentions(std::string heading, std::string_view term,
                 std::vector<Remark> Choice::* remarks_of) {
  Section section{.heading = std::move(heading), .rows = {}, .lines = ""};
  for (const auto& choice : choices())
    for (const auto& [what, says] : choice.*remarks_of)
      if (what == term)
        section.rows.push_back({fmt::format("{} {}", choice.slot, choice.name), std::string(says)});
  return section;
}

Topic topic_of_term(const Term& term, std::string_view kind) {
  Topic topic{.name = std::string(term.name),
              .kind = std::string(kind),
              .summary = sentence(term.says),
              .sections = {mentions("Removed by", term.name, &Choice::removes),
                           mentions("Remains under", term.name, &Choice::remains)}};
  std::erase_if(topic.sections, [](const Section& section) { return section.rows.empty(); });
  return topic;
}

std::string_view expected_as(std::optional<Unit> limit) {
  if (!limit) return "a verdict: violated, proven, clean-so-far or vacuous";
  if (*limit == Unit::microseconds)
    return "a verdict, or a limit, such as \"<= 62s\"; the worst case over all schedules is shown";
  return "a verdict, or a limit, such as \"<= 1\"; the worst case over all schedules is shown";
}

Topic topic_of(const PropertyRow& property) {
  return {.name = std::string(property.name),
          .kind = "property of a search",
          .summary = sentence(property.says),
          .sections = {prose("Arises when", property.arises), prose("Judged", property.judged),
                       prose("Expected as", expected_as(property.limit))}};
}

std::string_view explained(Unit unit) {
  switch (unit) {
    case Unit::count:
      return "a count";
    case Unit::share:
      return "a number from 0 to 1 in JSON; in expectations also \">= 90%\"";
    case Unit::microseconds:
      return "microseconds in JSON; in expectations a duration, such as \"<= 5ms\"";
    case Unit::bytes:
      return "bytes";
    case Unit::per_second:
      return "per second";
  }
  SIM_ASSERT(false);
  return "";
}

std::string_view explained(Window window) {
  switch (window) {
    case Window::operations:
      return "operations invoked from warmup to duration";
    case Window::effects:
      return "effects that happen between warmup and duration";
    case Window::queries:
      return "queries that happen between warmup and duration";
    case Window::end:
      return "when the last operation has responded";
  }
  SIM_ASSERT(false);
  return "";
}

Topic topic_of(const MetricRow& metric) {
  Topic topic{
      .name = std::string(metric.name),
      .kind = "metric of a run",
      .summary = sentence(metric.says),
      .sections = {prose("Unit", explained(metric.unit)), prose("Better", name(metric.better)),
                   prose("Window", explained(metric.window))}};
  if (!metric.no_value.empty()) topic.sections.push_back(prose("Null where", metric.no_value));
  return topic;
}

std::string as_typed(std::string_view name) {
  std::string typed(name);
  for (char& c : typed)
    c = c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return typed;
}

/// Calls `visit` with the name and the topic's maker of everything that can be described.
template <typename Visit>
void for_each(const Visit& visit) {
  for (const auto& choice : choices()) visit(choice.name, [&] { return topic_of(choice); });
  for (const auto& slot : slots()) visit(slot.name, [&] { return topic_of_slot(slot); });
  for (const auto& mode : failure_modes())
    visit(mode.name, [&] { return topic_of_term(mode, "failure mode"); });
  for (const auto& cost : costs()) visit(cost.name, [&] { return topic_of_term(cost, "cost"); });
  for (const PropertyRow& property : property_rows)
    visit(property.name, [&] { return topic_of(property); });
  for (const MetricRow& metric : metric_rows) visit(metric.name, [&] { return topic_of(metric); });
  for (const auto& scenario : shipped_scenarios())
    visit(scenario.name(), [&] { return topic_of(scenario); });
}

}  // namespace

namespace {

constexpr auto listed = std::to_array<Term>({
    {"strategies", "the choices of which a strategy is composed, slot by slot"},
    {"scenarios", "the shipped scenarios, each with one race or one kind of traffic"},
    {"properties", "what a search checks of every interleaving"},
    {"metrics", "what a run measures"},
    {"failure-modes", "what goes wrong with caches, and what mitigations cost"},
});

}  // namespace

const std::vector<std::string>& listings() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const auto& what : listed) names.emplace_back(what.name);
    return names;
  }();
  return all;
}

std::vector<Section> overview() {
  return {
      rows_of("What can be listed", listed),
      {.heading = "",
       .rows = {},
       .lines = "cacherace list WHAT shows their names, cacherace describe NAME explains one."}};
}

std::vector<Section> listing(std::string_view what) {
  if (what == "strategies") return strategies();
  if (what == "scenarios") return scenario_listing();
  if (what == "properties") return {rows_of("", property_rows)};
  if (what == "metrics") return {rows_of("", metric_rows)};
  SIM_ASSERT(what == "failure-modes");
  return {rows_of("", failure_modes()), rows_of("Costs", costs())};
}

std::vector<Topic> describe(std::string_view name) {
  std::vector<Topic> topics;
  for_each([&](std::string_view known, const auto& make) {
    if (as_typed(known) == as_typed(name)) topics.push_back(make());
  });
  return topics;
}

std::vector<std::string> described_names() {
  std::vector<std::string> names;
  for_each([&](std::string_view known, const auto&) { names.push_back(as_typed(known)); });
  return names;
}

}  // namespace cacherace::harness
