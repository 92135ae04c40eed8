#include <fmt/format.h>

#include <algorithm>

#include "sim/report/color.hpp"
#include "sim/report/table.hpp"
#include "sim/report/text.hpp"

namespace cacherace::report {
namespace {

using Row = std::vector<std::string>;

bool at_database(const Step& step) { return step.effect.starts_with("db."); }

// Column of a client: readers stand left of cache and database, writers right.
std::size_t column_of(const Counterexample& shown, const std::string& client) {
  const auto reader = std::find(shown.readers.begin(), shown.readers.end(), client);
  if (reader != shown.readers.end())
    return 1 + static_cast<std::size_t>(reader - shown.readers.begin());
  const auto writer = std::find(shown.writers.begin(), shown.writers.end(), client);
  return shown.readers.size() + 3 + static_cast<std::size_t>(writer - shown.writers.begin());
}

Row header(const Counterexample& shown) {
  Row row{""};
  row.insert(row.end(), shown.readers.begin(), shown.readers.end());
  row.insert(row.end(), {"cache", "database"});
  row.insert(row.end(), shown.writers.begin(), shown.writers.end());
  return row;
}

Row row_of(const Counterexample& shown, std::size_t index) {
  const Step& step = shown.steps[index];
  const std::size_t client = column_of(shown, step.client);
  const std::size_t cache = shown.readers.size() + 1;
  const bool from_left = client < cache;
  Row row(std::max(client, cache + 1) + 1);
  row[0] = fmt::format("{} {}", index + 1 == shown.decisive ? "▶" : " ", index + 1);
  row[client] = from_left ? fmt::format("{} →", step.effect) : fmt::format("← {}", step.effect);
  row[at_database(step) ? cache + 1 : cache] = step.result;
  return row;
}

}  // namespace

std::string interleaving(const Counterexample& shown, const TextStyle& style) {
  Table table(std::vector<Align>(shown.readers.size() + shown.writers.size() + 3, Align::left));
  table.add(header(shown));
  for (std::size_t i = 0; i < shown.steps.size(); ++i) table.add(row_of(shown, i));
  std::string text;
  const auto lines = table.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = fmt::format("  {}", lines[i]);
    text += i == 0                ? paint(line, Color::bold, style)
            : i == shown.decisive ? paint(line, Color::red, style)
                                  : line;
    text += "\n";
  }
  if (!shown.says.empty()) text.append("\n").append(decisive_sentence(shown));
  return text;
}

std::string decisive_sentence(const Counterexample& shown) {
  return fmt::format("  ▶ step {}: {}\n", shown.decisive, printable(shown.says));
}

}  // namespace cacherace::report
