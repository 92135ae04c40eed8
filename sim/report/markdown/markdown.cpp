#include "sim/report/markdown/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/core/utf8.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/key_metrics.hpp"
#include "sim/report/markdown/markdown_parts.hpp"
#include "sim/report/text/comparisons.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::report {
namespace {

using Row = MarkdownRow;

std::string head(const Result& result) {
  std::string text = fmt::format("# {}\n", markdown_text(title_text(result.title)));
  if (!result.story.empty()) text += fmt::format("\n{}\n", markdown_text(result.story));
  if (!result.source.empty()) text += fmt::format("\nSource: {}\n", markdown_text(result.source));
  if (!result.complete) text += "\n**Incomplete: interrupted before the end.**\n";
  return text;
}

// `**cache-aside** violates a, b.`
std::string violations(const StrategyResult& strategy) {
  std::vector<std::string> names;
  for (const auto& property : strategy.properties)
    if (property.verdict == Verdict::violated) names.push_back(markdown_code(property.name));
  return names.empty() ? ""
                       : fmt::format("- **{}** violates {}\n", markdown_text(strategy.strategy),
                                     fmt::join(names, ", "));
}

std::string expectations_sentence(const Result& result) {
  if (result.expectations.empty()) return "";
  const std::string all = counted(result.expectations.size(), "expectation");
  const auto [missed, undecided] = not_met(result.expectations);
  if (missed > 0 && undecided > 0)
    return fmt::format("\n**{} of {} not met, {} undecided.**\n", missed, all, undecided);
  if (missed > 0) return fmt::format("\n**{} of {} not met.**\n", missed, all);
  if (undecided > 0) return fmt::format("\n**{} of {} undecided.**\n", undecided, all);
  return fmt::format("\n{} met.\n", result.expectations.size() == 1
                                        ? "The expectation is"
                                        : fmt::format("All {} are", all));
}

std::string searched_answer(const Result& result) {
  std::string list;
  for (const auto& strategy : result.results) list += violations(strategy);
  if (list.empty()) return "\nNo violation was found.\n";
  return "\n" + list;
}

std::string answer(const Result& result) {
  std::string text = "\n## The answer\n";
  if (result.recommendation) {
    for (const auto& sentence : result.recommendation->says)
      text += fmt::format("\n{}\n", markdown_text(sentence));
  } else if (judges_properties(result.kind)) {
    text += searched_answer(result);
  }
  if (result.threshold)
    text += fmt::format("\n{}.\n", markdown_text(threshold_text(*result.threshold)));
  return text + expectations_sentence(result);
}

std::vector<std::string> property_names(const Result& result) {
  std::vector<std::string> names;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties)
      if (std::find(names.begin(), names.end(), property.name) == names.end())
        names.push_back(property.name);
  return names;
}

// `**violated**, 62.03 s`
std::string verdict_cell(const StrategyResult& strategy, const std::string& property) {
  std::vector<std::string> cells;  // of a threshold search, one for each side
  for (const auto& found : strategy.properties) {
    if (found.name != property) continue;
    std::string cell = verdict_text(found.verdict);
    if (found.verdict == Verdict::violated) cell = "**" + cell + "**";
    if (found.worst) cell += ", " + worst_text(*found.worst);
    if (found.pauses) cell += ", " + pauses_text(*found.pauses);
    cells.push_back(cell);
  }
  return cells.empty() ? "" : fmt::format("{}", fmt::join(cells, "; "));
}

// How the coverage of samples grew with their executions.
std::string coverage(const Result& result) {
  std::vector<Row> rows;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      const auto* sample = std::get_if<Sample>(&property.visited);
      if (sample == nullptr) continue;
      const std::string of =
          fmt::format("{}, {}", markdown_text(strategy.strategy), markdown_code(property.name));
      auto all = sample->over_time;
      all.push_back(sample->covered);
      for (const auto& covered : all)
        rows.push_back({of, with_commas(covered.executions), with_commas(covered.states),
                        with_commas(covered.ends), with_commas(covered.arose),
                        with_commas(covered.violating)});
    }
  if (rows.empty()) return "";
  const Row header{"sample of",   "executions", "states", "different final states",
                   "it arose in", "violating"};
  return markdown_folded("How the coverage grew", markdown_table(header, rows, true));
}

std::string verdicts(const Result& result) {
  const auto names = property_names(result);
  if (names.empty()) return "";
  Row header{"strategy"};
  for (const auto& name : names) header.push_back(markdown_code(name));
  std::vector<Row> rows;
  std::vector<Row> visited;
  for (const auto& strategy : result.results) {
    Row row{markdown_text(strategy.strategy)};
    for (const auto& name : names) row.push_back(verdict_cell(strategy, name));
    rows.push_back(row);
    for (const auto& property : strategy.properties)
      visited.push_back({row.front(), markdown_code(property.name), visited_text(property)});
  }
  return fmt::format("\n## Verdicts\n\nSearched: {}, timing {}.\n\n", markdown_text(result.race),
                     markdown_text(result.timing)) +
         markdown_table(header, rows, false) +
         markdown_folded("What was visited",
                         markdown_table({"strategy", "property", "visited"}, visited, false)) +
         coverage(result);
}

