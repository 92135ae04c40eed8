#include "sim/report/read/read_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/json/fields.hpp"
#include "sim/json/parse.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

constexpr auto kinds = std::to_array<json::Spelling<Result::Kind>>({
    {"search", Result::Kind::search},
    {"run", Result::Kind::run},
    {"compare", Result::Kind::compare},
    {"sweep", Result::Kind::sweep},
    {"fuzz", Result::Kind::fuzz},
    {"comparisons", Result::Kind::comparisons},
});

// `1.2.3` as numbers; what is no number counts as 0.
std::array<unsigned, 3> numbers_of(std::string_view version) {
  std::array<unsigned, 3> numbers{};
  const char* at = version.data();
  const char* end = at + version.size();
  for (unsigned& number : numbers) {
    at = std::from_chars(at, end, number).ptr;
    if (at != end && *at == '.') ++at;
  }
  return numbers;
}

// What another version or command has written cannot be judged key by key.
bool is_ours(const Node& root, Collector& problems) {
  const Node* writer = root.find("cacherace");
  if (writer != nullptr && numbers_of(writer->text) > numbers_of(version)) {
    problems.shape(*writer,
                   fmt::format("written by cacherace {}; this is {}", writer->text, version),
                   "use the newer one");
    return false;
  }
  const Node* kind = root.find("kind");
  if (kind == nullptr) return true;
  if (kind->text == "replay" || kind->text == "counterexample") {
    problems.shape(
        *kind,
        fmt::format("expected a result of search, fuzz, run, compare or sweep, found a {}",
                    kind->text),
        "a saved counterexample is shown by: cacherace replay FILE");
    return false;
  }
  return json::one_of(kinds, "kind")(*kind, problems).has_value();
}

void read_scenario(const Node& node, Result& result, Collector& problems) {
  Fields fields(node, problems, R"({ "title": "…", "digest": "0123456789abcdef" })");
  fields.need("title", result.title, json::text, R"("…")");
  fields.need("digest", result.scenario_digest, json::text, R"("0123456789abcdef")");
  fields.read("story", result.story, json::text);
  fields.read("source", result.source, json::text);
  fields.read("text", result.scenario_json, json::text);
}

std::optional<Expected> expectation(const Node& node, Collector& problems) {
  Expected out;
  Fields fields(node, problems, R"({ "strategy": "cache-aside", "name": "hit_ratio" })");
  fields.need("strategy", out.strategy, json::text, R"("cache-aside")");
  fields.need("name", out.name, json::text, R"("hit_ratio")");
  fields.need("wanted", out.wanted, json::text, R"(">= 90 %")");
  fields.need("found", out.found, json::text, R"("91 %")");
  fields.need("met", out.met, json::boolean, "true");
  fields.need("undecided", out.undecided, json::boolean, "false");
  return out;
}

std::optional<Threshold> threshold(const Node& node, Collector& problems) {
  Threshold out;
  std::uint64_t holds = 0;
  std::uint64_t violated = 0;
  Fields fields(node, problems, R"({ "pointer": "…", "holds_us": 1, "violated_us": 0 })");
  fields.need("pointer", out.pointer, json::text, R"("/strategies/ttl/expiry/ttl")");
  fields.need("holds_us", holds, json::natural_up_to(times_max_us), "1");
  fields.need("violated_us", violated, json::natural_up_to(times_max_us), "0");
  out.holds_us = static_cast<std::int64_t>(holds);
  out.violated_us = static_cast<std::int64_t>(violated);
  return out;
}

// What writers rely on: all strategies that have metrics have the same ones.
void check_metrics(const Node& node, const std::vector<StrategyResult>& results,
                   Collector& problems) {
  const StrategyResult* first = nullptr;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& metrics = results[i].metrics;
    if (metrics.empty()) continue;
    if (first == nullptr) first = &results[i];
    if (!std::equal(metrics.begin(), metrics.end(), first->metrics.begin(), first->metrics.end(),
                    [](const auto& a, const auto& b) { return a.metric == b.metric; }))
      problems.meaning(*node.children[i], "has other metrics than the first strategy");
  }
}

