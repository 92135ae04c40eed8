#include "sim/drive/wire/resp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "sim/core/utf8.hpp"

namespace cacherace::drive {
namespace {

constexpr std::size_t line_max = 64 * 1024;
constexpr long long bulk_max = 512LL * 1024 * 1024;
constexpr long long elements_max = 1024 * 1024;
constexpr int depth_max = 32;

// The line at `at`, with a CR at its end; `at` moves behind it. Nothing while it is not all there.
std::optional<std::string_view> take_raw_line(std::string_view bytes, std::size_t& at) {
  const std::size_t end = bytes.find('\n', at);
  if (std::min(end, bytes.size()) - at > line_max) throw BadBytes{"a line of more than 64 KiB"};
  if (end == bytes.npos) return std::nullopt;
  const std::string_view line = bytes.substr(at, end - at);
  at = end + 1;
  return line;
}

// Likewise, without its end, which is CR LF.
std::optional<std::string_view> take_line(std::string_view bytes, std::size_t& at) {
  auto line = take_raw_line(bytes, at);
  if (!line) return line;
  if (!line->ends_with('\r')) throw BadBytes{"a line that ends without CR"};
  line->remove_suffix(1);
  return line;
}

long long number(std::string_view text, long long max) {
  long long value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool has_zeros = text.starts_with("-0") || (text.starts_with('0') && text.size() > 1);
  if (wrong != std::errc{} || end != text.data() + text.size() || has_zeros || value < -1 ||
      value > max)
    throw BadBytes{fmt::format("\"{}\" is no length", printable(text.substr(0, 40)))};
  return value;
}

// `size` bytes and the end of a line behind them.
std::optional<std::string_view> take_bulk(std::string_view bytes, std::size_t& at, long long size) {
  const auto length = static_cast<std::size_t>(size);
  if (bytes.size() - at < length + 2) return std::nullopt;
  const std::string_view text = bytes.substr(at, length);
  if (bytes.substr(at + length, 2) != "\r\n") throw BadBytes{"a text that is not ended"};
  at += length + 2;
  return text;
}

void make_upper(std::string& word) {
  for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

// Moves `at` behind the value; false while it is not all there.
bool skip_value(std::string_view bytes, std::size_t& at, int depth) {
  if (depth > depth_max) throw BadBytes{"a reply nested more than 32 deep"};
  if (at >= bytes.size()) return false;
  const char type = bytes[at];
  std::size_t next = at + 1;
  const auto line = take_line(bytes, next);
  if (!line) return false;
  switch (type) {
    case '+':
    case '-':
    case ':':
    case '_':
    case ',':
    case '#':
    case '(':
      break;
    case '$':
    case '=':
    case '!': {
      const long long size = number(*line, bulk_max);
      if (size >= 0 && !take_bulk(bytes, next, size)) return false;
      break;
    }
    case '*':
    case '~':
    case '>':
    case '%':
    case '|': {
      long long count = number(*line, elements_max);
      if (count < 0 && type != '*') throw BadBytes{"a negative number of elements"};
      if (type == '%' || type == '|') count *= 2;
      if (type == '|') ++count;  // attributes stand before the value that they are about
      for (long long i = 0; i < count; ++i)
        if (!skip_value(bytes, next, depth + 1)) return false;
      break;
    }
    default:
      throw BadBytes{fmt::format("a reply that begins with the byte {}",
                                 static_cast<unsigned>(static_cast<unsigned char>(type)))};
  }
  at = next;
  return true;
}

// The first element of an array or push, if that is a text.
std::string first_word(std::string_view bytes) {
  std::size_t at = 1;
  const auto line = take_line(bytes, at);
  if (!line || *line == "0" || *line == "-1" || at >= bytes.size()) return "";
  const char type = bytes[at++];
  const auto head = take_line(bytes, at);
  if (!head) return "";
  if (type == '+') return std::string(*head);
  if (type != '$') return "";
  const long long size = number(*head, bulk_max);
  if (size < 0) return "";
  const auto text = take_bulk(bytes, at, size);
  return text ? std::string(*text) : "";
}

bool is_space(char c) { return std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos; }

int hexadecimal(char c) {
  const auto at = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? c + 32 : c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// A character behind a backslash between double quotes; `line` moves behind it.
char escaped(std::string_view& line) {
  const char c = line.front();
  line.remove_prefix(1);
  if (c == 'x' && line.size() >= 2 && hexadecimal(line[0]) >= 0 && hexadecimal(line[1]) >= 0) {
    const int value = hexadecimal(line[0]) * 16 + hexadecimal(line[1]);
    line.remove_prefix(2);
    return static_cast<char>(value);
  }
  constexpr std::string_view letters = "nrtba", meant = "\n\r\t\b\a";
  const auto at = letters.find(c);
  return at == letters.npos ? c : meant[at];
}

// The words of a command on a line, quoted as redis-cli allows it (sdssplitargs of Redis).
std::vector<std::string> words_on(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    if (line.empty()) return words;
    std::string word;
    char quote = 0;
    while (!line.empty() && (quote != 0 || !is_space(line.front()))) {
      const char c = line.front();
      line.remove_prefix(1);
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
        if (!line.empty() && !is_space(line.front())) throw BadBytes{"text right behind a quote"};
      } else if (quote == '"' && c == '\\' && !line.empty()) {
        word += escaped(line);
      } else if (quote == '\'' && line.starts_with('\'') && c == '\\') {
        word += '\'';
        line.remove_prefix(1);
      } else {
        word += c;
      }
    }
    if (quote != 0) throw BadBytes{"a quote that is not ended"};
    words.push_back(std::move(word));
  }
}

std::string shown_value(std::string_view bytes, std::size_t& at) {
  const char type = bytes[at++];
  const auto line = take_line(bytes, at);
  switch (type) {
    case '-':
      return "(error) " + std::string(*line);
    case ':':
      return "(integer) " + std::string(*line);
    case '_':
      return "(nil)";
    case '$':
    case '=':
    case '!': {
      const long long size = number(*line, bulk_max);
      if (size < 0) return "(nil)";
      return fmt::format("\"{}\"", *take_bulk(bytes, at, size));
    }
    case '|':
      for (long long i = 2 * number(*line, elements_max); i > 0; --i) shown_value(bytes, at);
      return shown_value(bytes, at);
    case '*':
    case '~':
    case '>':
    case '%': {
      long long count = number(*line, elements_max);
      if (count < 0) return "(nil)";
      if (type == '%') count *= 2;
      std::string out = "[";
      for (long long i = 0; i < count; ++i) out += (i > 0 ? ", " : "") + shown_value(bytes, at);
      return out + "]";
    }
    default:
      return std::string(*line);
  }
}

}  // namespace

std::optional<RedisCommand> first_command(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  RedisCommand out;
  std::size_t at = 0;
  if (bytes[0] != '*') {  // words on a line
    const auto line = take_raw_line(bytes, at);
    if (!line) return std::nullopt;
    out.words = words_on(*line);
  } else {
    ++at;
    const auto head = take_line(bytes, at);
    if (!head) return std::nullopt;
    const long long count = number(*head, elements_max);
    for (long long i = 0; i < count; ++i) {
      if (at >= bytes.size()) return std::nullopt;
      if (bytes[at] != '$') throw BadBytes{"a command whose words are no texts"};
      ++at;
      const auto size = take_line(bytes, at);
      if (!size) return std::nullopt;
      const long long length = number(*size, bulk_max);
      if (length < 0) throw BadBytes{"a command with a word that is null"};
      const auto word = take_bulk(bytes, at, length);
      if (!word) return std::nullopt;
      out.words.emplace_back(*word);
    }
  }
  out.size = at;
  if (!out.words.empty()) make_upper(out.words.front());
  return out;
}

std::optional<RedisAnswer> first_answer(std::string_view bytes) {
  std::size_t at = 0;
  if (!skip_value(bytes, at, 0)) return std::nullopt;
  RedisAnswer out;
  out.size = at;
  out.type = bytes[0];
  if (out.type == '*' || out.type == '>') out.first_word = first_word(bytes.substr(0, at));
  return out;
}

std::string shown_answer(std::string_view bytes, std::size_t length_max) {
  std::size_t at = 0, end = 0;
  if (!skip_value(bytes, end, 0)) return "…";
  std::string text = printable(shown_value(bytes, at));
  if (text.size() <= length_max) return text;
  std::size_t cut = length_max;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "…";
}

}  // namespace cacherace::drive
