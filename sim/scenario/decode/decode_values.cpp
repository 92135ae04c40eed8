#include "sim/scenario/decode/decode_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/scenario/meant.hpp"
#include "sim/scenario/quantity.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::string_view a_duration =
    R"(a duration such as "200us", "5ms", "60s", "10min" or "1h")";
constexpr std::string_view a_latency = R"(a latency such as "5ms" or "5ms..30ms")";
constexpr std::string_view a_share = R"(a share such as 0.01 or "1%")";

// Reports what kept `node` from being read, as a fault of a well-formed text.
void report(const Node& node, Collector& problems, Fault fault, std::string_view finest,
            std::string_view largest) {
  const std::string shown = node.type == Node::Type::string ? in_quotes(node.text) : node.text;
  if (fault == Fault::inexact) {
    problems.meaning(node, fmt::format("{} is finer than {}", shown, finest), "round it");
  } else {
    problems.meaning(node, fmt::format("{} is too large", shown),
                     fmt::format("the maximum is {}", largest));
  }
}

std::optional<Duration> good(const Parsed<Duration>& parsed, const Node& node,
                             Collector& problems) {
  if (parsed.fault == Fault::none) return parsed.value;
  report(node, problems, parsed.fault, "one nanosecond", "8760h");
  return std::nullopt;
}

// How to write it: with the number that was written, where there is one.
std::string fix_of(const std::string& meant, std::string_view example) {
  return in_quotes(meant.empty() ? example : meant);
}

// A number alone says nothing of its unit.
bool number_alone(std::string_view text) {
  const auto [number, unit] = split_quantity(text);
  return !number.empty() && unit.empty();
}

std::string latency_fix(std::string_view text, std::string_view example) {
  if (number_alone(text)) return fmt::format(R"("{0}us" or "{0}ms")", text);
  return fix_of(meant_durations(text), example);
}

// "5ms" or "5ms..30ms"
std::optional<Latency> latency_from_text(const Node& node, Collector& problems) {
  const std::string_view written = node.text;
  const std::size_t dots = written.find("..");
  const bool range = dots != std::string_view::npos;
  const auto first = parse_duration(written.substr(0, dots));
  const auto last = range ? parse_duration(written.substr(dots + 2)) : first;
  if (first.fault == Fault::malformed || last.fault == Fault::malformed) {
    problems.mismatch(node, a_latency, latency_fix(node.text, "5ms..30ms"));
    return std::nullopt;
  }
  const auto min = good(first, node, problems);
  const auto max = range ? good(last, node, problems) : min;
  if (!min || !max) return std::nullopt;
  if (!range) return Constant{*min};
  if (*min > *max) {
    problems.meaning(node, fmt::format("the range {} ends before it begins", in_quotes(written)),
                     "write the shorter duration first");
    return std::nullopt;
  }
  return Uniform{*min, *max};
}

std::optional<Lognormal> lognormal(const Node& node, Collector& problems) {
  Lognormal out;
  Fields fields(node, problems, R"({ "median": "5ms", "p99": "30ms" })");
  const bool median = fields.need("median", out.median, positive_duration, R"("5ms")") != nullptr;
  const bool p99 = fields.need("p99", out.p99, positive_duration, R"("30ms")") != nullptr;
  if (!median || !p99) return std::nullopt;
  if (out.p99 < out.median) {
    problems.meaning(*node.find("p99"), "\"p99\" is below \"median\"",
                     "99 in 100 draws are at most \"p99\"; half are at most \"median\"");
    return std::nullopt;
  }
  return out;
}

std::optional<Latency> latency_from_object(const Node& node, Collector& problems) {
  std::optional<Duration> mean;
  std::optional<Duration> max;
  std::optional<Lognormal> spread;
  Fields fields(node, problems, "");
  const Node* exponential = fields.get("exponential");
  if ((exponential == nullptr) == (fields.get("lognormal") == nullptr)) {
    problems.shape(node, "expected \"exponential\" or \"lognormal\", one of the two",
                   R"(write { "exponential": "20ms" })");
  }
  fields.read("exponential", mean, positive_duration);
  fields.read("lognormal", spread, lognormal);
  const Node* cut = fields.read("max", max, positive_duration);
  if (mean) return Exponential{*mean, max};
  if (!spread) return std::nullopt;
  if (cut != nullptr && *max < spread->median) {
    problems.meaning(*cut, "\"max\" is below \"median\"", "");
  }
  spread->max = max;
  return *spread;
}

// What can be written instead: the number in `text`, or the end of the range nearest to it.
std::uint64_t nearest_number(std::string_view text, std::uint64_t min, std::uint64_t max) {
  if (!number_alone(text)) return std::max<std::uint64_t>(min, 1);
  const auto [number, fault] = parse_multiple(text, 1);
  if (fault == Fault::too_large) return max;
  return fault == Fault::none ? std::clamp(number, min, max) : std::max<std::uint64_t>(min, 1);
}

}  // namespace

