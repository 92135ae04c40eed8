#include "sim/harness/traffic/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "sim/core/utf8.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::harness {
namespace {

constexpr std::size_t values_max = 100;

// A number and its unit, as in "60s", "10%" or "100".
struct Quantity {
  double number = 0;
  std::string unit;
};

Problems malformed(std::string_view text, std::string fact) {
  return {{.kind = Problem::Kind::meaning,
           .file = "--sweep",
           .pointer = std::string(text),
           .fact = std::move(fact),
           .fix = "write it like /strategies/NAME/expiry/ttl=1s..300s:log:12"}};
}

std::optional<Quantity> quantity_of(std::string_view text) {
  Quantity quantity;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), quantity.number);
  if (error != std::errc{} || !std::isfinite(quantity.number) || quantity.number < 0)
    return std::nullopt;
  quantity.unit = std::string(end, text.data() + text.size());
  return quantity;
}

bool is_time(const Quantity& quantity) {
  return duration_of(fmt::format("1{}", quantity.unit)).has_value();
}

double microseconds(const Quantity& quantity) {
  const auto unit = *duration_of(fmt::format("1{}", quantity.unit));
  return quantity.number * static_cast<double>(unit.count()) / 1000;
}

// Three digits, without an exponent.
std::string rounded(double value) {
  if (value == 0) return "0";
  const int magnitude = static_cast<int>(std::floor(std::log10(value)));
  const int decimals = std::max(0, 2 - magnitude);
  const double unit = std::pow(10.0, magnitude - 2);
  std::string text = fmt::format("{:.{}f}", std::round(value / unit) * unit, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void add(report::Axis& axis, const std::string& value) {
  if (std::find(axis.values.begin(), axis.values.end(), value) != axis.values.end()) return;
  const auto quantity = quantity_of(value);
  axis.values.push_back(value);
  axis.numbers.push_back(!quantity            ? static_cast<double>(axis.numbers.size())
                         : is_time(*quantity) ? microseconds(*quantity)
                                              : quantity->number);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto to = std::min(text.find(separator, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

// From one end to the other, in the unit of the first.
void fill(report::Axis& axis, const Quantity& from, double to, std::size_t count) {
  const bool whole =
      from.unit.empty() && from.number == std::trunc(from.number) && to == std::trunc(to);
  for (std::size_t i = 0; i < count; ++i) {
    const double share = count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
    double number = axis.logarithmic ? from.number * std::pow(to / from.number, share)
                                     : from.number + (to - from.number) * share;
    if (whole) number = std::round(number);
    const bool end = i == 0 || i + 1 == count;
    add(axis, (whole || end ? fmt::format("{}", number) : rounded(number)) + from.unit);
  }
}

Result<report::Axis> range(std::string_view text, report::Axis axis, std::string_view values) {
  const auto parts = split(values, ':');
  const auto dots = parts[0].find("..");
  if (dots == std::string_view::npos)
    return malformed(text, fmt::format("\"{}\" is not a range", parts[0]));
  auto from = quantity_of(parts[0].substr(0, dots));
  const auto to = quantity_of(parts[0].substr(dots + 2));
  if (!from || !to) return malformed(text, "a range goes from one quantity to another");
  if (from->unit.empty()) from->unit = to->unit;
  double last = to->number;
  if (from->unit != to->unit) {
    if (!is_time(*from) || !is_time(*to))
      return malformed(text, "both ends of a range need the same unit");
    last = to->number * microseconds({1, to->unit}) / microseconds({1, from->unit});
  }
  if (last <= from->number) return malformed(text, "a range must end above its start");
  axis.logarithmic = from->number > 0 && last >= 10 * from->number;
  std::size_t count = 10;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto* end = parts[i].data() + parts[i].size();
    if (parts[i] == "log" || parts[i] == "lin")
      axis.logarithmic = parts[i] == "log";
    else if (const auto read = std::from_chars(parts[i].data(), end, count);
             read.ec != std::errc{} || read.ptr != end || count < 2 || count > values_max)
      return malformed(text, fmt::format("expected log or lin and a number of values from 2 to {} "
                                         "after the range, found \"{}\"",
                                         values_max, parts[i]));
  }
  if (axis.logarithmic && from->number == 0)
    return malformed(text, "a logarithmic range cannot start at 0");
  fill(axis, *from, last, count);
  return axis;
}

}  // namespace

Result<report::Axis> parse_axis(std::string_view text) {
  if (first_not_utf8(text)) return malformed(text, "this is not UTF-8 text");
  const auto equals = text.rfind('=');
  if (equals == std::string_view::npos || !text.starts_with('/'))
    return malformed(text, "expected a JSON pointer, =, and values");
  report::Axis axis;
  axis.pointer = std::string(text.substr(0, equals));
  const auto values = text.substr(equals + 1);
  auto filled = [&]() -> Result<report::Axis> {
    if (values.find("..") != std::string_view::npos) return range(text, axis, values);
    for (const auto value : split(values, ',')) {
      if (value.empty()) return malformed(text, "a value is missing");
      add(axis, std::string(value));
    }
    if (axis.values.size() > values_max)
      return malformed(text, fmt::format("more than {} values", values_max));
    return axis;
  }();
  if (!filled) return filled;
  const auto first = quantity_of(filled->values.front());
  filled->is_time = first && is_time(*first);
  return filled;
}

}  // namespace cacherace::harness