bool on_front(const Result& result, const std::string& strategy) {
  if (!result.front) return false;
  const auto& members = result.front->members;
  return std::find(members.begin(), members.end(), strategy) != members.end();
}

// A row per strategy, with the metrics that decide.
std::string key_metric_table(const Result& result) {
  Row header{"strategy"};
  for (const Metric metric : key_metrics) header.push_back(markdown_code(name(metric)));
  std::vector<Row> rows;
  for (const auto& strategy : result.results) {
    Row row{markdown_text(strategy.strategy) + (on_front(result, strategy.strategy) ? " ★" : "")};
    for (const Metric metric : key_metrics) row.push_back(metric_cell(strategy, metric));
    rows.push_back(row);
  }
  return markdown_table(header, rows, true) +
         (result.front ? "\n★ No other strategy is clearly better in failed requests, load, "
                         "staleness or latency without being clearly worse in another of them.\n"
                       : "");
}

// A row per metric; of those that are 0 everywhere only the names.
std::string metric_table(const Result& result) {
  Row header{"metric"};
  for (const auto& strategy : result.results) header.push_back(markdown_text(strategy.strategy));
  std::vector<Row> rows;
  std::vector<std::string> zeros;
  for (const Metric metric : metrics_of(result)) {
    const std::string code = markdown_code(name(metric));
    const bool zero = is_zero_everywhere(result, metric);
    if (zero) zeros.push_back(code);
    if (zero) continue;
    Row row{code};
    for (const auto& strategy : result.results) row.push_back(metric_cell(strategy, metric));
    rows.push_back(row);
  }
  std::string text = markdown_table(header, rows, true);
  if (!zeros.empty()) text += fmt::format("\n0 or empty everywhere: {}.\n", fmt::join(zeros, ", "));
  return text;
}

std::string difference_of(const StrategyResult& strategy, Metric metric) {
  for (const auto& difference : strategy.differences)
    if (difference.metric == metric && difference.mean.value_or(0) != 0)
      return difference_cell(difference);
  return "";
}

// A row per metric that differs somewhere; in brackets where chance may explain it.
std::string differences(const Result& result) {
  std::vector<const StrategyResult*> strategies;
  Row header{"metric"};
  for (const auto& strategy : result.results) {
    if (strategy.differences.empty()) continue;
    strategies.push_back(&strategy);
    header.push_back(markdown_text(strategy.strategy));
  }
  std::vector<Row> rows;
  for (const Metric metric : metrics_of(result)) {
    Row row{markdown_code(name(metric))};
    for (const auto* strategy : strategies) row.push_back(difference_of(*strategy, metric));
    if (std::any_of(row.begin() + 1, row.end(), [](const auto& cell) { return !cell.empty(); }))
      rows.push_back(row);
  }
  if (rows.empty()) return "";
  return markdown_folded(fmt::format("Differences to {}", markdown_text(result.baseline)),
                         markdown_table(header, rows, true) +
                             "\nA difference in brackets may be "
                             "chance.\n");
}

std::string metrics(const Result& result) {
  if (!simulates_traffic(result.kind) || result.results.empty()) return "";
  std::string alarms;
  for (const auto& strategy : result.results)
    if (const auto alarm = hit_ratio_alarm(strategy))
      alarms += fmt::format("- {}\n", markdown_text(*alarm));
  if (!alarms.empty()) alarms = "\nHit ratio below 90 %:\n\n" + alarms;
  const std::string all = markdown_folded("All metrics", metric_table(result));
  return fmt::format("\n## Metrics\n\nSimulated: {}.\n\n", markdown_text(result.traffic.says)) +
         key_metric_table(result) + alarms + all + differences(result);
}

std::string why_not_the_others(const Result& result) {
  if (!result.recommendation || result.recommendation->others.empty()) return "";
  std::string text = "\n## Why not the others\n\n";
  for (const auto& [strategy, because] : result.recommendation->others)
    text += fmt::format("- **{}**: {}\n", markdown_text(strategy), markdown_text(because));
  return text;
}

std::string replay_commands(const StrategyResult& strategy, const PropertyResult& property) {
  if (property.smallest && !property.smallest->saved.empty())
    return fmt::format("cacherace search {}\n",
                       printable(quoted_for_shell(property.smallest->saved)));
  if (property.smallest)
    return fmt::format("cacherace fuzz FILE --strategy {} --save found\n",
                       printable(quoted_for_shell(strategy.strategy)));
  const std::string saved = property.counterexample->saved;
  if (!saved.empty())
    return fmt::format("cacherace replay {} --step\n", printable(quoted_for_shell(saved)));
  return fmt::format(
      "cacherace search FILE --strategy {} --property {} --save race.json\n"
      "cacherace replay race.json --step\n",
      printable(quoted_for_shell(strategy.strategy)), printable(property.name));
}

