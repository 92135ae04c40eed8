#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/core/utf8.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/text/table.hpp"
#include "sim/report/text/text.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

using Row = std::vector<std::string>;

bool at_database(const Step& step) { return step.effect.starts_with("db."); }

bool has_times(const Counterexample& shown) {
  return !shown.steps.empty() && shown.steps.front().at.has_value();
}

// Columns before those of the parties: the number of the step, and its time.
std::size_t columns_before(const Counterexample& shown) { return has_times(shown) ? 2 : 1; }

// Of the cache; local caches stand left of it, the database right.
std::size_t cache_column(const Counterexample& shown) {
  return columns_before(shown) + shown.readers.size() + shown.locals.size();
}

// Column of a client: readers stand left of the caches and the database, writers right.
std::size_t column_of(const Counterexample& shown, const std::string& client) {
  const auto reader = std::find(shown.readers.begin(), shown.readers.end(), client);
  if (reader != shown.readers.end())
    return columns_before(shown) + static_cast<std::size_t>(reader - shown.readers.begin());
  const auto writer = std::find(shown.writers.begin(), shown.writers.end(), client);
  return cache_column(shown) + 2 + static_cast<std::size_t>(writer - shown.writers.begin());
}

Row header(const Counterexample& shown) {
  Row row{""};
  if (has_times(shown)) row.push_back("at");
  row.insert(row.end(), shown.readers.begin(), shown.readers.end());
  row.insert(row.end(), shown.locals.begin(), shown.locals.end());
  row.insert(row.end(), {"cache", "database"});
  row.insert(row.end(), shown.writers.begin(), shown.writers.end());
  return row;
}

// Column of what a step touches.
std::size_t touched_by(const Counterexample& shown, const Step& step) {
  const auto local = std::find(shown.locals.begin(), shown.locals.end(), step.local);
  if (local != shown.locals.end())
    return columns_before(shown) + shown.readers.size() +
           static_cast<std::size_t>(local - shown.locals.begin());
  return cache_column(shown) + (at_database(step) ? 1 : 0);
}

Row row_of(const Counterexample& shown, std::size_t index, std::size_t times) {
  const Step& step = shown.steps[index];
  const std::size_t client = column_of(shown, step.client);
  const std::size_t cache = cache_column(shown);
  const bool from_left = client < cache;
  const std::string effect = step.effect + times_text(times);
  Row row(std::max(client, cache + 1) + 1);
  row[0] = fmt::format("{} {}", index + 1 == shown.decisive ? "▶" : " ", index + 1);
  if (step.at) row[1] = duration_text(Duration(*step.at));
  row[client] = from_left ? fmt::format("{} →", effect) : fmt::format("← {}", effect);
  row[touched_by(shown, step)] = step.result;
  return row;
}

// Where each step of a script stands, and what it noted.
std::string code_of(const Counterexample& shown, const std::vector<std::size_t>& times) {
  Table table({Align::right, Align::left, Align::left, Align::left});
  bool any = false;
  for (std::size_t i = 0; i < shown.steps.size(); ++i) {
    const Step& step = shown.steps[i];
    if (times[i] == 0 || step.line.empty()) continue;
    any = true;
    table.add({fmt::format("{}", i + 1), printable(step.client), printable(step.line),
               printable(step.code)});
    for (const std::string& note : step.notes) table.add({"", "", "", "note: " + printable(note)});
  }
  if (!any) return "";
  std::string text = "\n";
  for (const std::string& line : table.lines()) text += fmt::format("  {}\n", line);
  return text;
}

}  // namespace

std::string interleaving(const Counterexample& shown, const TextStyle& style) {
  Table table(std::vector<Align>(cache_column(shown) + 2 + shown.writers.size(), Align::left));
  table.add(header(shown));
  std::size_t decisive = 0;  // its line
  std::size_t rows = 0;
  const auto times = times_of_steps(shown);
  for (std::size_t i = 0; i < shown.steps.size(); ++i) {
    if (times[i] == 0) continue;
    table.add(row_of(shown, i, times[i]));
    ++rows;
    if (i + 1 == shown.decisive) decisive = rows;
  }
  std::string text;
  const auto lines = table.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = fmt::format("  {}", lines[i]);
    text += i == 0          ? paint(line, Color::bold, style)
            : i == decisive ? paint(line, Color::red, style)
                            : line;
    text += "\n";
  }
  text += code_of(shown, times);
  if (!shown.says.empty()) text.append("\n").append(decisive_sentence(shown));
  return text;
}

std::string decisive_sentence(const Counterexample& shown) {
  return fmt::format("  ▶ step {}: {}\n", shown.decisive, printable(shown.says));
}

}  // namespace cacherace::report
