// The fill slot: how what was loaded is stored.

#include "sim/scenario/decode/decode_choice.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

Fill set_if_newer(Fields& options, Collector& /*problems*/) {
  SetIfNewer out;
  options.read("tombstones", out.tombstones, positive_duration);
  return out;
}

constexpr auto fills = std::to_array<Choice<Fill>>({
    {"set", no_options<Fill, SetFill>},
    {"set-then-expire", no_options<Fill, SetThenExpire>},
    {"add", no_options<Fill, AddFill>},
    {"set-if-newer", set_if_newer, R"({ "tombstones": "10s" })"},
    {"generation", no_options<Fill, GenerationCheck>},
    {"lease-set", no_options<Fill, LeaseSet>},
});

}  // namespace

std::optional<Fill> fill_slot(const Node& node, Collector& problems) {
  return choice_of(fills, node, problems);
}

}  // namespace cacherace::scenario
