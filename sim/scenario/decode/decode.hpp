#pragma once
// Decoders of the sections of a scenario file, one per area; see Fields for what a decoder is.

#include <optional>
#include <vector>

#include "sim/scenario/decode/json_names.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::scenario {

std::optional<CacheSettings> cache_settings(const Node& node, Collector& problems);
std::optional<DatabaseSettings> database_settings(const Node& node, Collector& problems);
std::optional<ClientSettings> client_settings(const Node& node, Collector& problems);
std::optional<KeySettings> key_settings(const Node& node, Collector& problems);
std::optional<std::vector<Strategy>> strategies(const Node& node, Collector& problems);
std::optional<std::vector<RaceClient>> race_clients(const Node& node, Collector& problems);
std::optional<Start> start(const Node& node, Collector& problems);
/// Reports the keys of "start", which may be null, whose rows no client touches.
void check_start(const Node* start, const std::vector<RaceClient>& clients, Collector& problems);
std::optional<Faults> faults(const Node& node, Collector& problems);
std::optional<Race> race(const Node& node, Collector& problems);
/// The flows of a run that takes `duration`.
std::optional<std::vector<Flow>> flows(const Node& node, Duration duration, Collector& problems);
std::optional<Traffic> traffic(const Node& node, Collector& problems);

/// Expectations are read without knowing the other sections; check_expectations() compares them.
std::optional<std::vector<Expectation>> expectations(const Node& node, Collector& problems);
/// What every strategy has to do to be recommended. Each term asks for what is good.
std::optional<std::vector<Expectation>> goal(const Node& node, Collector& problems);

/// What is varied around the `race`.
std::optional<Vary> vary(const Node& node, Collector& problems, const Race& race);

/// Reports varied durations that `root`, the whole file, does not state.
void check_vary(const Node& root, Collector& problems);

/// A whole scenario, which may stand inside another file.
std::optional<Scenario> scenario(const Node& node, Collector& problems);

/// Reports expectations about strategies that `root`, the whole file, lacks.
void check_expectations(const Node& root, Collector& problems);

/// Reports what one section of the file `root` asks of another and does not get.
void check_sections(const Node& root, const Scenario& scenario, Collector& problems);

/// Reports derived aggregates in the race of `clients` and "start" that `keys` does not have, and
/// those that a client writes. Either node may be null.
void check_aggregates(const Node* client_nodes, const std::vector<RaceClient>& clients,
                      const Node* start, const KeySettings& keys, Collector& problems);

}  // namespace cacherace::scenario
