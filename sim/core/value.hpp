#pragma once
// What a script can hold and a cache can store, in one word.

#include <compare>
#include <cstdint>

namespace cacherace {

/// A key, by its index in the race or in the traffic.
using Key = std::uint32_t;

/// Counts the writes of one key's row: 0 while there is no row, 1 for a row that stands at the
/// start.
using Version = std::uint32_t;

/// Equal words mean equal values. A text or a table is a number that belongs to the script which
/// made it; all other kinds are complete in themselves.
class Value {
 public:
  enum class Kind : std::uint8_t { nil, boolean, integer, row, token, text, table };

  constexpr Value() = default;
  static constexpr Value boolean(bool value) { return {Kind::boolean, value ? 1U : 0U}; }
  /// Requires `fits(value)`.
  static constexpr Value integer(std::int64_t value) {
    return {Kind::integer, static_cast<std::uint64_t>(value) & payload_mask};
  }
  static constexpr bool fits(std::int64_t value) {
    return value >= -(std::int64_t{1} << 59) && value < std::int64_t{1} << 59;
  }
  /// What a statement read or wrote: one version of a row, which is there. Requires a version below
  /// 2^28.
  static constexpr Value row(Key key, Version version) {
    return {Kind::row, std::uint64_t{key} << 28 | version};
  }
  /// The `number`-th token that `owner` has made. Requires a number below 2^28.
  static constexpr Value token(std::uint32_t owner, std::uint32_t number) {
    return {Kind::token, std::uint64_t{owner} << 28 | number};
  }
  static constexpr Value text(std::uint32_t number) { return {Kind::text, number}; }
  static constexpr Value table(std::uint32_t number) { return {Kind::table, number}; }
  static constexpr Value from_word(std::uint64_t word) {
    Value value;
    value.word_ = word;
    return value;
  }

  constexpr Kind kind() const { return static_cast<Kind>(word_ >> 60); }
  constexpr bool is_nil() const { return word_ == 0; }
  constexpr bool as_boolean() const { return payload() != 0; }
  constexpr std::int64_t as_integer() const {
    return static_cast<std::int64_t>(word_ << 4) >> 4;  // with its sign
  }
  constexpr Key key() const { return static_cast<Key>(payload() >> 28); }
  constexpr Version version() const { return static_cast<Version>(payload() & 0xfff'ffff); }
  /// Of a text, a table or a token.
  constexpr std::uint32_t number() const {
    return static_cast<std::uint32_t>(kind() == Kind::token ? payload() & 0xfff'ffff : payload());
  }
  /// Of a token.
  constexpr std::uint32_t owner() const { return static_cast<std::uint32_t>(payload() >> 28); }
  constexpr std::uint64_t word() const { return word_; }

  constexpr auto operator<=>(const Value&) const = default;

 private:
  static constexpr std::uint64_t payload_mask = (std::uint64_t{1} << 60) - 1;
  constexpr Value(Kind kind, std::uint64_t payload)
      : word_(static_cast<std::uint64_t>(kind) << 60 | payload) {}
  constexpr std::uint64_t payload() const { return word_ & payload_mask; }

  std::uint64_t word_ = 0;
};

}  // namespace cacherace
