#include "sim/scenario/quantity.hpp"

#include <array>
#include <limits>

namespace cacherace::scenario {

namespace {

struct Suffix {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t second = 1'000'000'000;

constexpr auto time_units = std::to_array<Suffix>({{"ns", 1},
                                                   {"us", 1'000},
                                                   {"ms", 1'000'000},
                                                   {"s", second},
                                                   {"min", 60 * second},
                                                   {"h", 3600 * second}});

constexpr auto size_units =
    std::to_array<Suffix>({{"b", 1}, {"kb", 1U << 10U}, {"mb", 1U << 20U}, {"gb", 1U << 30U}});

bool digit(char c) { return c >= '0' && c <= '9'; }

bool same_letters(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower_case[i])
      return false;
  }
  return true;
}

bool multiply(std::uint64_t& value, std::uint64_t by) {
  return !__builtin_mul_overflow(value, by, &value);
}

// Divides the product a * b by `prime`, if that leaves no remainder.
bool divide(std::uint64_t& a, std::uint64_t& b, std::uint64_t prime) {
  std::uint64_t& divisible = a % prime == 0 ? a : b;
  if (divisible % prime != 0) return false;
  divisible /= prime;
  return true;
}

// digits * 10^exponent
struct Scientific {
  std::uint64_t digits = 0;
  int exponent = 0;
  Fault fault = Fault::none;
};

constexpr int exponent_max = 400;

int parse_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  int value = 0;
  for (const char c : text) {
    if (digit(c) && value < exponent_max) value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

Scientific parse_scientific(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  Scientific out;
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    out.exponent = parse_exponent(text.substr(e + 1));
    text = text.substr(0, e);
  }
  const bool fraction = text.find('.') != std::string_view::npos;
  while (fraction && text.ends_with('0')) text.remove_suffix(1);
  bool after_point = false;
  for (const char c : text) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    if (after_point) --out.exponent;
    const auto value = static_cast<std::uint64_t>(c - '0');
    if (!multiply(out.digits, 10) || __builtin_add_overflow(out.digits, value, &out.digits)) {
      out.fault = after_point ? Fault::inexact : Fault::too_large;
      return out;
    }
  }
  return out;
}

template <std::size_t N>
const Suffix* find_unit(const std::array<Suffix, N>& units, std::string_view name) {
  for (const Suffix& unit : units) {
    if (same_letters(name, unit.name)) return &unit;
  }
  return nullptr;
}

Parsed<std::uint64_t> limited(Parsed<std::uint64_t> parsed, std::uint64_t max) {
  if (parsed.fault == Fault::none && parsed.value > max) return {0, Fault::too_large};
  return parsed;
}

}  // namespace

Parsed<std::uint64_t> parse_multiple(std::string_view text, std::uint64_t unit) {
  auto [value, exponent, fault] = parse_scientific(text);
  if (fault != Fault::none) return {0, fault};
  if (value == 0) return {0, Fault::none};
  for (; exponent < 0; ++exponent) {
    if (!divide(value, unit, 2) || !divide(value, unit, 5)) return {0, Fault::inexact};
  }
  for (; exponent > 0; --exponent) {
    if (!multiply(value, 10)) return {0, Fault::too_large};
  }
  if (!multiply(value, unit)) return {0, Fault::too_large};
  return {value, Fault::none};
}

Quantity split_quantity(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && digit(text[at])) ++at;
  const std::size_t whole = at;
  if (whole > 0 && at + 1 < text.size() && text[at] == '.' && digit(text[at + 1])) {
    ++at;
    while (at < text.size() && digit(text[at])) ++at;
  }
  return {text.substr(0, at), text.substr(at)};
}

Parsed<Duration> parse_duration(std::string_view text) {
  const auto [number, name] = split_quantity(text);
  for (const Suffix& unit : time_units) {
    if (number.empty() || name != unit.name) continue;
    const auto max = static_cast<std::uint64_t>(duration_max.count());
    const auto [value, fault] = limited(parse_multiple(number, unit.factor), max);
    return {Duration{static_cast<std::int64_t>(value)}, fault};
  }
  return {{}, Fault::malformed};
}

Parsed<Rate> parse_rate(std::string_view text) {
  const auto [number, per] = split_quantity(text);
  if (number.empty() || (per != "/s" && per != "/min" && per != "/h")) {
    return {{}, Fault::malformed};
  }
  const std::uint64_t seconds = per == "/s" ? 1 : per == "/min" ? 60 : 3600;
  auto [value, fault] = parse_multiple(number, second);
  if (fault == Fault::none && value % seconds != 0) {
    // A rate such as 1/min has no exact decimal; it is rounded to a billionth.
    value += seconds / 2;
  }
  const auto max = static_cast<std::uint64_t>(rate_max) * second;
  const auto [rate, trouble] = limited({value / seconds, fault}, max);
  return {Rate{static_cast<std::int64_t>(rate)}, trouble};
}

Parsed<Bytes> parse_size(std::string_view text) {
  const auto [number, name] = split_quantity(text);
  const Suffix* unit = find_unit(size_units, name);
  if (number.empty() || unit == nullptr) return {0, Fault::malformed};
  return limited(parse_multiple(number, unit->factor), bytes_max);
}

Parsed<Share> parse_percentage(std::string_view text) {
  const auto [number, unit] = split_quantity(text);
  if (number.empty() || unit != "%") return {{}, Fault::malformed};
  const auto [value, fault] = limited(parse_multiple(number, second / 100), second);
  return {Share{static_cast<std::int64_t>(value)}, fault};
}

}  // namespace cacherace::scenario
