#include "sim/report/text.hpp"
#include "sim/core/duration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/report/color.hpp"
#include "sim/report/comparison_text.hpp"
#include "sim/report/table.hpp"

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

std::string with_commas(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

// At most four significant digits, without trailing zeros.
std::string short_number(double value) {
  constexpr double with_commas_from = 10'000;
  if (value >= with_commas_from && value < 1e18)
    return with_commas(static_cast<std::uint64_t>(std::llround(value)));
  return fmt::format("{:.4g}", value);
}

std::string about_duration(double us) {
  if (us >= 60e6) return short_number(us / 60e6) + " min";
  if (us >= 1e6) return short_number(us / 1e6) + " s";
  if (us >= 1e3) return short_number(us / 1e3) + " ms";
  return short_number(us) + " us";
}

std::string head(const Result& result) {
  std::string text = title_text(result.title) + "\n";
  if (!result.story.empty()) text += printable(result.story) + "\n";
  if (!result.source.empty()) text += fmt::format("source: {}\n", printable(result.source));
  if (result.kind != Result::Kind::run)
    text += fmt::format("{} · timing {} · seed {}\n", printable(result.race), result.timing,
                        result.seed);
  if (result.kind != Result::Kind::search)
    text += fmt::format("{} · seed {}\n", result.traffic, result.seed);
  for (const auto& note : result.notes) text += "note: " + note + "\n";
  if (!result.complete) text += "incomplete: interrupted before the end\n";
  return text;
}

// `1 step`, `2 steps`.
std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural = "s") {
  return fmt::format("{} {}{}", with_commas(number), noun, number == 1 ? "" : plural);
}

std::string counts(const States& visited) {
  std::string text = counted(visited.states, "state");
  if (visited.zones) text += ", " + counted(*visited.zones, "zone");
  return text;
}

std::string counts(const Schedules& visited) {
  std::string text = counted(visited.schedules, "schedule");
  if (visited.violating) text += fmt::format(", {} violating", with_commas(*visited.violating));
  if (visited.cut > 0) text += fmt::format(", {} cut at the step budget", with_commas(visited.cut));
  return text;
}

std::string counts(const Sample& visited) {
  std::string text = fmt::format("{} ({}), {} violating", counted(visited.executions, "execution"),
                                 visited.mode, with_commas(visited.violating));
  if (visited.cut > 0) text += fmt::format(", {} cut at the step budget", with_commas(visited.cut));
  return text + ", " + counted(visited.ends, "different end");
}

}  // namespace

std::string worst_text(const Worst& worst) {
  if (worst.unbounded) return "unbounded";
  if (!worst.is_time) return with_commas(worst.value);
  return duration_text(Duration(static_cast<std::int64_t>(worst.value)));
}

namespace {

std::string counts(const PropertyResult& property) {
  std::string text =
      std::visit([](const auto& visited) { return counts(visited); }, property.visited);
  const bool sample = std::holds_alternative<Sample>(property.visited);
  if (!property.exhausted && !sample) text += ", not all";
  if (property.worst) text += "; at worst " + worst_text(*property.worst);
  return text;
}

std::string threshold_text(const Threshold& threshold) {
  const auto text = [](std::int64_t us) { return duration_text(std::chrono::microseconds(us)); };
  const bool least = threshold.holds_us > threshold.violated_us;
  return fmt::format("\n  {} has to be at {} {}; {} is too {}\n", threshold.pointer,
                     least ? "least" : "most", text(threshold.holds_us),
                     text(threshold.violated_us), least ? "short" : "long");
}

std::string verdicts(const Result& result, const TextStyle& style) {
  Table table({Align::left, Align::left, Align::left, Align::left});
  std::vector<Verdict> verdict_of_line;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      std::string verdict(name(property.verdict));
      std::replace(verdict.begin(), verdict.end(), '-', ' ');
      table.add({strategy.strategy, property.name, verdict, counts(property)});
      verdict_of_line.push_back(property.verdict);
    }
  std::string text;
  const auto lines = table.lines();
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += "  " + paint(lines[i], color_of(verdict_of_line[i]), style) + "\n";
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
      text += fmt::format("\n{} under {}: ", property.name, printable(strategy.strategy));
      const auto [first, is_new] =
          shown_under.try_emplace(property.name + shown.digest + shown.says, strategy.strategy);
      if (is_new) {
        text += fmt::format("{}, {}{}\n\n", counted(shown.steps.size(), "step"),
                            counted(shown.context_switches, "context switch", "es"),
                            shown.minimal ? "" : " (a smaller one may exist)");
        text += interleaving(shown, style);
      } else {
        text += fmt::format("the same {} steps as under {}\n", shown.steps.size(),
                            printable(first->second));
      }
      if (!shown.saved.empty()) text += "\n  replay it: cacherace replay " + shown.saved + "\n";
    }
  return text;
}

// Half an interval: two significant digits tell enough.
std::string margin_text(const std::string& metric, double half_width) {
  const double unit = std::pow(10.0, std::floor(std::log10(half_width)) - 1);
  return metric_text(metric, std::round(half_width / unit) * unit);
}

