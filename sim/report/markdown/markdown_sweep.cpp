#include <fmt/format.h>

#include <algorithm>

#include "sim/report/escape.hpp"
#include "sim/report/markdown/markdown_parts.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

std::string table_of(const Result& result, std::size_t strategy) {
  MarkdownRow header;
  for (const auto& axis : result.axes)
    header.push_back(markdown_text(axis.pointer.substr(axis.pointer.rfind('/') + 1)));
  for (const Metric metric : result.shown_metrics) header.push_back(markdown_code(name(metric)));
  std::vector<MarkdownRow> rows;
  for (const auto& point : result.points) {
    MarkdownRow& row = rows.emplace_back();
    for (const auto& value : point.at) row.push_back(markdown_text(value));
    const auto& found = point.results[strategy];
    for (const Metric metric : result.shown_metrics)
      row.push_back((is_knee(result, point, found.strategy, metric) ? "**knee** " : "") +
                    metric_cell(found, metric));
  }
  return markdown_table(header, rows, true);
}

}  // namespace

std::string markdown_sweep(const Result& result) {
  std::string text = fmt::format("\nSimulated: {}.\n", markdown_text(result.traffic.says));
  for (const auto& axis : result.axes)
    text += fmt::format("\nSwept: {}.\n", markdown_text(axis.pointer));
  if (result.points.empty()) return text;
  const auto& strategies = result.points.front().results;
  for (std::size_t i = 0; i < strategies.size(); ++i)
    text +=
        fmt::format("\n## {}\n\n{}", markdown_text(strategies[i].strategy), table_of(result, i));
  return text;
}

}  // namespace cacherace::report
