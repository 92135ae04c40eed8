#pragma once
// ANSI colours, where they are wanted.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "sim/core/verdict.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::report {

enum class Color { red = 31, green = 32, yellow = 33, faint = 2, bold = 1 };

inline std::string paint(std::string_view text, Color color, const TextStyle& style) {
  if (!style.color) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", static_cast<int>(color), text);
}

}  // namespace cacherace::report