std::string metric_cell(const MetricResult& metric) {
  std::string cell = metric_text(metric.name, metric.mean);
  if (!metric.ci95) return cell;
  const double half = (metric.ci95->high - metric.ci95->low) / 2;
  if (half > 0) cell += " ± " + margin_text(metric.name, half);
  return cell;
}

bool is_zero_everywhere(const Result& result, std::size_t metric) {
  return std::all_of(result.results.begin(), result.results.end(), [&](const auto& strategy) {
    return strategy.metrics[metric].mean.value_or(0) == 0;
  });
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
      text += "\n" + std::string(indent - 1, ' ');
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
  const std::size_t metrics = result.results.empty() ? 0 : result.results.front().metrics.size();
  for (std::size_t i = 0; i < metrics; ++i) {
    const std::string& name = result.results.front().metrics[i].name;
    if (is_zero_everywhere(result, i)) {
      zeros += " " + name;
      continue;
    }
    std::vector<std::string> row{name};
    for (const auto& strategy : result.results) row.push_back(metric_cell(strategy.metrics[i]));
    table.add(row);
  }
  std::vector<std::string> digests{"digest"};
  for (const auto& strategy : result.results) digests.push_back(strategy.digest);
  table.add(digests);
  std::string text = table.render("  ");
  if (!zeros.empty()) text += wrapped("\n  0 or nothing everywhere:" + zeros, 4);
  return text;
}

struct Cause {
  std::string_view metric;
  std::string_view says;
};

constexpr Cause causes[] = {
    {"misses_cold", "of keys that were never cached"},
    {"misses_expired", "of entries that had expired; is a TTL too low?"},
    {"misses_evicted", "of entries that had been evicted; does the working set no longer fit?"},
    {"misses_invalidated", "of entries that a write had deleted; is this worth caching?"},
    {"misses_emptied", "of entries that went with a flush or a restart"},
    {"misses_renamed",
     "of keys that are cached under another name; has a release changed their format?"},
    {"misses_bypassed", "of reads that never asked the cache; does a path bypass it?"},
};

double mean_of(const StrategyResult& strategy, std::string_view metric) {
  for (const auto& found : strategy.metrics)
    if (found.name == metric) return found.mean.value_or(0);
  return 0;
}

// Where the hit ratio is low, what most misses are.
std::string hit_ratio_alarms(const Result& result) {
  constexpr double alarm = 0.9;
  std::string text;
  for (const auto& strategy : result.results) {
    const double misses = mean_of(strategy, "misses");
    const double hits = mean_of(strategy, "hits");
    if (misses == 0 || hits >= alarm * (hits + misses)) continue;
    const auto* most =
        std::max_element(std::begin(causes), std::end(causes), [&](const Cause& a, const Cause& b) {
          return mean_of(strategy, a.metric) < mean_of(strategy, b.metric);
        });
    text +=
        fmt::format("  {}: {} of the reads hit; {} of the misses are {}\n",
                    printable(strategy.strategy), metric_text("hit_ratio", hits / (hits + misses)),
                    metric_text("hit_ratio", mean_of(strategy, most->metric) / misses), most->says);
  }
  return text.empty() ? "" : "\nHit ratio below 90 %\n" + text;
}

std::string expectations(const Result& result, const TextStyle& style) {
  if (result.expectations.empty()) return "";
  Table table({Align::left, Align::left, Align::left, Align::left, Align::left});
  for (const auto& expected : result.expectations)
    table.add({expected.met ? "met" : "NOT MET", expected.strategy, expected.name,
               "expected " + expected.wanted, "found " + expected.found});
  std::string text = "\nExpectations\n";
  const auto lines = table.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool met = result.expectations[i].met;
    text += "  " + paint(lines[i], met ? Color::green : Color::red, style) + "\n";
  }
  return text;
}

}  // namespace

bool all_met(const Result& result) {
  return std::all_of(result.expectations.begin(), result.expectations.end(),
                     [](const Expected& expected) { return expected.met; });
}

std::string title_text(const std::string& title) {
  return title.empty() ? "Untitled scenario" : printable(title);
}

std::string metric_text(const std::string& name, std::optional<double> value) {
  if (!value) return "-";
  if (name.ends_with("_ratio")) return short_number(*value * 100) + " %";
  if (name.find("_us_") != std::string::npos || name.ends_with("_us"))
    return about_duration(*value);
  return short_number(*value);
}

std::string to_text(const Result& result, const TextStyle& style) {
  std::string text = head(result) + "\n";
  if (result.kind == Result::Kind::compare)
    text += comparison_text(result, style) + counterexamples(result, style);
  else if (result.kind == Result::Kind::search)
    text += verdicts(result, style) +
            (result.threshold ? threshold_text(*result.threshold) : std::string()) +
            counterexamples(result, style);
  else
    text += metric_table(result) + hit_ratio_alarms(result);
  return text + expectations(result, style);
}

}  // namespace cacherace::report
