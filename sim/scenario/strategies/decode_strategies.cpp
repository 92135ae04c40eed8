// Strategies: a choice in each slot.

#include <fmt/format.h>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::size_t strategies_max = 64;

Strategy strategy(const Node& node, Collector& problems) {
  Strategy out;
  out.name = node.key;
  Fields fields(node, problems, R"({ "write": "delete-after" })");
  fields.read("read", out.read, read_slot);
  fields.read("load", out.load, load_slot);
  fields.read("fill", out.fill, fill_slot);
  fields.read("write", out.write, write_slot);
  fields.read("expiry", out.expiry, expiry_slot);
  fields.read("guards", out.guards, guards_slot);
  const bool leased = std::holds_alternative<Lease>(out.load);
  if (leased && fields.get("fill") == nullptr) out.fill = LeaseSet{};
  if (problems.clean(node)) check_combinations(node, out, problems);
  return out;
}

}  // namespace

std::optional<std::vector<Strategy>> strategies(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "cache-aside": {} })";
  if (node.type != Node::Type::object || node.children.empty() ||
      node.children.size() > strategies_max) {
    problems.mismatch(node, fmt::format("an object with 1 to {} strategies", strategies_max),
                      example);
    return std::nullopt;
  }
  std::vector<Strategy> out;
  for (const Node* child : node.children) {
    if (child->key.empty() || child->key == "*") {
      problems.add(Problem::Kind::meaning, child->key_place, pointer_to(*child),
                   fmt::format("a strategy cannot be called {}", in_quotes(child->key)),
                   "give it a name that says what it does");
    }
    const bool scripted = child->find("script") != nullptr;
    out.push_back(scripted ? *scripted_strategy(*child, problems) : strategy(*child, problems));
  }
  return out;
}

}  // namespace cacherace::scenario
