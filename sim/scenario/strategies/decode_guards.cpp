// The guards of a strategy: an array of choices, each at most once.

#include <variant>

#include "sim/scenario/decode/decode_choice.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

using Guard = std::variant<BloomFilter, HoldOff, RemoteMarker, LocalCache>;

constexpr auto firsts = std::to_array<Spelling<LocalCache::First>>(
    {{"shared", LocalCache::First::shared}, {"local", LocalCache::First::local}});

constexpr auto disconnects = std::to_array<Spelling<LocalCache::Disconnect>>(
    {{"flush", LocalCache::Disconnect::flush}, {"keep", LocalCache::Disconnect::keep}});

Guard bloom_filter(Fields& options, Collector& /*problems*/) {
  constexpr std::uint64_t bits_max = 100'000'000;
  constexpr std::uint32_t hashes_max = 64;
  BloomFilter out;
  options.need("bits", out.bits, count<std::uint64_t>(1, bits_max), "100000");
  options.read("hashes", out.hashes, count<std::uint32_t>(1, hashes_max));
  return out;
}

Guard hold_off(Fields& options, Collector& /*problems*/) {
  HoldOff out;
  options.read("for", out.time, positive_duration);
  return out;
}

Guard remote_marker(Fields& options, Collector& /*problems*/) {
  RemoteMarker out;
  options.read("ttl", out.ttl, positive_duration);
  return out;
}

Guard local_cache(Fields& options, Collector& /*problems*/) {
  LocalCache out;
  options.read("processes", out.processes, count<std::uint32_t>(1, processes_max));
  options.read("ttl", out.ttl, positive_duration);
  options.read("message", out.message, latency);
  options.read("first", out.first, one_of(firsts, "cache"));
  options.read("disconnect", out.disconnect, one_of(disconnects, "reaction to a disconnect"));
  return out;
}

constexpr auto guards = std::to_array<Choice<Guard>>({
    {"bloom-filter", bloom_filter, R"({ "bits": 100000, "hashes": 7 })", true},
    {"hold-off", hold_off, R"({ "for": "11s" })"},
    {"remote-marker", remote_marker, R"({ "ttl": "10s" })"},
    {"local-cache", local_cache, R"({ "processes": 2, "ttl": "1s" })"},
});

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
    if (const auto guard = choice_of(guards, *child, problems)) {
      std::visit(Placing{.into = out, .at = *child, .problems = problems}, *guard);
    }
  }
  return out;
}

}  // namespace cacherace::scenario
