// What one section of a scenario asks of another.

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"

namespace cacherace::scenario {

namespace {

const Node* member(const Node* node, std::string_view key) {
  return node == nullptr ? nullptr : node->find(key);
}

// What is wrong with a section is not blamed on others.
bool clean(const Node* section, const Collector& problems) {
  return section == nullptr || problems.clean(*section);
}

void check_markers(const Node& root, const Scenario& scenario, Collector& problems) {
  const Node* strategies = root.find("strategies");
  if (scenario.database.replicas.count > 0 || strategies == nullptr) return;
  if (!clean(strategies, problems) || !clean(root.find("database"), problems)) return;
  for (std::size_t i = 0; i < scenario.strategies.size(); ++i) {
    if (!scenario.strategies[i].guards.remote_marker) continue;
    problems.meaning(*strategies->children[i]->find("guards"),
                     "a remote marker sends readers from a replica to the primary, but there is "
                     "no replica",
                     R"(add "replicas": { "count": 1 } to "database")");
  }
}

// A function of a script means nothing to strategies that are none.
void check_calls(const Node& root, const Scenario& scenario, Collector& problems) {
  const Node* clients = member(root.find("race"), "clients");
  if (clients == nullptr || !clean(clients, problems)) return;
  std::string_view composed = "cache-aside";
  if (const Node* strategies = root.find("strategies")) {
    const auto none = std::ranges::find_if(
        strategies->children, [](const Node* each) { return each->find("script") == nullptr; });
    if (none == strategies->children.end()) return;
    composed = (*none)->key;
  }
  for (std::size_t i = 0; i < scenario.race.clients.size(); ++i) {
    const auto& operations = scenario.race.clients[i].operations;
    for (std::size_t j = 0; j < operations.size(); ++j) {
      if (operations[j].kind != Operation::Kind::call) continue;
      const Node& at = *clients->children[i]->find("do")->children[j];
      problems.meaning(at,
                       fmt::format("strategy {} is no script, and has no operation {}",
                                   in_quotes(composed), in_quotes(operations[j].function)),
                       R"(write "read KEY", "write KEY", "evict KEY", "flush" or "cache-restart")");
    }
  }
}

// The same in traffic. A function is none of the operations that every strategy has.
void check_mixes(const Node& root, const Scenario& scenario, Collector& problems) {
  const Node* flows = member(root.find("traffic"), "flows");
  if (flows == nullptr || !clean(flows, problems)) return;
  const auto composed =
      std::ranges::find_if(scenario.strategies, [](const Strategy& each) { return !each.script; });
  if (composed == scenario.strategies.end()) return;
  for (std::size_t i = 0; i < scenario.traffic.flows.size(); ++i) {
    const auto& mix = scenario.traffic.flows[i].mix;
    for (std::size_t j = 0; j < mix.size(); ++j) {
      if (mix[j].is_plain()) continue;
      const Node& at = *flows->children[i]->find("mix")->children[j];
      problems.meaning(at,
                       fmt::format("strategy {} is no script, and has no operation {}",
                                   in_quotes(composed->name), in_quotes(mix[j].operation)),
                       R"(it has "read" and "write")");
    }
  }
}

bool no_time(const Latency& latency) { return longest(latency) == Duration::zero(); }

template <typename T>
bool any_incident(const Scenario& scenario) {
  return std::any_of(
      scenario.traffic.incidents.begin(), scenario.traffic.incidents.end(),
      [](const Incident& incident) { return std::holds_alternative<T>(incident.deed); });
}

// What lets operations of `flow` take no time, or null.
const char* instant(const Flow& flow, const Scenario& scenario) {
  const auto any_strategy = [&](auto holds) {
    return std::any_of(scenario.strategies.begin(), scenario.strategies.end(), holds);
  };
  const bool reads = flow.reads.billionths > 0;
  const bool writes = flow.reads.billionths < Decimal::one;
  const bool direct = any_incident<Bypass>(scenario) || any_strategy([](const Strategy& s) {
                        return std::holds_alternative<DirectRead>(s.read);
                      });
  const bool absent = flow.keys != FlowKeys::popular || scenario.keys.absent.billionths > 0;
  if (no_time(scenario.cache.latency)) return "cache/latency";
  if (writes && no_time(scenario.database.write)) return "database/write";
  if (reads && direct && no_time(scenario.database.read)) return "database/read";
  if (reads && any_strategy([](const Strategy& s) { return s.guards.local_cache.has_value(); }))
    return "local-cache";
  if (reads && absent &&
      any_strategy([](const Strategy& s) { return s.guards.bloom_filter.has_value(); }))
    return "bloom-filter";
  if (any_incident<Admit>(scenario)) return "admit";
  return nullptr;
}

// A closed loop whose operations can take no time would repeat them for ever at one moment.
void check_progress(const Node& flow_node, const Flow& flow, const Scenario& scenario,
                    Collector& problems) {
  const auto* closed = std::get_if<ClosedLoop>(&flow.load);
  if (closed == nullptr || !no_time(closed->think)) return;
  const char* with = instant(flow, scenario);
  if (with == nullptr) return;
  const bool latency = std::string_view(with).find('/') != std::string_view::npos;
  problems.meaning(
      flow_node, fmt::format("time could stand still: \"think\" and \"{}\" take none", with),
      latency ? "give one of them a latency above 0" : "give \"think\" a latency above 0");
}

void check_traffic(const Node& root, const Scenario& scenario, Collector& problems) {
  const Node* traffic = root.find("traffic");
  if (!clean(traffic, problems) || !clean(root.find("keys"), problems)) return;
  const auto& flows = scenario.traffic.flows;
  const auto& incidents = scenario.traffic.incidents;
  const Node* flow_nodes = member(traffic, "flows");
  for (std::size_t i = 0; flow_nodes != nullptr && i < flows.size(); ++i) {
    const Node& node = *flow_nodes->children[i];
    check_progress(node, flows[i], scenario, problems);
    if (flows[i].keys == FlowKeys::absent && scenario.keys.absent.billionths == 0)
      problems.meaning(*node.find("keys"), "the flow asks for absent keys, but every key has a row",
                       R"(add "absent": "1%" to the section "keys")");
  }
  const Node* incident_nodes = member(traffic, "incidents");
  const std::uint32_t groups = std::max(scenario.keys.groups, 1U);
  for (std::size_t i = 0; incident_nodes != nullptr && i < incidents.size(); ++i) {
    if (std::holds_alternative<CacheSilent>(incidents[i].deed) && !scenario.clients.timeout)
      problems.meaning(*incident_nodes->children[i],
                       "clients without a timeout would wait for the silent cache for ever",
                       R"(add "timeout": "100ms" to the section "clients")");
    const auto* invalidate = std::get_if<InvalidateGroup>(&incidents[i].deed);
    if (invalidate == nullptr || invalidate->group < groups) continue;
    problems.meaning(*incident_nodes->children[i]->find("do")->find("invalidate-group"),
                     fmt::format("there is no group {}: they are numbered from 0 to {}",
                                 invalidate->group, groups - 1),
                     R"(raise "groups" in the section "keys")");
  }
}

void check_key(const Node& at, std::string_view key, const KeySettings& keys, Collector& problems) {
  const auto [row, aggregate] = key_name(key);
  if (row.size() == key.size()) return;
  if (key[row.size() + 1] == '0') {
    problems.meaning(at,
                     fmt::format("{} names no aggregate: they are numbered from 1", in_quotes(key)),
                     fmt::format("write \"{}#1\"", row));
  } else if (aggregate > keys.derived.per_key) {
    problems.meaning(at,
                     fmt::format("{} names aggregate {} of a key that has {}", in_quotes(key),
                                 aggregate, keys.derived.per_key),
                     R"(raise "per_key" of "derived" in the section "keys")");
  }
}

// What is held for each key must be countable.
void check_size(const Node* keys_node, const Scenario& scenario, Collector& problems) {
  constexpr std::uint64_t keys_max = 100'000'000, copies_max = 1'000'000'000;
  const std::uint64_t keys = scenario.keys.count * (1 + scenario.keys.derived.per_key);
  std::uint64_t processes = 1;
  for (const Strategy& strategy : scenario.strategies) {
    if (const auto* flights = std::get_if<SingleFlight>(&strategy.load))
      processes = std::max<std::uint64_t>(processes, flights->processes);
    if (const auto* layer = std::get_if<ReadThrough>(&strategy.load))
      processes = std::max<std::uint64_t>(processes, layer->nodes);
    if (strategy.guards.local_cache)
      processes = std::max<std::uint64_t>(processes, strategy.guards.local_cache->processes);
  }
  if (keys_node == nullptr || (keys <= keys_max && keys * processes <= copies_max)) return;
  problems.meaning(
      *keys_node,
      fmt::format("{} keys, aggregates included, in {} processes are too many", keys, processes),
      fmt::format("keep to {} keys, and {} keys times processes", keys_max, copies_max));
}

}  // namespace

void check_aggregates(const Node* client_nodes, const std::vector<RaceClient>& clients,
                      const Node* start, const KeySettings& keys, Collector& problems) {
  const bool right = client_nodes != nullptr && problems.clean(*client_nodes);
  for (std::size_t i = 0; right && i < clients.size(); ++i) {
    const Node& nodes = *client_nodes->children[i]->find("do");
    for (std::size_t j = 0; j < clients[i].operations.size(); ++j) {
      const auto& [kind, key, function, more] = clients[i].operations[j];
      if (kind == Operation::Kind::call) continue;
      check_key(*nodes.children[j], key, keys, problems);
      const std::string_view row = key_name(key).row;
      if (kind != Operation::Kind::write || row.size() == key.size()) continue;
      problems.meaning(*nodes.children[j], "aggregates are not written: they follow from their row",
                       fmt::format("write \"write {}\"", row));
    }
  }
  if (start == nullptr || start->type != Node::Type::object || !problems.clean(*start)) return;
  for (const Node* entry : start->children) {
    check_key(*entry, entry->key, keys, problems);
    if (entry->text == "absent" && key_name(entry->key).row.size() < entry->key.size())
      problems.meaning(*entry, "an aggregate has no row that could be absent", "write \"cold\"");
  }
}

void check_sections(const Node& root, const Scenario& scenario, Collector& problems) {
  check_calls(root, scenario, problems);
  check_mixes(root, scenario, problems);
  check_markers(root, scenario, problems);
  check_traffic(root, scenario, problems);
  if (!clean(root.find("keys"), problems)) return;
  check_size(root.find("keys"), scenario, problems);
  const Node* race = root.find("race");
  check_aggregates(member(race, "clients"), scenario.race.clients, member(race, "start"),
                   scenario.keys, problems);
}

}  // namespace cacherace::scenario
