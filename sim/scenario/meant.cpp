#include "sim/scenario/meant.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "sim/scenario/quantity.hpp"

namespace cacherace::scenario {
namespace {

struct Written {
  std::string_view as;  // in small letters
  std::string_view unit;
};

constexpr auto durations = std::to_array<Written>({
    {"ns", "ns"},       {"nsec", "ns"},   {"nanoseconds", "ns"},
    {"us", "us"},       {"µs", "us"},     {"usec", "us"},
    {"micros", "us"},   {"ms", "ms"},     {"microseconds", "us"},
    {"msec", "ms"},     {"millis", "ms"}, {"milliseconds", "ms"},
    {"s", "s"},         {"sec", "s"},     {"secs", "s"},
    {"second", "s"},    {"seconds", "s"}, {"m", "min"},
    {"min", "min"},     {"mins", "min"},  {"minute", "min"},
    {"minutes", "min"}, {"h", "h"},       {"hr", "h"},
    {"hrs", "h"},       {"hour", "h"},    {"hours", "h"},
});

constexpr auto rates = std::to_array<Written>({
    {"", "/s"},
    {"/s", "/s"},
    {"/sec", "/s"},
    {"/second", "/s"},
    {"per second", "/s"},
    {"req/s", "/s"},
    {"ops/s", "/s"},
    {"rps", "/s"},
    {"qps", "/s"},
    {"hz", "/s"},
    {"/m", "/min"},
    {"/min", "/min"},
    {"/minute", "/min"},
    {"per minute", "/min"},
    {"/h", "/h"},
    {"/hr", "/h"},
    {"/hour", "/h"},
    {"per hour", "/h"},
});

constexpr auto sizes = std::to_array<Written>({
    {"b", "b"},
    {"byte", "b"},
    {"bytes", "b"},
    {"k", "kb"},
    {"kb", "kb"},
    {"kib", "kb"},
    {"m", "mb"},
    {"mb", "mb"},
    {"mib", "mb"},
    {"g", "gb"},
    {"gb", "gb"},
    {"gib", "gb"},
    {"kbyte", "kb"},
    {"mbyte", "mb"},
    {"gbyte", "gb"},
});

constexpr auto percentages =
    std::to_array<Written>({{"", "%"}, {"%", "%"}, {"percent", "%"}, {"pct", "%"}});

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string meant(std::string_view text, std::span<const Written> units) {
  const auto [number, unit] = split_quantity(trimmed(text));
  if (number.empty()) return "";
  const auto as = small_letters(trimmed(unit));
  for (const auto& written : units)
    if (as == written.as) return std::string(number).append(written.unit);
  return "";
}

}  // namespace

std::string meant_duration(std::string_view text) { return meant(text, durations); }

std::string meant_durations(std::string_view text) {
  const auto dots = text.find("..");
  auto first = meant_duration(text.substr(0, dots));
  if (dots == std::string_view::npos) return first;
  const auto last = meant_duration(text.substr(dots + 2));
  return first.empty() || last.empty() ? "" : first + ".." + last;
}

std::string meant_rate(std::string_view text) { return meant(text, rates); }

std::string meant_size(std::string_view text) { return meant(text, sizes); }

std::string meant_percentage(std::string_view text) { return meant(text, percentages); }

}  // namespace cacherace::scenario
