// The parties: cache, database, clients, keys.

#include <fmt/format.h>

#include <array>

#include "sim/scenario/decode.hpp"
#include "sim/scenario/decode_values.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/nearest.hpp"

namespace cacherace::scenario {

namespace {

constexpr auto policies = std::to_array<Spelling<Eviction>>({
    {"noeviction", Eviction::noeviction},
    {"allkeys-lru", Eviction::allkeys_lru},
    {"allkeys-lfu", Eviction::allkeys_lfu},
    {"allkeys-random", Eviction::allkeys_random},
    {"volatile-lru", Eviction::volatile_lru},
    {"volatile-lfu", Eviction::volatile_lfu},
    {"volatile-random", Eviction::volatile_random},
    {"volatile-ttl", Eviction::volatile_ttl},
});

constexpr auto overloads = std::to_array<Spelling<Overload>>({
    {"reject", Overload::reject},
    {"slow", Overload::slow},
});

// `node`, if it is there, asks for what is not built; `inert` is what stands for doing without.
void refuse(const Node* node, bool asks, Collector& problems, std::string_view inert = {}) {
  if (node == nullptr || !asks) return;
  problems.unsupported(*node, fmt::format("{} is not supported yet", in_quotes(node->key)),
                       inert.empty() ? "leave it out for now"
                                     : fmt::format("leave it out or write {} for now", inert));
}

std::optional<Replicas> replicas(const Node& node, Collector& problems) {
  Replicas out;
  Fields fields(node, problems, R"({ "count": 1, "lag": "0ms..500ms" })");
  fields.read("count", out.count, count<std::uint32_t>(0, 100));
  fields.read("lag", out.lag, latency);
  return out;
}

std::optional<Pause> pause(const Node& node, Collector& problems) {
  Pause out;
  Fields fields(node, problems, R"({ "share": 0.001, "length": "0s..2s" })");
  fields.read("share", out.share, share);
  fields.read("length", out.length, latency);
  return out;
}

std::optional<HotSet> hot_set(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "share": 0.01, "of_reads": 0.9 })";
  HotSet out;
  Fields fields(node, problems, example);
  const Node* hot = fields.need("share", out.share, share, "0.01");
  fields.need("of_reads", out.of_reads, share, "0.9");
  if (hot != nullptr && out.share.billionths == 0) {
    problems.meaning(*hot, "a hot set needs a share of the keys above 0", "");
  }
  return out;
}

std::optional<Zipf> zipf(const Node& node, Collector& problems) {
  constexpr std::int64_t exponent_max = 10;
  const auto exponent = decimal(node, problems, exponent_max);
  return exponent ? std::optional<Zipf>(Zipf{*exponent}) : std::nullopt;
}

std::optional<Popularity> popularity(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "zipf": 0.99 })";
  if (node.type == Node::Type::string && node.text == "uniform") return UniformKeys{};
  constexpr std::array<std::string_view, 1> names = {"uniform"};
  if (node.type == Node::Type::string && nearest(node.text, names)) {
    problems.unknown_value(node, "popularity", names);
    return std::nullopt;
  }
  if (node.type != Node::Type::object) {
    problems.mismatch(node, R"("uniform", or an object with "zipf" or "hot")", example);
    return std::nullopt;
  }
  Popularity out;
  Fields fields(node, problems, example);
  fields.read("zipf", out, zipf);
  fields.read("hot", out, hot_set);
  if ((fields.get("zipf") == nullptr) == (fields.get("hot") == nullptr)) {
    problems.shape(node, R"(expected "zipf" or "hot", one of the two)",
                   fmt::format("write {}", example));
    return std::nullopt;
  }
  return out;
}

std::optional<Derived> derived(const Node& node, Collector& problems) {
  constexpr std::uint32_t per_key_max = 1000;
  Derived out;
  Fields fields(node, problems, R"({ "per_key": 2, "known": 1 })");
  fields.read("per_key", out.per_key, count<std::uint32_t>(0, per_key_max));
  const Node* known = fields.read("known", out.known, count<std::uint32_t>(0, per_key_max));
  if (known != nullptr && out.known > out.per_key) {
    problems.meaning(*known, "more aggregates are known than \"per_key\" says there are", "");
  }
  return out;
}

}  // namespace

std::optional<CacheSettings> cache_settings(const Node& node, Collector& problems) {
  CacheSettings out;
  const CacheSettings inert;
  Fields fields(node, problems, R"({ "latency": "200us..1ms" })");
  fields.read("latency", out.latency, latency);
  const Node* maxmemory = fields.read("maxmemory", out.maxmemory, size);
  refuse(maxmemory, out.maxmemory.has_value(), problems);
  const Node* policy = fields.read("policy", out.policy, one_of(policies, "policy"));
  refuse(policy, out.policy != inert.policy, problems, R"("noeviction")");
  const Node* samples = fields.read("samples", out.samples, count<std::uint32_t>(1, 64));
  refuse(samples, out.samples != inert.samples, problems, "5");
  return out;
}

std::optional<DatabaseSettings> database_settings(const Node& node, Collector& problems) {
  DatabaseSettings out;
  Fields fields(node, problems, R"({ "read": "5ms..30ms" })");
  fields.read("read", out.read, latency);
  fields.read("write", out.write, latency);
  fields.read("connections", out.connections, count<std::uint32_t>(1, 100'000));
  fields.read("queue_max", out.queue_max, count<std::uint32_t>(0, 10'000'000));
  const Node* overload = fields.read("overload", out.overload, one_of(overloads, "overload"));
  if (overload != nullptr && out.overload == Overload::slow) {
    problems.unsupported(*overload, "overload \"slow\" is not supported yet",
                         "use \"reject\" for now");
  }
  const Node* copies = fields.read("replicas", out.replicas, replicas);
  refuse(copies, out.replicas.count > 0, problems);
  return out;
}

std::optional<ClientSettings> client_settings(const Node& node, Collector& problems) {
  ClientSettings out;
  Fields fields(node, problems, R"({ "pause": { "share": 0.001, "length": "0s..2s" } })");
  fields.read("pause", out.pause, pause);
  const Node* timeout = fields.read("timeout", out.timeout, positive_duration);
  refuse(timeout, out.timeout.has_value(), problems);
  return out;
}

std::optional<KeySettings> key_settings(const Node& node, Collector& problems) {
  KeySettings out;
  const KeySettings inert;
  Fields fields(node, problems, R"({ "count": 10000, "popularity": "uniform" })");
  fields.read("count", out.count, count<std::uint64_t>(1, 10'000'000));
  fields.read("popularity", out.popularity, popularity);
  const Node* absent = fields.read("absent", out.absent, share);
  refuse(absent, out.absent.billionths > 0, problems, "0");
  const Node* value = fields.read("value", out.value, size);
  refuse(value, out.value != inert.value, problems, R"("1kb")");
  const Node* groups = fields.read("groups", out.groups, count<std::uint32_t>(0, 1'000'000));
  refuse(groups, out.groups > 0, problems, "0");
  const Node* aggregates = fields.read("derived", out.derived, derived);
  refuse(aggregates, out.derived.per_key > 0, problems);
  return out;
}

}  // namespace cacherace::scenario
