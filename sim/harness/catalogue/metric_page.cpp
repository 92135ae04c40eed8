// The table in docs/metrics.md.

#include <fmt/format.h>

#include "sim/core/metric_table.hpp"
#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {
namespace {

std::string_view name(Window window) {
  switch (window) {
    case Window::operations:
      return "operations";
    case Window::effects:
      return "effects";
    case Window::queries:
      return "queries";
    case Window::end:
      break;
  }
  return "at the end";
}

}  // namespace

std::string metric_table() {
  std::string text =
      "| metric | what it is | unit | better | window | null where |\n|---|---|---|---|---|---|\n";
  for (const MetricRow& row : metric_rows)
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.name, row.says,
                        cacherace::name(row.unit), cacherace::name(row.better), name(row.window),
                        row.no_value);
  return text;
}

}  // namespace cacherace::harness
