#include "sim/core/result.hpp"

#include <fmt/format.h>

#include "sim/core/utf8.hpp"

namespace cacherace {

std::string to_text(const Problem& problem) {
  std::string text = printable(problem.file);
  if (problem.line > 0) text += fmt::format(":{}", problem.line);
  if (problem.line > 0 && problem.column > 0) text += fmt::format(":{}", problem.column);
  if (!problem.pointer.empty()) text += " " + printable(problem.pointer);
  if (!text.empty()) text += ": ";
  text += printable(problem.fact);
  if (!problem.fix.empty()) text += "; " + printable(problem.fix);
  return text;
}

std::string text_below(const Problem& problem) {
  std::string text;
  for (const auto& line : problem.below) text += "  " + printable(line) + "\n";
  return text;
}

}  // namespace cacherace
