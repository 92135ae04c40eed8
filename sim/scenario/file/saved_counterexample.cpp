#include "sim/scenario/file/saved_counterexample.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/json/parse.hpp"
#include "sim/json/values.hpp"
#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/quantity.hpp"

namespace cacherace::scenario {
namespace {

constexpr std::string_view step_example =
    R"({ "client": "reader-1", "effect": "cache.get user:7", "result": "miss" })";

// A number of microseconds. Steps that take a year each add up to many.
std::optional<Duration> moment(const Node& node, Collector& problems) {
  constexpr auto most = static_cast<std::uint64_t>(Duration::max().count() / 2);
  if (node.type == Node::Type::number && !node.text.starts_with('-'))
    if (const auto [value, fault] = parse_multiple(node.text, 1000);
        fault == Fault::none && value <= most)
      return Duration(static_cast<std::int64_t>(value));
  problems.mismatch(node, "a number of microseconds", "30.5");
  return std::nullopt;
}

std::optional<Arg> arg(const Node& node, Collector& problems) {
  switch (node.type) {
    case Node::Type::boolean:
      return Arg(node.text == "true");
    case Node::Type::number:
      if (auto number = json::natural(node, problems)) return Arg(*number);
      return std::nullopt;
    case Node::Type::string:
      return Arg(node.text);
    case Node::Type::array:
      if (auto texts = json::list_of(json::text)(node, problems)) return Arg(*std::move(texts));
      return std::nullopt;
    case Node::Type::null:
    case Node::Type::object:
      break;
  }
  problems.mismatch(node, "a text, a whole number, true, false or an array of texts", "\"60s\"");
  return std::nullopt;
}

std::optional<std::vector<SavedStep>> steps(const Node& node, Collector& problems) {
  if (node.type != Node::Type::array || node.children.empty()) {
    problems.mismatch(node, "an array of steps", fmt::format("[{}]", step_example));
    return std::nullopt;
  }
  std::vector<SavedStep> out;
  for (const Node* child : node.children) {
    Fields fields(*child, problems, step_example);
    SavedStep& step = out.emplace_back();
    fields.need("client", step.client, text, R"("reader-1")");
    fields.read("operation", step.operation, text);
    fields.need("effect", step.effect, text, R"("cache.get user:7")");
    fields.need("result", step.result, text, R"("miss")");
    const Node* at = fields.read("at_us", step.at, moment);
    fields.read("args", step.args, json::named(arg));
    if (step.at.has_value() != out.front().at.has_value())
      problems.meaning(at == nullptr ? *child : *at, "some steps have \"at_us\" and others do not",
                       "give it to all of them, or to none");
  }
  return out;
}

void check_strategy(const Node& root, const SavedCounterexample& saved, Collector& problems) {
  const Node* named = root.find("strategy");
  if (named == nullptr || root.find("scenario") == nullptr) return;
  std::vector<std::string_view> known;
  for (const auto& strategy : saved.scenario.strategies) known.push_back(strategy.name);
  if (std::find(known.begin(), known.end(), saved.strategy) == known.end())
    problems.meaning(*named,
                     fmt::format("the scenario has no strategy {}", in_quotes(saved.strategy)),
                     suggestion(saved.strategy, known));
}

}  // namespace

Result<SavedCounterexample> load_counterexample(std::string_view content, std::string_view file) {
  Collector problems(file);
  const auto document = json::parse(content, problems, counterexample_bytes_max);
  if (!document) return problems.take();
  const Node& root = document->root();
  SavedCounterexample out;
  {
    std::string version, kind, says;
    Fields fields(root, problems, R"({ "kind": "counterexample", ... })");
    fields.read("cacherace", version, text);
    const Node* kind_node = fields.need("kind", kind, text, R"("counterexample")");
    if (kind_node != nullptr && kind != "counterexample")
      problems.shape(*kind_node,
                     fmt::format("expected a counterexample file, found kind {}", in_quotes(kind)),
                     "write one with: cacherace search FILE --save race.json");
    fields.need("strategy", out.strategy, text, R"("cache-aside")");
    fields.need("property", out.property, text, R"("no-stale-residue")");
    fields.read("says", says, text);
    fields.need("decisive", out.decisive, count<std::uint32_t>(1, 1'000'000), "5");
    fields.need("digest", out.digest, text, R"("0123456789abcdef")");
    const Node* clients = fields.need("clients", out.clients, race_clients,
                                      R"([{ "name": "reader-1", "do": ["read user:7"] }])");
    for (std::size_t i = 0; clients != nullptr && i < out.clients.size(); ++i)
      if (out.clients[i].count != 1)
        problems.shape(*clients->children[i], "a saved client has no \"count\"",
                       "give each client its own entry");
    const Node* starts = fields.read("start", out.start, start);
    fields.read("faults", out.faults, faults);
    fields.need("steps", out.steps, steps, fmt::format("[{}]", step_example));
    const Node* inner = fields.need("scenario", out.scenario, scenario, "{}");
    // Whoever ends a group touches rows that only others of the whole race name.
    auto all = out.clients;
    if (inner != nullptr && problems.clean(*inner))
      all.insert(all.end(), out.scenario.race.clients.begin(), out.scenario.race.clients.end());
    if (clients != nullptr) check_start(starts, all, problems);
    if (inner != nullptr && problems.clean(*inner))
      check_aggregates(clients, out.clients, root.find("start"), out.scenario.keys, problems);
  }
  check_strategy(root, out, problems);
  if (!problems.empty()) return problems.take();
  out.scenario.file = file;
  return out;
}

}  // namespace cacherace::scenario
