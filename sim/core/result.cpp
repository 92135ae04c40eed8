#include "sim/core/result.hpp"

#include <fmt/format.h>

namespace cacherace {

std::string to_text(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) text += fmt::format(":{}:{}", problem.line, problem.column);
  if (!problem.pointer.empty()) text += fmt::format(" {}", problem.pointer);
  if (!text.empty()) text += ": ";
  text += problem.fact;
  if (!problem.fix.empty()) text += fmt::format("; {}", problem.fix);
  return text;
}

}  // namespace cacherace
