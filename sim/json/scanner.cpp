#include "sim/json/scanner.hpp"

#include <algorithm>

#include "sim/core/utf8.hpp"

namespace cacherace::json {

namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool digit(char c) { return c >= '0' && c <= '9'; }

bool numeric(char c) {
  return digit(c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

bool word(char c) {
  return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

}  // namespace

Gap Scanner::gap(std::size_t from) const {
  Gap gap;
  std::size_t at = from;
  while (at < text_.size()) {
    if (blank(text_[at])) {
      ++at;
    } else if (text_[at] == ',' || text_[at] == ':') {
      gap.separators.push_back(at++);
    } else if (text_.substr(at, 2) == "//") {
      at = std::min(text_.find_first_of("\r\n", at), text_.size());
    } else if (text_.substr(at, 2) == "/*") {
      const std::size_t close = text_.find("*/", at + 2);
      if (close == std::string_view::npos) {
        gap.open_comment = at;
        at = text_.size();
      } else {
        at = close + 2;
      }
    } else {
      break;
    }
  }
  gap.next = at;
  return gap;
}

std::size_t Scanner::token_end(std::size_t start) const {
  std::size_t at = std::min(start + 1, text_.size());
  if (start >= text_.size()) return at;
  if (text_[start] == '"') {
    while (at < text_.size() && text_[at] != '"' && text_[at] != '\n') {
      at += text_[at] == '\\' ? 2U : 1U;
    }
    const bool closed = at < text_.size() && text_[at] == '"';
    return std::min(closed ? at + 1 : at, text_.size());
  }
  const bool number = numeric(text_[start]) && text_[start] != 'e' && text_[start] != 'E';
  const auto belongs = number ? numeric : word;
  if (!belongs(text_[start])) return at;
  while (at < text_.size() && belongs(text_[at])) ++at;
  return at;
}

Place Scanner::place(std::size_t offset) {
  if (offset < offset_) {
    offset_ = 0;
    place_ = {};
  }
  for (; offset_ < std::min(offset, text_.size()); ++offset_) {
    if (text_[offset_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((static_cast<unsigned char>(text_[offset_]) & 0xC0U) != 0x80U) {
      ++place_.column;
    }
  }
  return place_;
}

std::optional<std::size_t> first_bad_byte(std::string_view text) {
  const std::size_t nul = text.find('\0');
  const auto malformed = first_not_utf8(text.substr(0, nul));
  if (malformed || nul == std::string_view::npos) return malformed;
  return nul;
}

}  // namespace cacherace::json
