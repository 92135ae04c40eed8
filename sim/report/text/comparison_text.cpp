#include "sim/report/text/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/report/key_metrics.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/text/describe.hpp"
#include "sim/report/text/table.hpp"

namespace cacherace::report {
namespace {

std::string cell(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  return found == nullptr ? "-" : metric_text(*found);
}

// `violated`, `proven, 62.03 s`
std::string cell(const PropertyResult& property) {
  return verdict_text(property.verdict) +
         (property.worst ? ", " + worst_text(*property.worst) : "") +
         (property.pauses ? ", " + pauses_text(*property.pauses) : "");
}

bool is_member(const Result& result, const std::string& strategy) {
  return result.front && std::find(result.front->members.begin(), result.front->members.end(),
                                   strategy) != result.front->members.end();
}

// A star stands before those that no other strategy beats.
std::string table(const Result& result) {
  if (result.results.empty()) return "";
  const auto& properties = result.results.front().properties;
  std::vector<Align> columns(1 + properties.size(), Align::left);
  columns.insert(columns.end(), key_metrics.size(), Align::right);
  Table table(columns);
  std::vector<std::string> header{""};
  for (const auto& property : properties) header.push_back(property.name);
  for (const Metric metric : key_metrics) header.emplace_back(name(metric));
  table.add(header);
  for (const auto& strategy : result.results) {
    std::vector<std::string> row{(is_member(result, strategy.strategy) ? "* " : "  ") +
                                 strategy.strategy};
    for (const auto& property : strategy.properties) row.push_back(cell(property));
    row.resize(1 + properties.size());
    for (const Metric metric : key_metrics) row.push_back(cell(strategy, metric));
    table.add(row);
  }
  return table.render("") +
         "\n* no other strategy is clearly better in failed requests, load, staleness or "
         "latency\n  without being clearly worse in another of them\n";
}

std::string answer(const Recommendation& recommendation, const TextStyle& style) {
  std::string text;
  for (const auto& sentence : recommendation.says)
    for (const auto& line : broken(printable(sentence), page_width))
      text += paint(line, Color::bold, style) + "\n";
  return text + "\n";
}

std::string why_not_the_others(const Recommendation& recommendation) {
  if (recommendation.others.empty()) return "";
  Table table({Align::left, Align::left});
  for (const auto& [strategy, because] : recommendation.others) table.add({strategy, because});
  return "\nWhy not the others\n" + table.render("  ");
}

}  // namespace

std::string comparison_text(const Result& result, const TextStyle& style) {
  std::string text;
  if (result.recommendation) text += answer(*result.recommendation, style);
  text += table(result);
  if (result.recommendation) text += why_not_the_others(*result.recommendation);
  return text;
}

}  // namespace cacherace::report
