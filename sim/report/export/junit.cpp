#include "sim/report/export/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/text/comparisons.hpp"
#include "sim/report/text/text.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

struct Case {
  enum class Outcome { passed, failure, error, skipped } outcome = Outcome::passed;
  std::string name;
  std::string message;  // of what is not passed
  std::string text;
};

const PropertyResult* property_of(const Result& result, const Expected& expected) {
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties)
      if (strategy.strategy == expected.strategy && property.name == expected.name)
        return &property;
  return nullptr;
}

// The counterexample, and the faults that it needs.
std::string evidence(const PropertyResult& property) {
  const auto& shown = *property.counterexample;
  return interleaving(shown, {}) +
         faults_sentence(shown, property.worst && property.worst->is_time);
}

bool same_subject(const Expected& a, const Expected& b) {
  return a.strategy == b.strategy && a.name == b.name;
}

// Several expectations of one name are told apart by what they want.
Case case_of(const Result& result, const Expected& expected) {
  const auto alike =
      std::count_if(result.expectations.begin(), result.expectations.end(),
                    [&](const Expected& other) { return same_subject(expected, other); });
  Case out;
  out.name = fmt::format("{} · {}", expected.strategy, expected.name);
  if (alike > 1) out.name += " · " + expected.wanted;
  if (expected.met) return out;
  const auto* property = property_of(result, expected);
  out.outcome = expected.undecided ? Case::Outcome::error : Case::Outcome::failure;
  out.message = fmt::format("expected {}, found {}", expected.wanted, expected.found);
  if (property != nullptr && property->counterexample) out.text = evidence(*property);
  return out;
}

// Of a property of which nothing is expected.
Case case_of(const StrategyResult& strategy, const PropertyResult& property) {
  Case out;
  out.name = fmt::format("{} · {}", strategy.strategy, property.name);
  if (property.verdict == Verdict::proven) return out;
  const bool violated = property.verdict == Verdict::violated;
  out.outcome = violated ? Case::Outcome::failure : Case::Outcome::skipped;
  out.message = fmt::format("{}: {}", verdict_text(property.verdict), visited_text(property));
  if (property.counterexample) out.text = evidence(property);
  return out;
}

std::vector<Case> cases_of(const Result& result) {
  const bool several = result.kind == Result::Kind::comparisons;
  std::vector<Case> cases;
  for (const auto& strategy : result.results)
    for (const auto& property : strategy.properties) {
      const Expected subject{.strategy = strategy.strategy, .name = property.name};
      const bool is_expected =
          std::any_of(result.expectations.begin(), result.expectations.end(),
                      [&](const Expected& expected) { return same_subject(expected, subject); });
      if (!is_expected) cases.push_back(case_of(strategy, property));
    }
  for (const auto& expected : result.expectations) cases.push_back(case_of(result, expected));
  if (!result.complete)
    cases.push_back({.outcome = Case::Outcome::error,
                     .name = "complete",
                     .message = several ? some_are_missing : "interrupted before the end"});
  return cases;
}

std::size_t count(const std::vector<Case>& cases, Case::Outcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(),
                    [&](const Case& candidate) { return candidate.outcome == outcome; }));
}

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml_text(printable(value)));
}

std::string element(const Case& of) {
  const char* tag = of.outcome == Case::Outcome::failure ? "failure"
                    : of.outcome == Case::Outcome::error ? "error"
                                                         : "skipped";
  const std::string start = std::string(tag) + attribute("message", of.message);
  if (of.outcome == Case::Outcome::skipped) return fmt::format("      <{}/>\n", start);
  const char* type = of.outcome == Case::Outcome::failure ? "violated" : "inconclusive";
  return fmt::format("      <{}{}>{}</{}>\n", start, attribute("type", type), xml_text(of.text),
                     tag);
}

std::string test_case(const std::string& title, const Case& of) {
  const std::string start =
      "    <testcase" + attribute("classname", title) + attribute("name", of.name) + " time=\"0\"";
  if (of.outcome == Case::Outcome::passed) return start + "/>\n";
  return start + ">\n" + element(of) + "    </testcase>\n";
}

std::string totals(const std::vector<Case>& cases) {
  return fmt::format(R"( tests="{}" failures="{}" errors="{}" skipped="{}" time="0")", cases.size(),
                     count(cases, Case::Outcome::failure), count(cases, Case::Outcome::error),
                     count(cases, Case::Outcome::skipped));
}

std::string property_element(std::string_view name, const std::string& value) {
  return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
}

std::string properties(const Result& result) {
  return "    <properties>\n" + property_element("digest", result.scenario_digest) +
         property_element("seed", std::to_string(result.seed)) + "    </properties>\n";
}

std::string suite(const Result& result, const std::vector<Case>& cases) {
  const std::string title = title_of(result);
  std::string text = "  <testsuite" + attribute("name", title) + totals(cases) + ">\n";
  if (result.kind != Result::Kind::comparisons) text += properties(result);
  for (const auto& of : cases) text += test_case(title, of);
  return text + "  </testsuite>\n";
}

}  // namespace

std::string to_junit(const Result& result) {
  std::vector<Case> all;
  std::string suites;
  const auto add = [&](const Result& of) {
    const auto cases = cases_of(of);
    all.insert(all.end(), cases.begin(), cases.end());
    suites += suite(of, cases);
  };
  for (const auto& comparison : result.comparisons) add(comparison);
  if (result.kind != Result::Kind::comparisons || !result.complete) add(result);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cacherace\"" +
         totals(all) + ">\n" + suites + "</testsuites>\n";
}

}  // namespace cacherace::report
