#include "sim/report/escape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"

namespace cacherace::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Bytes of the character at the front of `text`, 0 when it is malformed or none of XML.
std::size_t xml_character_size(std::string_view text) {
  const bool no_character = text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
  return no_character ? 0 : character_size(text);
}

// Only characters of XML; control characters but newlines spelled out.
std::string xml_characters(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t size = xml_character_size(text);
    if (size == 0)
      clean += replacement;
    else
      clean += text.front() == '\n' ? "\n" : printable(text.substr(0, size));
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return clean;
}

// Of `text`, how many bytes at its start would begin a list, a quotation, a heading or a rule.
std::size_t block_sign(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto sign = text.substr(digits, 1);
  const auto after = text.substr(std::min(digits + 1, text.size()), 1);
  const bool numbered =
      digits > 0 && (sign == "." || sign == ")") && (after.empty() || after == " ");
  const bool other =
      digits == 0 && !sign.empty() && std::string_view("-+=>").find(sign) != sign.npos;
  return numbered || other ? digits + 1 : 0;
}

bool is_word(std::string_view text, std::size_t i) {
  if (i >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[i]);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// What stands for the character at `i` of a line of Markdown.
std::string markdown_character(std::string_view text, std::size_t i) {
  const char c = text[i];
  switch (c) {
    case '&':
      return "&amp;";
    case '<':  // no tag begins with these
      return std::string_view(" =").find(i + 1 < text.size() ? text[i + 1] : ' ') != text.npos
                 ? "<"
                 : "&lt;";
    case '@':  // would notify people
      return "&#64;";
    case '#':  // would refer to issues
      return "&#35;";
    case '_':  // inside a word it is none of Markdown's
      return i > 0 && is_word(text, i - 1) && is_word(text, i + 1) ? "_" : "\\_";
    default:
      break;
  }
  const bool special = std::string_view("\\`*{}[]|~$").find(c) != std::string_view::npos;
  return std::string(special ? 1 : 0, '\\').append(1, c);
}

// For a shell that knows $'…': bytes that are not printable in hexadecimal.
std::string ansi_quoted(std::string_view text) {
  std::string quoted = "$'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e)
      quoted += fmt::format("\\x{:02x}", byte);
    else
      quoted.append(c == '\'' || c == '\\' ? "\\" : "").append(1, c);
  }
  return quoted + "'";
}

}  // namespace

std::string quoted_for_shell(std::string_view text) {
  constexpr const char* plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=:,@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos)
    return std::string(text);
  if (printable(text) != text) return ansi_quoted(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string printable_json(std::string_view json) {
  std::string text;
  while (!json.empty()) {
    const auto character = json.substr(0, std::max<std::size_t>(character_size(json), 1));
    const auto point = code_point(character);
    if (character == "\n" || is_printable(point))
      text += character;
    else
      text += fmt::format("\\u{:04x}", point);
    json.remove_prefix(character.size());
  }
  return text;
}

std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : xml_characters(text)) switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  return escaped;
}

std::string markdown_text(std::string_view text) {
  const std::string clean = printable(text);
  const std::size_t sign = block_sign(clean);
  std::string escaped;
  for (std::size_t i = 0; i < clean.size(); ++i)
    escaped += i + 1 == sign ? std::string("\\") + clean[i] : markdown_character(clean, i);
  return escaped;
}

std::string markdown_block(std::string_view lines) {
  std::size_t run = 0;
  std::size_t longest = 2;
  for (const char c : lines) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const bool ends = lines.ends_with('\n');
  return fmt::format("{}text\n{}{}{}\n", fence, lines, ends ? "" : "\n", fence);
}

}  // namespace cacherace::report
