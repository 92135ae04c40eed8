#include "sim/report/text/series_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "sim/core/duration_text.hpp"
#include "sim/core/utf8.hpp"
#include "sim/report/text/table.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

constexpr std::size_t columns_max = 60;
constexpr std::string_view bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr double levels = std::size(bars) - 1;

const Curve* curve_of(const StrategyResult& strategy, std::string_view name) {
  if (!strategy.series) return nullptr;
  for (const auto& curve : strategy.series->curves)
    if (curve.name == name) return &curve;
  return nullptr;
}

std::size_t buckets_per_column(std::size_t buckets) {
  return std::max<std::size_t>(1, (buckets + columns_max - 1) / columns_max);
}

// One value per column: that of its buckets which `better` prefers.
template <typename Better>
Curve::Values columns_of(const Curve::Values& values, Better better) {
  const std::size_t width = buckets_per_column(values.size());
  Curve::Values columns((values.size() + width - 1) / width);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& column = columns[i / width];
    if (values[i] && (!column || better(*values[i], *column))) column = values[i];
  }
  return columns;
}

// `level` maps a value to 0 … 1; what is above 0 gets a bar, even a small one.
template <typename Level>
std::string bars_of(const Curve::Values& columns, Level level) {
  std::string text;
  for (const auto& value : columns) {
    const double height = value ? std::clamp(level(*value), 0.0, 1.0) : 0;
    text += bars[static_cast<std::size_t>(std::ceil(height * levels))];
  }
  return text;
}

std::string rows(const Result& result, std::string_view name,
                 const std::function<std::string(const Curve&)>& draw) {
  Table table({Align::left, Align::left});
  for (const auto& strategy : result.results)
    if (const auto* curve = curve_of(strategy, name)) table.add({strategy.strategy, draw(*curve)});
  return table.render("    ");
}

std::string db_qps_rows(const Result& result) {
  double most = 0;
  for (const auto& strategy : result.results)
    if (const auto* curve = curve_of(strategy, "db_qps"))
      for (const auto& value : curve->max) most = std::max(most, value.value_or(0));
  const auto level = [most](double qps) {
    return most > 0 ? std::log1p(qps) / std::log1p(most) : 0;
  };
  return fmt::format("  db_qps, highest of each column, log scale from 0 to {}\n",
                     metric_text(Metric::db_qps_peak, most)) +
         rows(result, "db_qps", [&](const Curve& curve) {
           return bars_of(columns_of(curve.max, std::greater<>()), level);
         });
}

std::string hit_ratio_rows(const Result& result) {
  return "  hit_ratio, lowest of each column, from 0 to 100 %\n" +
         rows(result, "hit_ratio", [](const Curve& curve) {
           return bars_of(columns_of(curve.mean, std::less<>()),
                          [](double ratio) { return ratio; });
         });
}

bool differs(const MetricResult& difference) { return difference.mean.value_or(0) != 0; }

// All strategies have the same metrics; the baseline has no differences.
const StrategyResult* first_with_differences(const Result& result) {
  for (const auto& strategy : result.results)
    if (!strategy.differences.empty()) return &strategy;
  return nullptr;
}

}  // namespace

std::string differences_text(const Result& result) {
  const auto* first = first_with_differences(result);
  if (first == nullptr) return "";
  std::vector<const StrategyResult*> strategies;
  std::vector<std::string> header{""};
  for (const auto& strategy : result.results) {
    if (strategy.differences.empty()) continue;
    strategies.push_back(&strategy);
    header.push_back(strategy.strategy);
  }
  std::vector<Align> columns(strategies.size() + 1, Align::right);
  columns[0] = Align::left;
  Table table(columns);
  table.add(header);
  for (std::size_t i = 0; i < first->differences.size(); ++i) {
    std::vector<std::string> row{std::string(name(first->differences[i].metric))};
    bool any = false;
    for (const auto* strategy : strategies) {
      any |= differs(strategy->differences[i]);
      row.push_back(difference_cell(strategy->differences[i]));
    }
    if (any) table.add(row);
  }
  return fmt::format("\nAgainst {}, seed by seed; a difference in brackets may be chance\n",
                     printable(result.baseline)) +
         table.render("  ");
}

std::string series_text(const Result& result) {
  for (const auto& strategy : result.results) {
    if (!strategy.series) continue;
    const auto& series = *strategy.series;
    const auto width =
        static_cast<std::int64_t>(buckets_per_column(series.curves.front().max.size()));
    return fmt::format("\nOver time, {} a column, the first {} are warm-up; seed {}\n",
                       duration_text(series.bucket * width), duration_text(series.warmup),
                       series.seed) +
           db_qps_rows(result) + hit_ratio_rows(result);
  }
  return "";
}

}  // namespace cacherace::report
