#include "tests/tidy/source.hpp"

#include <algorithm>
#include <cctype>

namespace cacherace::tidy {

namespace {

constexpr std::string_view blanks = " \t\r";

/// The position just after the next `end`, or the end of the text.
std::size_t after_next(std::string_view text, std::string_view end, std::size_t from) {
  const auto found = text.find(end, from);
  return found == text.npos ? text.size() : found + end.size();
}

/// The word that ends just before `at`; digit separators count as part of it.
std::string_view word_before(std::string_view text, std::size_t at) {
  auto from = at;
  while (from > 0 && (is_word_character(text[from - 1]) || text[from - 1] == '\'')) --from;
  return text.substr(from, at - from);
}

bool is_digit_separator(std::string_view text, std::size_t at) {
  const auto word = word_before(text, at);
  return !word.empty() && std::isdigit(static_cast<unsigned char>(word.front()));
}

std::size_t end_of_raw_string(std::string_view text, std::size_t quote) {
  const auto open = text.find('(', quote);
  if (open == text.npos) return text.size();
  const auto delimiter = std::string(text.substr(quote + 1, open - quote - 1));
  return after_next(text, ")" + delimiter + "\"", open);
}

/// The position after the literal that opens at `quote`; one that is never closed ends with its
/// line.
std::size_t end_of_literal(std::string_view text, std::size_t quote) {
  if (text[quote] == '"' && word_before(text, quote).ends_with('R'))
    return end_of_raw_string(text, quote);
  for (auto at = quote + 1; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == text[quote])
      return at + 1;
  }
  return std::min(text.find('\n', quote), text.size());
}

/// What a literal says: without quotes, and where it is raw, without its delimiters.
std::string_view between_quotes(std::string_view literal, std::string_view prefix) {
  const bool raw = prefix.ends_with('R');
  const auto from = std::min(raw ? literal.find('(') : std::size_t{0}, literal.size() - 1) + 1;
  const auto end = literal.rfind(raw ? ')' : '"');
  return literal.substr(from, end == literal.npos || end < from ? literal.npos : end - from);
}

}  // namespace

bool is_cpp(const Source& source) {
  return source.path.ends_with(".cpp") || source.path.ends_with(".hpp");
}
bool is_header(const Source& source) { return source.path.ends_with(".hpp"); }
bool is_cmake(const Source& source) {
  return source.path.ends_with("CMakeLists.txt") || source.path.ends_with(".cmake");
}

bool is_markdown(const Source& source) { return source.path.ends_with(".md"); }

std::string_view layer_of(std::string_view path) {
  constexpr std::string_view top = "sim/";
  if (path.starts_with(top))
    path.remove_prefix(top.size());
  else if (!path.starts_with("tests/"))
    return "";
  const auto slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

std::string_view first_folder(std::string_view layer) { return layer.substr(0, layer.find('/')); }

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back({.number = lines.size() + 1, .text = text.substr(from, end - from)});
    from = end + 1;
  }
  return lines;
}

std::string blank(std::string_view text, Blank what) {
  std::string result(text);
  std::size_t at = 0;
  const auto skip_to = [&](std::size_t end, bool wipe) {
    for (; at < end; ++at)
      if (wipe && result[at] != '\n') result[at] = ' ';
  };
  const bool comments = what == Blank::comments_and_literals;
  while (at < text.size()) {
    if (text.substr(at, 2) == "//")
      skip_to(std::min(text.find('\n', at), text.size()), comments);
    else if (text.substr(at, 2) == "/*")
      skip_to(after_next(text, "*/", at + 2), comments);
    else if (text[at] == '"' || (text[at] == '\'' && !is_digit_separator(text, at)))
      skip_to(end_of_literal(text, at), true);
    else
      ++at;
  }
  return result;
}

std::vector<Literal> literals_of(std::string_view text) {
  std::vector<Literal> literals;
  std::size_t at = 0, line = 1;
  bool adjacent = false;
  const auto skip_to = [&](std::size_t end) {
    for (; at < end; ++at) line += text[at] == '\n' ? 1 : 0;
  };
  while (at < text.size()) {
    if (text.substr(at, 2) == "//") {
      skip_to(std::min(text.find('\n', at), text.size()));
    } else if (text.substr(at, 2) == "/*") {
      skip_to(after_next(text, "*/", at + 2));
    } else if (text[at] == '"') {
      const auto end = end_of_literal(text, at);
      if (!adjacent) literals.push_back({.line = line, .text = ""});
      literals.back().text += between_quotes(text.substr(at, end - at), word_before(text, at));
      adjacent = true;
      skip_to(end);
    } else if (text[at] == '\'' && !is_digit_separator(text, at)) {
      adjacent = false;
      skip_to(end_of_literal(text, at));
    } else {
      const bool between = text[at] == '\n' || blanks.find(text[at]) != blanks.npos;
      adjacent &= between || text.substr(at, 2) == "R\"";
      skip_to(at + 1);
    }
  }
  return literals;
}

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(blanks);
  if (from == text.npos) return "";
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::vector<Word> words_of(std::string_view line) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < line.size();) {
    auto end = at;
    while (end < line.size() && is_word_character(line[end])) ++end;
    if (end > at)
      words.push_back({.word = line.substr(at, end - at),
                       .before = trimmed(line.substr(0, at)),
                       .after = trimmed(line.substr(end))});
    at = std::max(end, at + 1);
  }
  return words;
}

std::vector<Include> includes_of(const Source& source) {
  std::vector<Include> includes;
  const auto code = blank(source.text, Blank::comments_and_literals);
  const auto bare = lines_of(code);
  const auto full = lines_of(source.text);
  for (std::size_t i = 0; i < bare.size(); ++i) {
    if (!trimmed(bare[i].text).starts_with("#include")) continue;
    const auto line = full[i].text;
    const auto open = line.find_first_of("\"<");
    if (open == line.npos) continue;
    const auto close = line.find_first_of("\">", open + 1);
    includes.push_back({.line = full[i].number,
                        .name = std::string(line.substr(open + 1, close - open - 1)),
                        .quoted = line[open] == '"'});
  }
  return includes;
}

}  // namespace cacherace::tidy
