#include "sim/script/value_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/digest.hpp"

namespace cacherace::script {
namespace {

constexpr Bytes small = 16;  // a number, a truth value, a token
constexpr Bytes row_bytes = 100;

int rank(Value value) {
  switch (value.kind()) {
    case Value::Kind::integer:
      return 0;
    case Value::Kind::text:
      return 1;
    default:
      return 2;
  }
}

}  // namespace

Value Values::text(std::string_view text) {
  const auto known = by_text_.find(text);
  if (known != by_text_.end()) return Value::text(known->second);
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  by_text_.emplace(texts_.back(), number);
  return Value::text(number);
}

bool Values::less(Value a, Value b) const {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (a.kind() == Value::Kind::integer) return a.as_integer() < b.as_integer();
  if (a.kind() == Value::Kind::text) return text_of(a) < text_of(b);
  return a.word() < b.word();
}

Value Values::table(std::vector<Member> members) {
  std::ranges::sort(members, [&](const Member& a, const Member& b) { return less(a.key, b.key); });
  Digest digest;
  for (const Member& member : members) {
    digest.add(member.key.word());
    digest.add(member.value.word());
  }
  const auto [begin, end] = by_digest_.equal_range(digest.value());
  for (auto known = begin; known != end; ++known)
    if (tables_[known->second].members == members) return Value::table(known->second);
  Table table{.members = std::move(members), .rows = {}, .bytes = small};
  for (const Member& member : table.members) {
    table.bytes += bytes(member.key) + bytes(member.value);
    for (const Value row : rows_in(member.value))
      if (std::ranges::find(table.rows, row) == table.rows.end()) table.rows.push_back(row);
  }
  const auto number = static_cast<std::uint32_t>(tables_.size());
  tables_.push_back(std::move(table));
  by_digest_.emplace(digest.value(), number);
  return Value::table(number);
}

std::span<const Value> Values::rows_in(Value value) {
  if (value.kind() == Value::Kind::table) return tables_[value.number()].rows;
  if (value.kind() != Value::Kind::row) return {};
  single_ = value;
  return {&single_, 1};
}

Bytes Values::bytes(Value value) const {
  switch (value.kind()) {
    case Value::Kind::text:
      return small + text_of(value).size();
    case Value::Kind::row:
      return row_bytes;
    case Value::Kind::table:
      return tables_[value.number()].bytes;
    default:
      return small;
  }
}

std::string shown_value(const Values& values, Value value) {
  switch (value.kind()) {
    case Value::Kind::nil:
      return "nil";
    case Value::Kind::boolean:
      return value.as_boolean() ? "true" : "false";
    case Value::Kind::integer:
      return std::to_string(value.as_integer());
    case Value::Kind::row:
      return fmt::format("v{}", value.version());
    case Value::Kind::token:
      return "token";
    case Value::Kind::text:
      return fmt::format("\"{}\"", values.text_of(value));
    case Value::Kind::table:
      break;
  }
  std::string text = "{";
  for (const Member& member : values.members(value)) {
    text += text.size() == 1 ? " " : ", ";
    if (member.key.kind() == Value::Kind::text)
      text += std::string(values.text_of(member.key)) + " = ";
    text += shown_value(values, member.value);
  }
  return text + " }";
}

}  // namespace cacherace::script
