#include "sim/report/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/core/utf8.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/text/comparison_text.hpp"
#include "sim/report/text/comparisons.hpp"
#include "sim/report/text/series_text.hpp"
#include "sim/report/text/sweep_text.hpp"
#include "sim/report/text/table.hpp"

namespace cacherace::report {
namespace {

Color color_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::violated:
      return Color::red;
    case Verdict::proven:
      return Color::green;
    default:
      return Color::yellow;
  }
}

std::string head(const Result& result) {
  std::string text = title_text(result.title) + "\n";
  if (!result.story.empty()) text += printable(result.story) + "\n";
  if (!result.source.empty()) text += fmt::format("source: {}\n", printable(result.source));
  if (judges_properties(result.kind))
    text += fmt::format("{} · timing {} · seed {}\n", printable(result.race),
                        printable(result.timing), result.seed);
  if (simulates_traffic(result.kind))
    text += fmt::format("{} · seed {}\n", printable(result.traffic.says), result.seed);
  for (const auto& note : result.notes) text += "note: " + printable(note) + "\n";
  if (!result.complete) text += "incomplete: interrupted before the end\n";
  return text;
}

std::string verdicts(const Result& result, const TextStyle& style) {
  Table table({Align::left, Align::left, Align::left, Align::left});
  std::vector<Verdict> verdict_of_line;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      table.add({strategy.strategy, property.name, verdict_text(property.verdict),
                 visited_text(property)});
      verdict_of_line.push_back(property.verdict);
    }
  std::string text;
  const auto lines = table.lines();
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += "  " + paint(lines[i], color_of(verdict_of_line[i]), style) + "\n";
  return text;
}

std::string threshold(const Result& result) {
  return result.threshold ? fmt::format("\n  {}\n", threshold_text(*result.threshold)) : "";
}

std::string smallest(const SmallestScenario& scenario) {
  std::string text = "\n  race: " + printable(scenario.race) + "\n";
  for (const auto& [pointer, value] : scenario.durations)
    text += fmt::format("  {} {}\n", printable(pointer), printable(value));
  if (!scenario.saved.empty())
    text += "\n  search it: cacherace search " + quoted_for_shell(scenario.saved);
  return text;
}

// An interleaving is shown once; strategies that share it name the one above.
std::string counterexamples(const Result& result, const TextStyle& style) {
  std::string text;
  std::map<std::string, std::string> shown_under;  // digest -> strategy
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      if (!property.counterexample) continue;
      const auto& shown = *property.counterexample;
      text +=
          fmt::format("\n{} under {}: ", printable(property.name), printable(strategy.strategy));
      const auto [first, is_new] =
          shown_under.try_emplace(property.name + shown.digest + shown.says, strategy.strategy);
      if (is_new) {
        text += fmt::format("{}, {}{}\n\n", counted(shown.steps.size(), "step"),
                            counted(shown.context_switches, "context switch", "es"),
                            shown.minimal ? "" : " (a smaller one may exist)");
        text += interleaving(shown, style);
        text += faults_sentence(shown, property.worst && property.worst->is_time);
      } else {
        text += fmt::format("the same {} steps as under {}\n", shown.steps.size(),
                            printable(first->second));
      }
      if (property.smallest) text += smallest(*property.smallest);
      if (!shown.saved.empty())
        text += "\n  replay it: cacherace replay " + quoted_for_shell(shown.saved) + "\n";
    }
  return text;
}

// Breaks the words over lines of a hundred columns; the lines after the first are indented.
std::string wrapped(const std::string& words, std::size_t indent) {
  constexpr std::size_t columns_max = 100;
  std::string text;
  std::size_t column = 0;
  for (std::size_t from = 0; from < words.size();) {
    const std::size_t to = std::min(words.find(' ', from + 1), words.size());
    const std::string word = words.substr(from, to - from);
    if (column + word.size() > columns_max) {
      text.append("\n").append(indent - 1, ' ');
      column = indent - 1;
    }
    text += word;
    column += word.size();
    from = to;
  }
  return text + "\n";
}

std::string metric_table(const Result& result) {
  std::vector<Align> columns(result.results.size() + 1, Align::right);
  columns[0] = Align::left;
  Table table(columns);
  std::vector<std::string> header{""};
  for (const auto& strategy : result.results) header.push_back(strategy.strategy);
  table.add(header);
  std::string zeros;
  for (const Metric metric : metrics_of(result)) {
    if (is_zero_everywhere(result, metric)) {
      zeros.append(" ").append(name(metric));
      continue;
    }
    std::vector<std::string> row{std::string(name(metric))};
    for (const auto& strategy : result.results) row.push_back(metric_cell(strategy, metric));
    table.add(row);
  }
  std::vector<std::string> digests{"digest"};
  for (const auto& strategy : result.results) digests.push_back(strategy.digest);
  table.add(digests);
  std::string text = table.render("  ");
  if (!zeros.empty()) text += wrapped("\n  0 or empty everywhere:" + zeros, 4);
  return text;
}

std::string hit_ratio_alarms(const Result& result) {
  std::string text;
  for (const auto& strategy : result.results)
    if (const auto alarm = hit_ratio_alarm(strategy)) text += fmt::format("  {}\n", *alarm);
  return text.empty() ? "" : "\nHit ratio below 90 %\n" + text;
}

std::string expectation_text(const Expected& expected) {
  return expected.met ? "met" : expected.undecided ? "undecided" : "NOT MET";
}

std::string expectations(std::string_view title, const std::vector<Expected>& all,
                         const TextStyle& style) {
  if (all.empty()) return "";
  Table table({Align::left, Align::left, Align::left, Align::left, Align::left});
  for (const auto& expected : all)
    table.add({expectation_text(expected), expected.strategy, expected.name,
               "expected " + expected.wanted, "found " + expected.found});
  std::string text = fmt::format("\n{}\n", title);
  const auto lines = table.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& expected = all[i];
    const Color color = expected.met         ? Color::green
                        : expected.undecided ? Color::yellow
                                             : Color::red;
    text += "  " + paint(lines[i], color, style) + "\n";
  }
  return text;
}

}  // namespace

bool all_met(const Result& result) {
  return std::all_of(result.expectations.begin(), result.expectations.end(),
                     [](const Expected& expected) { return expected.met; }) &&
         std::all_of(result.comparisons.begin(), result.comparisons.end(), all_met);
}

bool none_missed(const Result& result) {
  return not_met(result.expectations).missed == 0 &&
         std::all_of(result.comparisons.begin(), result.comparisons.end(), none_missed);
}

std::string to_text(const Result& result, const TextStyle& style) {
  if (result.kind == Result::Kind::comparisons) return comparisons_text(result, style);
  std::string text = head(result) + "\n";
  if (result.kind == Result::Kind::sweep)
    text += sweep_text(result);
  else if (result.kind == Result::Kind::compare)
    text += comparison_text(result, style) + counterexamples(result, style);
  else if (result.kind != Result::Kind::run)
    text += verdicts(result, style) + threshold(result) + counterexamples(result, style);
  else
    text += metric_table(result) + differences_text(result) + series_text(result) +
            hit_ratio_alarms(result);
  if (result.kind != Result::Kind::compare) text += expectations("Goal", result.goal, style);
  return text + expectations("Expectations", result.expectations, style);
}

}  // namespace cacherace::report