std::string duration_fix(std::string_view text, std::string_view example) {
  if (number_alone(text)) return fmt::format(R"("{0}ms" or "{0}s")", text);
  return fix_of(meant_duration(text), example);
}

std::optional<Duration> duration(const Node& node, Collector& problems) {
  const auto parsed = parse_duration(node.text);
  if (node.type == Node::Type::string && parsed.fault != Fault::malformed) {
    return good(parsed, node, problems);
  }
  problems.mismatch(node, a_duration, duration_fix(node.text, "5ms"));
  return std::nullopt;
}

std::optional<Duration> positive_duration(const Node& node, Collector& problems) {
  const auto value = duration(node, problems);
  if (!value || *value > Duration::zero()) return value;
  problems.meaning(node, "the duration must be above 0", "");
  return std::nullopt;
}

std::optional<Rate> rate(const Node& node, Collector& problems) {
  const auto [value, fault] = parse_rate(node.text);
  if (node.type != Node::Type::string || fault == Fault::malformed) {
    problems.mismatch(node, R"(a rate such as "2000/s")", fix_of(meant_rate(node.text), "2000/s"));
    return std::nullopt;
  }
  if (fault != Fault::none) {
    report(node, problems, fault, "a billionth", fmt::format("{}/s", rate_max));
    return std::nullopt;
  }
  if (value.billionths > 0) return value;
  problems.meaning(node, "the rate must be above 0", "leave the flow out if it sends nothing");
  return std::nullopt;
}

std::optional<Bytes> size(const Node& node, Collector& problems) {
  const auto [value, fault] = parse_size(node.text);
  if (node.type != Node::Type::string || fault == Fault::malformed) {
    problems.mismatch(node, R"(a size such as "1kb" or "64mb")",
                      number_alone(node.text) ? fmt::format(R"("{0}b" or "{0}mb")", node.text)
                                              : fix_of(meant_size(node.text), "1kb"));
    return std::nullopt;
  }
  if (fault != Fault::none) {
    report(node, problems, fault, "one byte", "1048576gb");
    return std::nullopt;
  }
  if (value > 0) return value;
  problems.meaning(node, "the size must be above 0", "");
  return std::nullopt;
}

std::optional<Decimal> decimal(const Node& node, Collector& problems, std::int64_t max) {
  if (node.type != Node::Type::number) {
    problems.mismatch(node, fmt::format("a number from 0 to {}", max), "0.99");
    return std::nullopt;
  }
  const auto limit = static_cast<std::uint64_t>(max) * Decimal::one;
  const auto [value, fault] = parse_multiple(node.text, Decimal::one);
  double rough = 0;
  std::from_chars(node.text.data(), node.text.data() + node.text.size(), rough);
  if (rough < 0 || rough > static_cast<double>(max) || fault == Fault::too_large || value > limit) {
    problems.shape(node, fmt::format("{} is not from 0 to {}", node.text, max),
                   fmt::format("write {}", rough < 0 ? 0 : max));
    return std::nullopt;
  }
  if (fault == Fault::none) return Decimal{static_cast<std::int64_t>(value)};
  report(node, problems, fault, "nine decimal places", "");
  return std::nullopt;
}

std::optional<Share> share(const Node& node, Collector& problems) {
  if (node.type == Node::Type::number) return decimal(node, problems, 1);
  const auto [value, fault] = parse_percentage(node.text);
  if (node.type != Node::Type::string || fault == Fault::malformed) {
    problems.mismatch(node, a_share,
                      number_alone(node.text) && node.text.starts_with("0.")
                          ? node.text
                          : fix_of(meant_percentage(node.text), "1%"));
    return std::nullopt;
  }
  if (fault == Fault::none) return value;
  report(node, problems, fault, "nine decimal places", "100%");
  return std::nullopt;
}

std::optional<std::uint64_t> whole_number(const Node& node, Collector& problems, std::uint64_t min,
                                          std::uint64_t max) {
  if (node.type == Node::Type::number) {
    const auto [value, fault] = parse_multiple(node.text, 1);
    const bool negative = node.text.starts_with('-') && value > 0;
    if (fault == Fault::none && !negative && value >= min && value <= max) return value;
  }
  problems.mismatch(node, fmt::format("a whole number from {} to {}", min, max),
                    fmt::format("{}", nearest_number(node.text, min, max)));
  return std::nullopt;
}

std::optional<Latency> latency(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string) return latency_from_text(node, problems);
  if (node.type == Node::Type::object) return latency_from_object(node, problems);
  problems.mismatch(node, a_latency, latency_fix(node.text, "5ms"));
  return std::nullopt;
}

std::optional<Duration> longest(const Latency& latency) {
  struct Longest {
    std::optional<Duration> operator()(const Constant& l) const { return l.value; }
    std::optional<Duration> operator()(const Uniform& l) const { return l.max; }
    std::optional<Duration> operator()(const Exponential& l) const { return l.max; }
    std::optional<Duration> operator()(const Lognormal& l) const { return l.max; }
  };
  return std::visit(Longest{}, latency);
}

}  // namespace cacherace::scenario
