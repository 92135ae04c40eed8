// The parties: cache, database, clients, keys.

#include <fmt/format.h>

#include <array>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"

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
    problems.meaning(*known, "\"known\" is larger than \"per_key\"", "");
  }
  return out;
}

}  // namespace

std::optional<CacheSettings> cache_settings(const Node& node, Collector& problems) {
  constexpr std::uint32_t samples_max = 64;
  constexpr std::uint32_t lfu_log_factor_max = 1'000'000;
  CacheSettings out;
  Fields fields(node, problems, R"({ "latency": "200us..1ms" })");
  fields.read("latency", out.latency, latency);
  fields.read("maxmemory", out.maxmemory, size);
  fields.read("policy", out.policy, one_of(policies, "policy"));
  fields.read("samples", out.samples, count<std::uint32_t>(1, samples_max));
  fields.read("lfu_log_factor", out.lfu_log_factor, count<std::uint32_t>(0, lfu_log_factor_max));
  fields.read("lfu_decay_time", out.lfu_decay_time, duration);
  fields.read("command", out.command, duration);
  fields.read("per_key", out.per_key, duration);
  fields.read("active_expiry", out.active_expiry, boolean);
  return out;
}

std::optional<DatabaseSettings> database_settings(const Node& node, Collector& problems) {
  DatabaseSettings out;
  Fields fields(node, problems, R"({ "read": "5ms..30ms" })");
  fields.read("read", out.read, latency);
  fields.read("write", out.write, latency);
  fields.read("connections", out.connections, count<std::uint32_t>(1, 100'000));
  fields.read("queue_max", out.queue_max, count<std::uint32_t>(0, 10'000'000));
  fields.read("overload", out.overload, one_of(overloads, "overload"));
  fields.read("replicas", out.replicas, replicas);
  return out;
}

std::optional<ClientSettings> client_settings(const Node& node, Collector& problems) {
  constexpr std::uint32_t retries_max = 100;
  ClientSettings out;
  Fields fields(node, problems, R"({ "pause": { "share": 0.001, "length": "0s..2s" } })");
  fields.read("pause", out.pause, pause);
  fields.read("timeout", out.timeout, positive_duration);
  const Node* retries = fields.read("retries", out.retries, count<std::uint32_t>(0, retries_max));
  const Node* lost = fields.read("lost", out.lost, share);
  fields.read("crash", out.crash, share);
  const bool endless = fields.get("timeout") == nullptr;
  if (endless && retries != nullptr && out.retries > 0) {
    problems.meaning(*retries, "a command is retried after a timeout, but there is none",
                     R"(add "timeout": "1s")");
  }
  if (endless && lost != nullptr && out.lost.billionths > 0) {
    problems.meaning(*lost, "without a timeout, no client would notice that a message is lost",
                     R"(add "timeout": "1s")");
  }
  return out;
}

std::optional<KeySettings> key_settings(const Node& node, Collector& problems) {
  constexpr Bytes value_max = Bytes{512} << 20U;
  KeySettings out;
  Fields fields(node, problems, R"({ "count": 10000, "popularity": "uniform" })");
  fields.read("count", out.count, count<std::uint64_t>(1, 10'000'000));
  fields.read("popularity", out.popularity, popularity);
  fields.read("absent", out.absent, share);
  const Node* value = fields.read("value", out.value, size);
  if (value != nullptr && out.value > value_max) {
    problems.meaning(*value, fmt::format("{} is too large for a value", in_quotes(value->text)),
                     "the maximum is 512mb, as in Redis");
  }
  fields.read("groups", out.groups, count<std::uint32_t>(0, groups_max));
  fields.read("derived", out.derived, derived);
  return out;
}

}  // namespace cacherace::scenario
