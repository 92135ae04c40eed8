#include <fmt/format.h>

#include <algorithm>

#include "sim/json/fields.hpp"
#include "sim/json/values.hpp"
#include "sim/report/read/read_parts.hpp"

namespace cacherace::report {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

struct Parties {
  std::vector<std::string> left, locals, right;
};

std::optional<Parties> parties(const Node& node, Collector& problems) {
  Parties out;
  Fields fields(node, problems, R"({ "left": ["reader-1"], "right": ["writer-1"] })");
  fields.need("left", out.left, json::list_of(json::text), R"(["reader-1"])");
  fields.read("locals", out.locals, json::list_of(json::text));
  fields.need("right", out.right, json::list_of(json::text), R"(["writer-1"])");
  return out;
}

std::optional<Standing::Place> place(const Node& node, Collector& problems) {
  Standing::Place out;
  Fields fields(node, problems, R"({ "client": "reader-1", "line": "cache.lua:7", "code": "" })");
  fields.need("client", out.client, json::text, R"("reader-1")");
  fields.need("line", out.line, json::text, R"("cache.lua:7")");
  fields.need("code", out.code, json::text, R"("")");
  return out;
}

std::optional<Standing> standing(const Node& node, Collector& problems) {
  Standing out;
  Fields fields(node, problems, R"({ "cache": {}, "database": {}, "clients": {} })");
  fields.need("cache", out.cache, json::named(json::text), "{}");
  fields.read("locals", out.locals, json::named(json::named(json::text)));
  fields.need("database", out.database, json::named(json::text), "{}");
  fields.need("clients", out.pending, json::named(json::text), "{}");
  fields.read("places", out.places, json::list_of(place));
  return out;
}

struct StepAndState {
  Step step;
  std::optional<Standing> state;
};

std::optional<StepAndState> step(const Node& node, Collector& problems) {
  StepAndState out;
  Fields fields(node, problems,
                R"({ "client": "reader-1", "effect": "cache.get user:7", "result": "miss" })");
  fields.need("client", out.step.client, json::text, R"("reader-1")");
  fields.read("operation", out.step.operation, json::text);
  fields.need("effect", out.step.effect, json::text, R"("cache.get user:7")");
  fields.need("result", out.step.result, json::text, R"("miss")");
  fields.read("at_us", out.step.at, nanoseconds);
  fields.read("local", out.step.local, json::text);
  fields.read("repeats", out.step.repeats, json::natural);
  fields.read("line", out.step.line, json::text);
  fields.read("code", out.step.code, json::text);
  fields.read("notes", out.step.notes, json::list_of(json::text));
  fields.read("state", out.state, standing);
  return out;
}

// What writers rely on: every step has its column, and all of them have times and states, or none.
void check_step(const Node& node, const StepAndState& step, const StepAndState& first,
                const Counterexample& whole, Collector& problems) {
  const auto is_among = [&](const std::vector<std::string>& clients) {
    return std::find(clients.begin(), clients.end(), step.step.client) != clients.end();
  };
  if (!is_among(whole.readers) && !is_among(whole.writers))
    problems.meaning(node,
                     fmt::format("{} is not one of the parties", json::in_quotes(step.step.client)),
                     "add it to \"left\" or \"right\" of \"parties\"");
  if (step.step.at.has_value() != first.step.at.has_value())
    problems.meaning(node, "some steps have \"at_us\" and others do not", "");
  if (step.state.has_value() != (first.state.has_value() && !step.step.repeats))
    problems.meaning(node, "some steps have a \"state\" and others do not", "");
  const auto& locals = whole.locals;
  if (const auto& local = step.step.local;
      !local.empty() && std::find(locals.begin(), locals.end(), local) == locals.end())
    problems.meaning(node, fmt::format("{} is not one of the local caches", json::in_quotes(local)),
                     "add it to \"locals\" of \"parties\"");
}

// A step repeats an earlier one, which repeats none itself.
void check_repeats(const Node& node, const std::vector<StepAndState>& steps, std::size_t index,
                   Collector& problems) {
  const auto& repeats = steps[index].step.repeats;
  if (!repeats) return;
  const bool known = *repeats >= 1 && *repeats <= index && !steps[*repeats - 1].step.repeats;
  if (!known)
    problems.meaning(*node.find("repeats"),
                     fmt::format("step {} cannot repeat step {}", index + 1, *repeats),
                     "name the first of the repeated steps");
}

using Faults = std::vector<std::pair<std::string, std::uint32_t>>;

std::optional<Faults> faults(const Node& node, Collector& problems) {
  return json::named(json::natural32)(node, problems);
}

// Those that it needs are known to be the fewest.
void read_faults(Fields& fields, Counterexample& out) {
  fields.read("contains", out.faults, faults);
  out.fewest_faults = fields.read("needs", out.faults, faults) != nullptr;
  fields.read("arises_without", out.arises_without, json::boolean);
}

}  // namespace

std::optional<Counterexample> counterexample(const Node& node, Collector& problems) {
  Counterexample out;
  Parties sides;
  std::vector<StepAndState> steps;
  std::uint64_t decisive = 0;
  std::uint64_t switches = 0;
  Fields fields(node, problems, R"({ "steps": [] })");
  fields.need("parties", sides, parties, R"({ "left": [], "right": [] })");
  const Node* list = fields.need("steps", steps, json::list_of(step), "[]");
  const Node* decides = fields.read("decisive", decisive, json::natural);
  fields.read("says", out.says, json::text);
  read_faults(fields, out);
  fields.need("context_switches", switches, json::natural, "2");
  fields.need("minimal", out.minimal, json::boolean, "true");
  fields.need("digest", out.digest, json::text, R"("0123456789abcdef")");
  fields.read("file", out.saved, json::text);
  if (decides != nullptr && (decisive < 1 || decisive > steps.size()))
    problems.meaning(*decides, fmt::format("there is no step {}", decisive),
                     fmt::format("the steps are 1 to {}", steps.size()));
  out.readers = std::move(sides.left);
  out.locals = std::move(sides.locals);
  out.writers = std::move(sides.right);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    check_step(*list->children[i], steps[i], steps.front(), out, problems);
    check_repeats(*list->children[i], steps, i, problems);
  }
  const bool states = !steps.empty() && steps.front().state.has_value();
  for (auto& [step, state] : steps) {
    out.steps.push_back(std::move(step));
    if (states) out.standings.push_back(state ? *std::move(state) : Standing{});
  }
  out.decisive = decisive;
  out.context_switches = switches;
  return out;
}

}  // namespace cacherace::report
