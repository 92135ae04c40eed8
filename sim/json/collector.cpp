#include "sim/json/collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/json/nearest.hpp"

namespace cacherace::json {

namespace {

constexpr std::size_t quoted_max = 40;   // code points
constexpr std::size_t choices_max = 24;  // more are not listed in a message
constexpr std::size_t problems_max = 1000;

std::string_view cut(std::string_view text, std::size_t code_points_max) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (starts && seen++ == code_points_max) return text.substr(0, i);
  }
  return text;
}

std::string found(const Node& node) {
  switch (node.type) {
    case Node::Type::null:
      return "null";
    case Node::Type::boolean:
      return node.text + " (a boolean)";
    case Node::Type::number:
      return std::string(cut(node.text, quoted_max)) + " (a number)";
    case Node::Type::string:
      return in_quotes(node.text) + " (a string)";
    case Node::Type::array:
      return node.children.empty() ? "an empty array" : "an array";
    case Node::Type::object:
      break;
  }
  return node.children.empty() ? "an empty object" : "an object";
}

}  // namespace

std::string in_quotes(std::string_view text) {
  const std::string_view shown = cut(text, quoted_max);
  const auto replace = nlohmann::json::error_handler_t::replace;
  std::string json = nlohmann::json(shown).dump(-1, ' ', false, replace);
  if (shown.size() < text.size()) json.insert(json.size() - 1, "...");
  return json;
}

std::string suggestion(std::string_view text, std::span<const std::string_view> known) {
  if (const auto near = nearest(text, known))
    return fmt::format("did you mean {}?", in_quotes(*near));
  if (known.empty() || known.size() > choices_max) return "";
  std::string fix = known.size() == 1 ? "the only one is" : "choose one of";
  for (std::size_t i = 0; i < known.size(); ++i) {
    fix += fmt::format("{} {}", i == 0 ? "" : ",", in_quotes(known[i]));
  }
  return fix;
}

bool Collector::full() const { return problems_.size() >= problems_max; }

void Collector::add(Problem::Kind kind, Place place, std::string pointer, std::string fact,
                    std::string fix) {
  if (full()) return;
  const auto after = std::upper_bound(problems_.begin(), problems_.end(), place,
                                      [](const Place& earlier, const Problem& problem) {
                                        return earlier < Place{problem.line, problem.column};
                                      });
  problems_.insert(after, {.kind = kind,
                           .file = file_,
                           .line = place.line,
                           .column = place.column,
                           .pointer = std::move(pointer),
                           .fact = std::move(fact),
                           .fix = std::move(fix)});
}

void Collector::shape(const Node& at, std::string fact, std::string fix) {
  add(Problem::Kind::shape, at.place, pointer_to(at), std::move(fact), std::move(fix));
}

void Collector::meaning(const Node& at, std::string fact, std::string fix) {
  add(Problem::Kind::meaning, at.place, pointer_to(at), std::move(fact), std::move(fix));
}

void Collector::mismatch(const Node& at, std::string_view wanted, std::string_view example) {
  const std::string fix = at.key.empty() ? fmt::format("write {}", example)
                                         : fmt::format("write {}: {}", in_quotes(at.key), example);
  shape(at, fmt::format("expected {}, found {}", wanted, found(at)), fix);
}

void Collector::unknown_value(const Node& at, std::string_view what,
                              std::span<const std::string_view> known) {
  shape(at, fmt::format("unknown {} {}", what, in_quotes(at.text)), suggestion(at.text, known));
}

void Collector::unknown_key(const Node& member, std::string_view what,
                            std::span<const std::string_view> known) {
  if (full()) return;  // no time is spent on what is not shown
  add(Problem::Kind::shape, member.key_place, pointer_to(member),
      fmt::format("unknown {} {}", what, in_quotes(member.key)), suggestion(member.key, known));
}

bool Collector::clean(const Node& at) const {
  const std::string pointer = pointer_to(at);
  return std::none_of(problems_.begin(), problems_.end(), [&](const Problem& problem) {
    return problem.pointer.starts_with(pointer) &&
           (problem.pointer.size() == pointer.size() || problem.pointer[pointer.size()] == '/');
  });
}

Problems Collector::take() { return std::exchange(problems_, {}); }

}  // namespace cacherace::json
