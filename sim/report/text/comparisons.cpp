#include "sim/report/text/comparisons.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/text/color.hpp"
#include "sim/report/text/describe.hpp"
#include "sim/report/text/table.hpp"

namespace cacherace::report {
namespace {

const StrategyResult* taken(const Result& comparison) {
  if (!comparison.recommendation) return nullptr;
  for (const auto& strategy : comparison.results)
    if (strategy.strategy == comparison.recommendation->strategy) return &strategy;
  return nullptr;
}

std::string take_text(const Result& comparison) {
  if (!comparison.recommendation) return "(interrupted)";
  const auto& strategy = comparison.recommendation->strategy;
  return strategy.empty() ? "(none meets the goal)" : strategy;
}

std::string expectations_text(const std::vector<Expected>& all) {
  if (all.empty()) return "none";
  const auto [missed, undecided] = not_met(all);
  if (missed > 0 && undecided > 0)
    return fmt::format("{} of {} not met, {} undecided", missed, all.size(), undecided);
  if (undecided > 0) return fmt::format("{} of {} undecided", undecided, all.size());
  if (missed > 0) return fmt::format("{} of {} not met", missed, all.size());
  return all.size() == 1 ? "met" : fmt::format("all {} met", all.size());
}

ComparedScenario compared(const Result& comparison) {
  ComparedScenario line{.title = title_text(comparison.title),
                        .take = take_text(comparison),
                        .load = "-",
                        .staleness = "-",
                        .expectations = expectations_text(comparison.expectations)};
  if (const auto* strategy = taken(comparison)) {
    line.load = metric_cell(*strategy, compared_load);
    line.staleness = metric_cell(*strategy, compared_staleness);
  }
  return line;
}

std::string summary(const Result& result, const TextStyle& style) {
  Table table({Align::right, Align::left, Align::left, Align::right, Align::right, Align::left});
  table.add({"", "scenario", "take", std::string(name(compared_load)),
             std::string(name(compared_staleness)), "expectations"});
  std::size_t number = 0;
  for (const auto& line : compared_scenarios(result))
    table.add({std::to_string(++number), line.title, line.take, line.load, line.staleness,
               line.expectations});
  const auto lines = table.lines();
  std::string text = fmt::format("  {}\n", lines.front());
  for (std::size_t i = 0; i < number; ++i) {
    const bool met = all_met(result.comparisons[i]);
    text += fmt::format("  {}\n", met ? lines[i + 1] : paint(lines[i + 1], Color::red, style));
  }
  return text;
}

// `── 2 of 3 ─────…`
std::string rule(std::size_t number, std::size_t count) {
  std::string words = fmt::format("── {} of {} ", number, count);
  const std::size_t width = display_width(words);
  for (std::size_t i = width; i < page_width; ++i) words += "─";
  return fmt::format("\n\n{}\n\n", words);
}

}  // namespace

std::vector<ComparedScenario> compared_scenarios(const Result& result) {
  std::vector<ComparedScenario> lines;
  for (const auto& comparison : result.comparisons) lines.push_back(compared(comparison));
  return lines;
}

std::string comparisons_text(const Result& result, const TextStyle& style) {
  std::string text = fmt::format("{}\n{}\n{}", title_of(result),
                                 result.complete ? "" : fmt::format("{}\n", some_are_missing),
                                 summary(result, style));
  for (std::size_t i = 0; i < result.comparisons.size(); ++i)
    text += rule(i + 1, result.comparisons.size()) + to_text(result.comparisons[i], style);
  return text;
}

}  // namespace cacherace::report
