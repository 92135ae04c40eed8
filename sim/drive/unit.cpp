#include "sim/drive/unit.hpp"

#include "sim/core/utf8.hpp"

namespace cacherace::drive {

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

std::string shortened(const std::string& text, std::size_t length) {
  std::string out = printable(text);
  if (out.size() <= length) return out;
  std::size_t cut = length;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0U) == 0x80U) --cut;
  return out.substr(0, cut) + "…";
}

}  // namespace cacherace::drive
