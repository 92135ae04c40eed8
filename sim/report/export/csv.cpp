#include "sim/report/export/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

enum Column : std::size_t {
  scenario,
  digest,
  seed,
  strategy,
  kind,
  name_of,
  replicates,
  mean,
  low,
  high,
  difference,
  difference_low,
  difference_high,
  verdict,
  worst_us,
  worst_count,
  worst_so_far,
  states,
  schedules,
  executions,
  races,
  violating,
  transitions,
  exhausted,
  steps,
  wanted,
  found,
  met,
  swept_1,
  value_1,
  swept_2,
  value_2,
  column_count
};

using Row = std::array<std::string, column_count>;

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string line(const Row& row) {
  std::string text;
  for (const auto& cell : row) text.append(&cell == row.data() ? "" : ",").append(quoted(cell));
  return text.append("\n");
}

std::string number(double value) { return fmt::format("{}", rounded(value)); }

std::string truth(bool value) { return value ? "true" : "false"; }

Row row_of(const Result& result, const std::string& of_strategy, const char* of_kind,
           const std::string& name) {
  Row row;
  row[scenario] = result.title;
  row[digest] = result.scenario_digest;
  row[seed] = std::to_string(result.seed);
  row[strategy] = of_strategy;
  row[kind] = of_kind;
  row[name_of] = name;
  return row;
}

void fill(Row& row, const States& visited) { row[states] = std::to_string(visited.states); }

void fill(Row& row, const Schedules& visited) {
  row[schedules] = std::to_string(visited.schedules);
  if (visited.violating) row[violating] = std::to_string(*visited.violating);
}

void fill(Row& row, const Sample& visited) {
  row[executions] = std::to_string(visited.covered.executions);
  row[violating] = std::to_string(visited.covered.violating);
  row[states] = std::to_string(visited.covered.states);
}

void fill(Row& row, const Cases& visited) {
  row[races] = std::to_string(visited.all());
  row[violating] = std::to_string(visited.violated);
}

void fill(Row& row, const PropertyResult& property) {
  row[verdict] = name(property.verdict);
  if (const auto& worst = property.worst) {
    const double value = static_cast<double>(worst->value) / (worst->is_time ? 1000 : 1);
    row[worst->is_time ? worst_us : worst_count] = worst->unbounded ? "inf" : number(value);
    row[worst_so_far] = truth(worst->so_far);
  }
  std::visit([&](const auto& visited) { fill(row, visited); }, property.visited);
  row[transitions] = std::to_string(property.transitions);
  row[exhausted] = truth(property.exhausted);
  if (property.counterexample) row[steps] = std::to_string(property.counterexample->steps.size());
}

void fill(Row& row, const MetricResult& metric) {
  if (metric.mean) row[mean] = number(*metric.mean);
  if (metric.endless) row[mean] = "inf";
  if (!metric.ci95) return;
  row[low] = number(metric.ci95->low);
  row[high] = number(metric.ci95->high);
}

void fill_difference(Row& row, const StrategyResult& strategy, Metric metric) {
  for (const auto& found : strategy.differences) {
    if (found.metric != metric) continue;
    if (found.mean) row[difference] = number(*found.mean);
    if (!found.ci95) continue;
    row[difference_low] = number(found.ci95->low);
    row[difference_high] = number(found.ci95->high);
  }
}

void fill(Row& row, const Result& result, const Point& point) {
  constexpr std::array columns{std::pair{swept_1, value_1}, std::pair{swept_2, value_2}};
  for (std::size_t i = 0; i < std::min(columns.size(), point.at.size()); ++i) {
    row[columns[i].first] = result.axes[i].pointer;
    row[columns[i].second] = point.at[i];
  }
}

std::string lines(const Result& result, const StrategyResult& of, const Point* point) {
  std::string text;
  for (const auto& property : of.properties) {
    Row row = row_of(result, of.strategy, "property", property.name);
    fill(row, property);
    text += line(row);
  }
  for (const auto& metric : of.metrics) {
    Row row = row_of(result, of.strategy, "metric", std::string(cacherace::name(metric.metric)));
    row[replicates] = std::to_string(of.replicates);
    fill(row, metric);
    fill_difference(row, of, metric.metric);
    if (point != nullptr) fill(row, result, *point);
    text += line(row);
  }
  return text;
}

std::string all_lines(const Result& result) {
  std::string text;
  for (const auto& of : result.results) text += lines(result, of, nullptr);
  for (const auto& point : result.points)
    for (const auto& of : point.results) text += lines(result, of, &point);
  for (const auto& expected : result.expectations) {
    Row row = row_of(result, expected.strategy, "expectation", expected.name);
    row[wanted] = expected.wanted;
    row[found] = expected.found;
    row[met] = expected.undecided ? "undecided" : truth(expected.met);
    text += line(row);
  }
  for (const auto& comparison : result.comparisons) text += all_lines(comparison);
  return text;
}

}  // namespace

std::string to_csv(const Result& result) {
  return std::string(csv_header) + "\n" + all_lines(result);
}

}  // namespace cacherace::report
