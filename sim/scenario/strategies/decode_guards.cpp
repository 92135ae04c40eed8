// The guards of a strategy: an array of choices, each at most once.

#include <variant>

#include "sim/scenario/strategies/decode_slots.hpp"
#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {

namespace {

// Puts a guard into its place among the others.
struct Placing {
  Guards& into;
  const Node& at;
  Collector& problems;

  template <typename T>
  void put(std::optional<T>& place, const T& guard) const {
    if (place) problems.meaning(at, "this guard is already in the list", "keep one of them");
    place = guard;
  }
  void operator()(const BloomFilter& guard) const { put(into.bloom_filter, guard); }
  void operator()(const HoldOff& guard) const { put(into.hold_off, guard); }
  void operator()(const RemoteMarker& guard) const { put(into.remote_marker, guard); }
  void operator()(const LocalCache& guard) const { put(into.local_cache, guard); }
};

}  // namespace

std::optional<Guards> guards_slot(const Node& node, Collector& problems) {
  if (node.type != Node::Type::array) {
    problems.mismatch(node, "an array of guards", R"(["hold-off"])");
    return std::nullopt;
  }
  Guards out;
  for (const Node* child : node.children) {
    if (const auto chosen = guard(*child, problems)) {
      std::visit(Placing{.into = out, .at = *child, .problems = problems}, *chosen);
    }
  }
  return out;
}

}  // namespace cacherace::scenario
