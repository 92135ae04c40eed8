#include "sim/report/text/sweep_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/report/text/table.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

std::string table_of(const Result& result, std::size_t strategy) {
  std::vector<Align> columns(result.axes.size() + result.shown_metrics.size(), Align::right);
  Table table(columns);
  std::vector<std::string> header;
  for (const auto& axis : result.axes)
    header.push_back(axis.pointer.substr(axis.pointer.rfind('/') + 1));
  for (const Metric metric : result.shown_metrics) header.emplace_back(name(metric));
  table.add(header);
  for (const auto& point : result.points) {
    std::vector<std::string> row = point.at;
    const auto& found = point.results[strategy];
    for (const Metric metric : result.shown_metrics)
      row.push_back((is_knee(result, point, found.strategy, metric) ? "knee ▸ " : "") +
                    metric_cell(found, metric));
    table.add(row);
  }
  return table.render("  ");
}

}  // namespace

std::string sweep_text(const Result& result) {
  std::string text;
  for (const auto& axis : result.axes)
    text += fmt::format("sweep of {}\n", printable(axis.pointer));
  if (result.points.empty()) return text;
  const auto& strategies = result.points.front().results;
  for (std::size_t i = 0; i < strategies.size(); ++i)
    text += fmt::format("\n{}\n{}", printable(strategies[i].strategy), table_of(result, i));
  return text;
}

}  // namespace cacherace::report
