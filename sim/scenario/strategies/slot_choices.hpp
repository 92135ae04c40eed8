#pragma once
// The choices of every slot, in the order in which they are listed. To add one: its settings in
// slots.hpp, its description here in the file of its slot, its protocol in sim/strategy.

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

#include "sim/scenario/slots.hpp"
#include "sim/scenario/strategies/choice_maker.hpp"

namespace cacherace::scenario {

using Guard = std::variant<BloomFilter, HoldOff, RemoteMarker, LocalCache>;

std::vector<SlotChoice<Read>> read_choices();
std::vector<SlotChoice<Load>> load_choices();
std::vector<SlotChoice<Fill>> fill_choices();
std::vector<SlotChoice<Write>> delete_choices();  // those that delete one key
std::vector<SlotChoice<Write>> store_choices();   // those that store what they write, or nothing
std::vector<SlotChoice<Write>> group_choices();   // those that invalidate a group, or a stream
std::vector<SlotChoice<Expiry>> expiry_choices();
std::vector<SlotChoice<Guard>> guard_choices();

/// The lock of a load; writers can take it, too.
SlotChoice<Load> lock_choice();

inline constexpr std::uint32_t processes_max = 1000;  // and nodes

}  // namespace cacherace::scenario
