#include "sim/world/names.hpp"

#include "sim/core/assert.hpp"

namespace cacherace::world {
namespace {

constexpr int space_bits = 3;  // named ones are not packed

std::uint64_t packed(const Name& name) {
  SIM_ASSERT(name.name_version >> (32 - space_bits) == 0);
  return std::uint64_t{name.name_version} << (32 + space_bits) |
         std::uint64_t{static_cast<std::uint8_t>(name.space)} << 32 | name.key;
}

}  // namespace

Names::Names(const Layout& layout) : scripted_(layout.scripted) {
  const SlotId sizes[spaces] = {
      layout.versions ? 0 : layout.keys(), layout.locks ? layout.keys() : 0,
      layout.leases ? layout.keys() : 0,   layout.generations ? layout.keys() : 0,
      layout.markers ? layout.keys() : 0,  layout.stale_values ? layout.keys() : 0,
      layout.versions ? layout.groups : 0,
  };
  for (int space = 0; space < spaces; ++space) first_[space + 1] = first_[space] + sizes[space];
  fixed_ = first_[spaces];
}

SlotId Names::find_taken(const Name& name) const {
  const auto found = by_name_.find(packed(name));
  return found == by_name_.end() ? no_slot : found->second;
}

SlotId Names::find_or_take(const Name& name) {
  const SlotId known = find(name);
  if (known != no_slot) return known;
  if (free_.empty()) {
    free_.push_back(fixed_ + static_cast<SlotId>(taken_.size()));
    taken_.emplace_back();
  }
  const SlotId slot = free_.back();
  free_.pop_back();
  taken_[slot - fixed_] = {.name = name, .in_use = true};
  by_name_.emplace(packed(name), slot);
  return slot;
}

void Names::release(SlotId slot) {
  if (slot < fixed_ || scripted_) return;
  auto& taken = taken_[slot - fixed_];
  SIM_ASSERT(taken.in_use);
  by_name_.erase(packed(taken.name));
  taken = {};
  free_.push_back(slot);
}

Name Names::name_of(SlotId slot) const {
  if (slot >= fixed_ && scripted_) return {.space = Space::named, .key = slot - fixed_};
  if (slot >= fixed_) return taken_[slot - fixed_].name;
  int space = 0;
  while (slot >= first_[space + 1]) ++space;
  return {.space = static_cast<Space>(space), .key = slot - first_[space]};
}

}  // namespace cacherace::world