// "It needs one crash: …"
std::string faults_paragraph(const PropertyResult& property) {
  std::string sentence =
      faults_sentence(*property.counterexample, property.worst && property.worst->is_time);
  if (sentence.empty()) return "";
  sentence.erase(0, sentence.find_first_not_of(' '));
  sentence.erase(sentence.find_last_not_of('\n') + 1);
  return fmt::format("\nIt {}.\n", markdown_text(sentence));
}

// Of a search of many races: which one it is.
std::string race_paragraph(const SmallestScenario& smallest) {
  std::string text = fmt::format("\nIn this race: {}.\n", markdown_text(smallest.race));
  if (!smallest.durations.empty()) text += "\n";
  for (const auto& [pointer, value] : smallest.durations)
    text += fmt::format("- {}: {}\n", markdown_text(pointer), markdown_text(value));
  return text;
}

std::string interleaving_section(const StrategyResult& strategy, const PropertyResult& property) {
  const auto& shown = *property.counterexample;
  return fmt::format("\n{}, {}{}.\n\n", counted(shown.steps.size(), "step"),
                     counted(shown.context_switches, "context switch", "es"),
                     shown.minimal ? "" : " (a smaller one may exist)") +
         (property.smallest ? race_paragraph(*property.smallest).substr(1) + "\n" : "") +
         markdown_block(interleaving(shown, {})) + faults_paragraph(property) + "\nReplay it:\n\n" +
         markdown_block(replay_commands(strategy, property));
}

// An interleaving is shown once; strategies that share it name the one above.
std::string counterexamples(const Result& result) {
  std::string text;
  std::map<std::string, std::string> shown_under;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      if (!property.counterexample) continue;
      const auto& shown = *property.counterexample;
      text += fmt::format("\n### {} under {}\n", markdown_code(property.name),
                          markdown_text(strategy.strategy));
      const auto [first, is_new] =
          shown_under.try_emplace(property.name + shown.digest + shown.says, strategy.strategy);
      text += is_new ? interleaving_section(strategy, property)
                     : fmt::format("\nThe same {} steps as under {}.\n", shown.steps.size(),
                                   markdown_text(first->second));
    }
  return text.empty() ? "" : "\n## How it goes wrong\n" + text;
}

std::string expectations(std::string_view title, const std::vector<Expected>& all) {
  if (all.empty()) return "";
  std::vector<Row> rows;
  for (const auto& expected : all)
    rows.push_back({expected.met         ? "met"
                    : expected.undecided ? "undecided"
                                         : "**not met**",
                    markdown_text(expected.strategy), markdown_code(expected.name),
                    markdown_text(expected.wanted), markdown_text(expected.found)});
  return fmt::format("\n## {}\n\n", title) +
         markdown_table({"", "strategy", "property or metric", "expected", "found"}, rows, false);
}

std::string foot(const Result& result) {
  std::string text;
  for (const auto& note : result.notes) text += fmt::format("- {}\n", markdown_text(note));
  if (!text.empty()) text = "\n## Notes\n\n" + text;
  return text +
         fmt::format("\nSeed {}, scenario digest `{}`.\n", result.seed, result.scenario_digest);
}

// A row per scenario, then each comparison as it would stand alone.
std::string comparisons(const Result& result) {
  std::vector<Row> rows;
  std::string each;
  for (const auto& line : compared_scenarios(result))
    rows.push_back({std::to_string(rows.size() + 1), markdown_text(line.title),
                    markdown_text(line.take), line.load, line.staleness, line.expectations});
  for (const auto& comparison : result.comparisons) each += "\n---\n\n" + to_markdown(comparison);
  return fmt::format("# {}\n", title_of(result)) +
         (result.complete ? "" : "\n**Incomplete: not every scenario was compared.**\n") + "\n" +
         markdown_table({"", "scenario", "take", markdown_code(name(compared_load)),
                         markdown_code(name(compared_staleness)), "expectations"},
                        rows, false) +
         each;
}

}  // namespace

std::string to_markdown(const Result& result) {
  if (result.kind == Result::Kind::comparisons) return comparisons(result);
  if (result.kind == Result::Kind::sweep)
    return head(result) + markdown_sweep(result) +
           expectations("Expectations", result.expectations) + foot(result);
  return head(result) + answer(result) + verdicts(result) + metrics(result) +
         why_not_the_others(result) + counterexamples(result) + expectations("Goal", result.goal) +
         expectations("Expectations", result.expectations) + foot(result);
}

}  // namespace cacherace::report
