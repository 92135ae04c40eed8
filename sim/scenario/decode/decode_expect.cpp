// Expectations: what a strategy is expected to show, as a verdict or as a limit.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/meant.hpp"
#include "sim/scenario/quantity.hpp"

namespace cacherace::scenario {

namespace {

constexpr auto verdicts = std::to_array<Spelling<Verdict>>({
    {"violated", Verdict::violated},
    {"proven", Verdict::proven},
    {"clean-so-far", Verdict::clean_so_far},
    {"vacuous", Verdict::vacuous},
});

// The longer ones first: "<" begins "<=".
constexpr auto comparisons = std::to_array<Spelling<Limit::Comparison>>({
    {"<=", Limit::Comparison::at_most},
    {">=", Limit::Comparison::at_least},
    {"==", Limit::Comparison::equal},
    {"<", Limit::Comparison::less},
    {">", Limit::Comparison::greater},
});

std::optional<Subject> subject_named(std::string_view name) {
  if (const auto property = property_named(name)) return *property;
  if (const auto metric = metric_named(name)) return *metric;
  return std::nullopt;
}

/// What may be expected of a property or metric.
struct Terms {
  bool verdict = false;
  std::optional<Unit> limit;  // what a limit is counted in; nothing: it takes none
};

Terms terms_of(PropertyId property) { return {.verdict = true, .limit = row(property).limit}; }
Terms terms_of(Metric metric) { return {.verdict = false, .limit = row(metric).unit}; }

// A number, or a percentage as a part of one.
std::optional<double> plain_number(std::string_view text) {
  const auto [number, unit] = split_quantity(text);
  if (number.empty() || (!unit.empty() && unit != "%")) return std::nullopt;
  double value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return unit.empty() ? value : value / 100;
}

// A limit as a text, with the sign and the number that were written, where there are any.
std::string limit_fix(std::string_view text, bool is_time) {
  const auto at = std::min(text.find_first_of("0123456789"), text.size());
  const auto written = text.substr(0, at), rest = text.substr(at);
  const bool upwards = written.find('>') != std::string_view::npos;
  const bool downwards = written.find('<') != std::string_view::npos;
  const std::string_view sign = upwards ? ">=" : downwards || is_time ? "<=" : ">=";
  const bool is_number = plain_number(rest).has_value();
  if (is_time && is_number && !rest.ends_with('%'))
    return fmt::format(R"("{0} {1}ms" or "{0} {1}s")", sign, rest);
  const auto meant = is_time ? meant_duration(rest) : is_number ? std::string(rest) : "";
  const std::string_view example = is_time ? "62s" : "0.9";
  return in_quotes(fmt::format("{} {}", sign, meant.empty() ? example : meant));
}

std::optional<Limit> limit(const Node& node, Terms terms, Collector& problems) {
  constexpr double nanoseconds_per_microsecond = 1000;
  const bool is_time = terms.limit == Unit::microseconds;
  for (const auto& [sign, comparison] : comparisons) {
    if (!node.text.starts_with(sign)) continue;
    std::string_view rest = std::string_view(node.text).substr(sign.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (!is_time) {
      const auto value = plain_number(rest);
      if (!value) break;
      if (terms.limit != Unit::share && rest.ends_with('%')) {
        problems.meaning(node, fmt::format("{} is a share, but the metric is not", in_quotes(rest)),
                         "write a number, such as \">= 100\"");
        return std::nullopt;
      }
      return Limit{.comparison = comparison, .value = *value};
    }
    const auto [value, fault] = parse_duration(rest);
    if (fault == Fault::malformed) break;
    if (fault != Fault::none) {
      problems.meaning(node, fmt::format("{} is not a duration in whole nanoseconds of at most "
                                         "8760h",
                                         in_quotes(rest)));
      return std::nullopt;
    }
    return Limit{.comparison = comparison,
                 .value = static_cast<double>(value.count()) / nanoseconds_per_microsecond};
  }
  problems.mismatch(node,
                    fmt::format("{}a limit such as {}", terms.verdict ? "a verdict or " : "",
                                limit_fix("", is_time)),
                    limit_fix(node.text, is_time));
  return std::nullopt;
}

std::optional<std::variant<Verdict, Limit>> wanted(const Node& node, Terms terms,
                                                   Collector& problems) {
  if (terms.verdict && node.type == Node::Type::string) {
    for (const auto& [name, value] : verdicts) {
      if (node.text == name) return value;
    }
  }
  const bool compares = node.text.find_first_of("<=>") == 0;
  if (terms.limit && (!terms.verdict || compares || node.type != Node::Type::string)) {
    if (node.type == Node::Type::string) return limit(node, terms, problems);
    problems.mismatch(node,
                      terms.verdict ? "a verdict or a limit, as a text" : "a limit, as a text",
                      limit_fix(node.text, terms.limit == Unit::microseconds));
    return std::nullopt;
  }
  return one_of(verdicts, "verdict")(node, problems);
}

void expectation(const Node& node, const std::string& strategy, Collector& problems,
                 std::vector<Expectation>& out) {
  const auto subject = subject_named(node.key);
  if (!subject) {
    std::vector<std::string_view> known;
    known.assign(property_names.begin(), property_names.end());
    known.insert(known.end(), metric_names.begin(), metric_names.end());
    problems.unknown_key(node, "property or metric", known);
    return;
  }
  const Terms terms = std::visit([](auto id) { return terms_of(id); }, *subject);
  const auto value = wanted(node, terms, problems);
  if (!value) return;
  if (const auto* compared = std::get_if<Limit>(&*value);
      compared != nullptr && terms.limit == Unit::share && compared->value > 1) {
    problems.meaning(node, fmt::format("{} is never above 1", in_quotes(node.key)),
                     "write a share such as \">= 0.9\" or \">= 90%\"");
  }
  out.push_back({.strategy = strategy, .of = *subject, .wanted = *value});
}

Better better(Metric metric) { return row(metric).better; }
// What a property measures is staleness, loads or waiting.
Better better(PropertyId) { return Better::less; }

// A proof, at most so much of a cost, at least so much of a benefit.
bool asks_for_good(const Expectation& term) {
  using Comparison = Limit::Comparison;
  if (const auto* verdict = std::get_if<Verdict>(&term.wanted)) return *verdict == Verdict::proven;
  const auto& limit = std::get<Limit>(term.wanted);
  switch (std::visit([](auto id) { return better(id); }, term.of)) {
    case Better::less:
      return limit.comparison == Comparison::at_most || limit.comparison == Comparison::less ||
             (limit.comparison == Comparison::equal && limit.value == 0);
    case Better::more:
      return limit.comparison == Comparison::at_least || limit.comparison == Comparison::greater;
    case Better::neither:
      break;
  }
  return false;
}

std::string what_is_good(const Expectation& term) {
  if (std::holds_alternative<Verdict>(term.wanted))
    return "write \"proven\", or move it to \"expect\"";
  switch (std::visit([](auto id) { return better(id); }, term.of)) {
    case Better::less:
      return "less of it is better: write \"<= …\", or move it to \"expect\"";
    case Better::more:
      return "more of it is better: write \">= …\", or move it to \"expect\"";
    case Better::neither:
      break;
  }
  return "neither more nor less of it is better: move it to \"expect\"";
}

}  // namespace

std::optional<std::vector<Expectation>> goal(const Node& node, Collector& problems) {
  if (node.type != Node::Type::object) {
    problems.mismatch(node, "an object from properties and metrics to their required values",
                      R"({ "staleness": "<= 62s", "error_ratio": "<= 0.1%" })");
    return std::nullopt;
  }
  std::vector<Expectation> terms;
  for (const Node* child : node.children) {
    const std::size_t before = terms.size();
    expectation(*child, "*", problems, terms);
    if (terms.size() > before && !asks_for_good(terms.back()))
      problems.meaning(*child,
                       fmt::format("no strategy is better for {} {}", in_quotes(child->key),
                                   in_quotes(child->text)),
                       what_is_good(terms.back()));
  }
  return terms;
}

std::optional<std::vector<Expectation>> expectations(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "*": { "hit_ratio": ">= 0.9" } })";
  if (node.type != Node::Type::object) {
    problems.mismatch(node, "an object from strategies to expectations", example);
    return std::nullopt;
  }
  std::vector<Expectation> out;
  for (const Node* strategy : node.children) {
    if (strategy->type != Node::Type::object) {
      problems.mismatch(*strategy, "an object from properties and metrics to their expected values",
                        R"({ "hit_ratio": ">= 0.9" })");
      continue;
    }
    for (const Node* child : strategy->children) {
      expectation(*child, strategy->key, problems, out);
    }
  }
  return out;
}

void check_expectations(const Node& root, Collector& problems) {
  const Node* expect = root.find("expect");
  if (expect == nullptr || expect->type != Node::Type::object) return;
  std::vector<std::string_view> known;
  const Node* strategies = root.find("strategies");
  if (strategies == nullptr) known.emplace_back("cache-aside");
  if (strategies != nullptr && strategies->type == Node::Type::object) {
    for (const Node* strategy : strategies->children) known.push_back(strategy->key);
  }
  known.emplace_back("*");
  for (const Node* strategy : expect->children) {
    if (std::find(known.begin(), known.end(), strategy->key) == known.end()) {
      problems.add(Problem::Kind::meaning, strategy->key_place, pointer_to(*strategy),
                   fmt::format("unknown strategy {}", in_quotes(strategy->key)),
                   suggestion(strategy->key, known));
    }
  }
}

}  // namespace cacherace::scenario
