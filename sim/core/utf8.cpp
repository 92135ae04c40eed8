#include "sim/core/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cacherace {
namespace {

bool is_control(std::uint32_t point) { return point < 0x20 || (point >= 0x7F && point <= 0x9F); }

// Separators of lines and paragraphs, and what changes the direction of the text after it.
bool misleads(std::uint32_t point) {
  return point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
         point == 0xFEFF;
}

}  // namespace

std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i, unsigned min = 0x80U, unsigned max = 0xBFU) {
    return byte(i) >= min && byte(i) <= max;
  };
  const unsigned first = byte(0);
  if (text.empty()) return 0;
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return follows(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const unsigned min = first == 0xE0U ? 0xA0U : 0x80U;
    const unsigned max = first == 0xEDU ? 0x9FU : 0xBFU;
    return follows(1, min, max) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const unsigned min = first == 0xF0U ? 0x90U : 0x80U;
    const unsigned max = first == 0xF4U ? 0x8FU : 0xBFU;
    return follows(1, min, max) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(character[i]);
  };
  const std::size_t size = character.size();
  if (size == 1) return byte(0);
  std::uint32_t value = byte(0) & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) value = value << 6U | (byte(i) & 0x3FU);
  return value;
}

bool is_printable(std::uint32_t point) { return !is_control(point) && !misleads(point); }

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return std::nullopt;
}

std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const auto byte = static_cast<unsigned char>(text.front());
    const std::uint32_t point = size == 0 ? byte : code_point(text.substr(0, size));
    if (size == 0 || is_control(point))
      clean += fmt::format("\\x{:02x}", point);
    else if (misleads(point))
      clean += fmt::format("\\u{:04x}", point);
    else
      clean += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return clean;
}

}  // namespace cacherace
