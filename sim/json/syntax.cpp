#include "sim/json/syntax.hpp"

#include <fmt/format.h>

#include <string_view>

#include "sim/json/collector.hpp"

namespace cacherace::json {

namespace {

using After = ParserState::After;

struct Offender {
  std::size_t start = 0;
  std::string separators;     // the ',' and ':' before it
  std::size_t separator = 0;  // where the last of them stands
  std::string_view token;
};

Offender find_offender(const Scanner& scanner, const Gap& gap, const ParserState& state) {
  Offender offender;
  offender.start = gap.next;
  for (const std::size_t separator : gap.separators) {
    offender.start = separator;
    if (separator + 1 >= state.consumed) break;
    offender.separators += scanner.text()[separator];
    offender.separator = separator;
    offender.start = gap.next;
  }
  const std::size_t end = scanner.token_end(offender.start);
  if (offender.start < end) {
    offender.token = scanner.text().substr(offender.start, end - offender.start);
  }
  return offender;
}

// The token for a message; a string brings its own quotes.
std::string shown(std::string_view token) {
  const bool string = token.size() > 1 && token.front() == '"' && token.back() == '"';
  return in_quotes(string ? token.substr(1, token.size() - 2) : token);
}

std::string container_name(const Scanner& scanner, const ParserState& state) {
  return scanner.text()[*state.container] == '{' ? "object" : "array";
}

SyntaxTrouble at_end(Scanner& scanner, const ParserState& state) {
  const std::size_t end = scanner.text().size();
  if (!state.container) return {end, "the file is empty", "the smallest scenario is {}"};
  const Place place = scanner.place(*state.container);
  const std::string name = container_name(scanner, state);
  return {end,
          fmt::format("the file ends inside the {} that starts at line {}, column {}", name,
                      place.line, place.column),
          fmt::format("add the missing \"{}\"", name == "object" ? '}' : ']')};
}

SyntaxTrouble bad_string(const Offender& offender) {
  const std::string_view token = offender.token;
  if (token.size() < 2 || token.back() != '"') {
    return {offender.start, "this string is not closed", "add a \" before the end of the line"};
  }
  for (const char c : token) {
    if (static_cast<unsigned char>(c) < 0x20U) {
      return {offender.start, "this string contains a control character",
              "write a tab as \\t and a line break as \\n"};
    }
  }
  return {offender.start, "this string contains a malformed escape",
          "write a backslash as \\\\ and a code point as \\u and four hexadecimal digits"};
}

bool closes(std::string_view token) { return token == "}" || token == "]"; }

bool starts_value(char c) {
  return c == '"' || c == '{' || c == '[' || c == '-' || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A token where a value was due.
SyntaxTrouble bad_value(const Offender& offender) {
  const std::string_view token = offender.token;
  const char first = token.front();
  if (first == '\'') {
    return {offender.start, "strings are written in double quotes, not in single quotes", "use \""};
  }
  if (first == '#') return {offender.start, "# does not start a comment", "write //"};
  if (first == '-' || first == '+' || first == '.' || (first >= '0' && first <= '9')) {
    return {offender.start, fmt::format("malformed number {}", in_quotes(token)),
            "write it like 12, -3 or 0.5"};
  }
  if (starts_value(first) && first != '"') {
    return {offender.start, fmt::format("{} is not a JSON value", in_quotes(token)),
            fmt::format("write true, false or null, or put it in quotes: {}", in_quotes(token))};
  }
  return {offender.start, fmt::format("expected a value, found {}", in_quotes(token)), ""};
}

// A token after a complete value in an array or object.
SyntaxTrouble after_value(const Scanner& scanner, const Offender& offender,
                          const ParserState& state) {
  const std::string container = container_name(scanner, state);
  if (starts_value(offender.token.front())) {
    return {offender.start, fmt::format("expected a comma before {}", shown(offender.token)),
            "add \",\" after the value before it"};
  }
  if (closes(offender.token)) {
    return {offender.start, fmt::format("{} closes an {}", shown(offender.token), container),
            fmt::format("write \"{}\"", container == "object" ? '}' : ']')};
  }
  return {offender.start,
          fmt::format("expected \",\" or \"{}\", found {}", container == "object" ? '}' : ']',
                      shown(offender.token)),
          ""};
}

SyntaxTrouble bad_key(const Offender& offender) {
  if (offender.token == ",") {
    return {offender.start, "expected a key, found \",\"", "remove the comma"};
  }
  return {offender.start,
          fmt::format("expected a key in double quotes, found {}", shown(offender.token)), ""};
}

// A number that goes on where JSON would have it end: 5ms, 01.
std::optional<SyntaxTrouble> run_on_number(const Scanner& scanner, const ParserState& state) {
  if (state.after != After::value || state.token >= scanner.text().size()) return std::nullopt;
  const char first = scanner.text()[state.token];
  if (first != '-' && (first < '0' || first > '9')) return std::nullopt;
  std::size_t end = state.token_end;
  const Gap gap = scanner.gap(end);
  if (gap.next != end && state.consumed > end) return std::nullopt;
  if (gap.next == end && end < scanner.text().size() && starts_value(scanner.text()[end])) {
    end = scanner.token_end(end);
  } else if (state.consumed > end) {
    return std::nullopt;
  }
  const std::string_view token = scanner.text().substr(state.token, end - state.token);
  return SyntaxTrouble{state.token, fmt::format("malformed number {}", in_quotes(token)),
                       fmt::format("a number has no unit and no leading zero; put durations, "
                                   "sizes and rates in quotes: {}",
                                   in_quotes(token))};
}

}  // namespace

SyntaxTrouble explain(Scanner& scanner, const ParserState& state) {
  const Gap gap = scanner.gap(state.token_end);
  if (const auto number = run_on_number(scanner, state)) return *number;
  const Offender offender = find_offender(scanner, gap, state);
  if (gap.open_comment && offender.start >= *gap.open_comment) {
    return {*gap.open_comment, "this comment is not closed", "add */"};
  }
  if (offender.token.empty()) return at_end(scanner, state);
  if (state.overflow) {
    return {offender.start, fmt::format("the number {} is too large", shown(offender.token)), ""};
  }
  if (offender.separators == "," && closes(offender.token)) {
    return {offender.separator, fmt::format("a comma before {}", shown(offender.token)),
            "remove the comma"};
  }
  if (state.after == After::value && !state.container) {
    return {offender.start, fmt::format("{} after the end of the scenario", shown(offender.token)),
            "a file holds one value"};
  }
  if (state.after == After::key && offender.separators.empty()) {
    return {offender.start,
            fmt::format("expected \":\" after the key, found {}", shown(offender.token)), ""};
  }
  if (state.after == After::value && offender.separators.empty()) {
    return after_value(scanner, offender, state);
  }
  if (offender.token.front() == '"') return bad_string(offender);
  const bool key_due =
      state.container && scanner.text()[*state.container] == '{' && state.after != After::key;
  return key_due ? bad_key(offender) : bad_value(offender);
}

}  // namespace cacherace::json