void read_single(const Node& root, Result& result, Collector& problems) {
  std::string writer;
  Fields fields(root, problems, R"({ "cacherace": "0.1.0", "kind": "search" })");
  fields.need("cacherace", writer, json::text, R"("0.1.0")");
  fields.need("kind", result.kind, json::one_of(kinds, "kind"), R"("search")");
  if (const Node* scenario = fields.get("scenario"))
    read_scenario(*scenario, result, problems);
  else
    fields.missing("scenario", R"({ "title": "…", "digest": "0123456789abcdef" })");
  fields.need("seed", result.seed, json::natural, "1");
  if (judges_properties(result.kind)) {
    fields.need("timing", result.timing, json::text, R"("latencies")");
    fields.need("race", result.race, json::text, R"("…")");
  }
  if (simulates_traffic(result.kind))
    fields.need("traffic", result.traffic, traffic, R"({ "says": "…" })");
  if (result.kind == Result::Kind::compare)
    fields.need("baseline", result.baseline, json::text, R"("cache-aside")");
  if (result.kind == Result::Kind::run) fields.read("baseline", result.baseline, json::text);
  fields.read("notes", result.notes, json::list_of(json::text));
  fields.need("complete", result.complete, json::boolean, "true");
  if (result.kind == Result::Kind::sweep) {
    read_sweep(fields, result, problems);
    fields.read("expectations", result.expectations, json::list_of(expectation));
    return;
  }
  if (result.kind == Result::Kind::search) fields.read("threshold", result.threshold, threshold);
  const auto strategy = [kind = result.kind](const Node& node, Collector& found) {
    return strategy_result(node, found, kind);
  };
  const Node* results = fields.need("results", result.results, json::list_of(strategy), "[]");
  if (results != nullptr) check_metrics(*results, result.results, problems);
  if (result.kind == Result::Kind::fuzz) {
    fields.need("drawn", result.drawn, json::natural, "100");
    return;
  }
  fields.need("expectations", result.expectations, json::list_of(expectation), "[]");
  fields.read("goal", result.goal, json::list_of(expectation));
  if (result.kind == Result::Kind::compare) read_comparison(fields, result, problems);
}

std::optional<Result> comparison(const Node& node, Collector& problems) {
  Result out;
  const Node* kind = node.find("kind");
  if (kind != nullptr && kind->text != "compare") {
    problems.shape(*kind, "expected a comparison of one scenario", "write \"compare\"");
    return std::nullopt;
  }
  read_single(node, out, problems);
  return out;
}

void read_several(const Node& root, Result& result, Collector& problems) {
  std::string writer;
  Fields fields(root, problems, R"({ "cacherace": "0.1.0", "kind": "comparisons" })");
  fields.need("cacherace", writer, json::text, R"("0.1.0")");
  fields.need("kind", result.kind, json::one_of(kinds, "kind"), R"("comparisons")");
  fields.need("complete", result.complete, json::boolean, "true");
  fields.need("comparisons", result.comparisons, json::list_of(comparison), "[]");
}

void read_all(const Node& root, Result& result, Collector& problems) {
  const Node* kind = root.find("kind");
  const bool several = kind != nullptr && kind->text == "comparisons";
  several ? read_several(root, result, problems) : read_single(root, result, problems);
}

}  // namespace

cacherace::Result<Result> read_result(std::string_view text, std::string_view file) {
  Collector problems(file);
  const auto document = json::parse(text, problems, result_bytes_max);
  if (!document) return problems.take();
  Result result;
  if (is_ours(document->root(), problems)) read_all(document->root(), result, problems);
  if (!problems.empty()) return problems.take();
  return result;
}

}  // namespace cacherace::report
