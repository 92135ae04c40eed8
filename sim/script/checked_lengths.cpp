#include "sim/script/checked_lengths.hpp"

#include <algorithm>

namespace cacherace::script {
namespace {

// The end of a long bracket that begins at `at`; `at` where there is none.
std::size_t end_of_long_bracket(std::string_view text, std::size_t at) {
  if (text.substr(at, 1) != "[") return at;
  const std::size_t after = std::min(text.find_first_not_of('=', at + 1), text.size());
  if (text.substr(after, 1) != "[") return at;
  const std::string closing = "]" + std::string(after - at - 1, '=') + "]";
  const std::size_t end = text.find(closing, after);
  return end == text.npos ? text.size() : end + closing.size();
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == text[at] || text[i] == '\n')
      return i + 1;
  }
  return text.size();
}

// The end of what is no code and begins at `at`: a comment or a text; `at` where code is.
std::size_t end_of_passage(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "--") {
    const std::size_t end = end_of_long_bracket(text, at + 2);
    return end != at + 2 ? end : std::min(text.find('\n', at), text.size());
  }
  if (text[at] == '"' || text[at] == '\'') return end_of_quoted(text, at);
  return end_of_long_bracket(text, at);
}

}  // namespace

CheckedLengths with_checked_lengths(std::string_view text) {
  CheckedLengths out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_passage(text, at);
    if (end != at) {
      out.text += text.substr(at, end - at);
      at = end;
      continue;
    }
    const char c = text[at++];
    if (c == '^' && out.line_of_power == 0)
      out.line_of_power =
          1 + static_cast<std::size_t>(
                  std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    if (c == '#')
      out.text += std::string(" ") + length_name + "^";
    else
      out.text += c;
  }
  return out;
}

}  // namespace cacherace::script
