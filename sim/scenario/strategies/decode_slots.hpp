#pragma once
// Decoders of the slots of a strategy, one file each; see Fields for what a decoder is.

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/scenario/decode/json_names.hpp"
#include "sim/scenario/slots.hpp"

namespace cacherace::scenario {

std::optional<Strategy> scripted_strategy(const Node& node, Collector& problems);
std::optional<Read> read_slot(const Node& node, Collector& problems);
std::optional<Load> load_slot(const Node& node, Collector& problems);
std::optional<Fill> fill_slot(const Node& node, Collector& problems);
std::optional<Write> write_slot(const Node& node, Collector& problems);
std::optional<Expiry> expiry_slot(const Node& node, Collector& problems);
std::optional<Guards> guards_slot(const Node& node, Collector& problems);

/// Reports choices of `strategy`, written at `node`, that make no sense together.
void check_combinations(const Node& node, const Strategy& strategy, Collector& problems);

/// The options of a lock, wherever one is taken.
Lock lock_options(Fields& options, Collector& problems);
inline constexpr std::string_view lock_example =
    R"({ "ttl": "5s", "wait": "50ms", "give_up": "2s" })";

inline constexpr std::uint32_t processes_max = 1000;  // and nodes

}  // namespace cacherace::scenario
