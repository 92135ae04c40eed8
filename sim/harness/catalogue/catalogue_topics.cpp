// The catalogue, as it is listed and described.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/core/assert.hpp"
#include "sim/core/vocabulary.hpp"
#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/catalogue/catalogue_scenarios.hpp"

namespace cacherace::harness {
namespace {

using report::Section;
using report::Topic;
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
  for (const auto& [name, values, standard, meaning] : choice.options)
    section.rows.push_back({std::string(name), std::string(values),
                            standard.empty() ? "needed" : fmt::format("default {}", standard),
                            std::string(meaning)});
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

Topic topic_of(const PropertyEntry& property) {
  Topic topic{
      .name = std::string(property.name),
      .kind = "property of a search",
      .summary = sentence(property.says),
      .sections = {prose("Arises when", property.arises), prose("Judged", property.judged),
                   prose("Expected as",
                         property.limited
                             ? "a verdict, or a limit; the worst case over all schedules is shown"
                             : "a verdict: violated, proven, clean-so-far or vacuous")}};
  return topic;
}

std::string_view unit_of(std::string_view metric) {
  if (metric.find("_us_") != metric.npos)
    return "microseconds in JSON; in expectations a duration, such as \"<= 5ms\"";
  if (metric.ends_with("_ratio")) return "a part of 1 in JSON; in expectations also \">= 90%\"";
  if (metric.find("_bytes") != metric.npos) return "bytes";
  if (metric.find("_qps_") != metric.npos) return "queries per second";
  return "a count";
}

std::string_view window_of(std::string_view window) {
  if (window == "end") return "when the last operation has responded";
  if (window == "operations") return "operations invoked from warmup to duration";
  if (window == "effects") return "effects whose moment lies between warmup and duration";
  return "queries whose moment lies between warmup and duration";
}

Topic topic_of(const MetricEntry& metric) {
  Topic topic{
      .name = std::string(metric.name),
      .kind = "metric of a run",
      .summary = sentence(metric.says),
      .sections = {prose("Unit", unit_of(metric.name)), prose("Window", window_of(metric.window))}};
  if (!metric.null.empty()) topic.sections.push_back(prose("Null where there are", metric.null));
  return topic;
}

std::string as_typed(std::string_view name) {
  std::string typed(name);
  std::ranges::replace(typed, ' ', '-');
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
  for (const auto& property : property_entries())
    visit(property.name, [&] { return topic_of(property); });
  for (const auto& metric : metric_entries()) visit(metric.name, [&] { return topic_of(metric); });
  for (const auto& scenario : shipped_scenarios())
    visit(scenario.name(), [&] { return topic_of(scenario); });
}

}  // namespace

const std::vector<std::string>& listings() {
  static const std::vector<std::string> all{"strategies", "scenarios", "properties", "metrics",
                                            "failure-modes"};
  return all;
}

std::vector<Section> listing(std::string_view what) {
  if (what == "strategies") return strategies();
  if (what == "scenarios") return scenario_listing();
  if (what == "properties") return {rows_of("", property_entries())};
  if (what == "metrics") return {rows_of("", metric_entries())};
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
