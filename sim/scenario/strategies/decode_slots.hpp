#pragma once
// Decoders of the slots of a strategy; see Fields for what a decoder is.

#include <optional>

#include "sim/scenario/decode/json_names.hpp"
#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {

std::optional<Strategy> scripted_strategy(const Node& node, Collector& problems);
std::optional<Read> read_slot(const Node& node, Collector& problems);
std::optional<Load> load_slot(const Node& node, Collector& problems);
std::optional<Fill> fill_slot(const Node& node, Collector& problems);
std::optional<Write> write_slot(const Node& node, Collector& problems);
std::optional<Expiry> expiry_slot(const Node& node, Collector& problems);
std::optional<Guard> guard(const Node& node, Collector& problems);
std::optional<Guards> guards_slot(const Node& node, Collector& problems);

/// Reports choices of `strategy`, written at `node`, that make no sense together.
void check_combinations(const Node& node, const Strategy& strategy, Collector& problems);

}  // namespace cacherace::scenario
