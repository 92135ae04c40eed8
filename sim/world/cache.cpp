#include "sim/world/cache.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/fetch_ahead.hpp"

namespace cacherace::world {
namespace {

using scenario::Eviction;

const Entry no_entry;

bool is_over(const Entry& entry, SimTime now) { return entry.present() && entry.expires_at < now; }

bool remembers_accesses(Eviction policy) {
  return policy == Eviction::allkeys_lru || policy == Eviction::allkeys_lfu ||
         policy == Eviction::volatile_lru || policy == Eviction::volatile_lfu;
}

}  // namespace

void Cache::count_memory(const scenario::CacheSettings& settings, Bytes value, Words words) {
  SIM_ASSERT(present_ == 0);
  counted_.emplace(
      Counted{.memory = Memory(settings, words),
              .row_value = value,
              .remembers_accesses = settings.maxmemory && remembers_accesses(settings.policy)});
}

// ---- entries -----------------------------------------------------------------------------------

Met Cache::meet(const Name& name, SimTime now, Look look) {
  const SlotId slot = names_.find(name);
  if (slot == no_slot) return {.entry = no_entry};
  const Entry& entry = entries_[slot];
  if (is_over(entry, now)) {
    remove(slot);
    return {.entry = no_entry, .expired = true};
  }
  if (look == Look::counts) touch(slot, now);
  return {.entry = entry};
}

const Entry& Cache::also_meet(const Name& name, SimTime now, Look look) {
  const auto [entry, expired] = meet(name, now, look);
  if (expired && counted_) ++counted_->stats.expired;
  return entry;
}

const Entry& Cache::peek(const Name& name, SimTime now) const {
  const SlotId slot = names_.find(name);
  return slot == no_slot || is_over(entries_[slot], now) ? no_entry : entries_[slot];
}

void Cache::prefetch(const Name& name) const {
  const SlotId slot = names_.find(name);
  if (slot != no_slot) fetch_ahead(&entries_[slot]);
}

void Cache::touch(const Name& name, SimTime now) {
  const SlotId slot = names_.find(name);
  if (slot != no_slot) touch(slot, now);
}

void Cache::touch(SlotId slot, SimTime now) {
  if (counted_ && counted_->remembers_accesses && entries_[slot].present())
    counted_->memory.touched(slot, now);
}

void Cache::store(const Name& name, const Entry& entry, SimTime now) {
  SIM_ASSERT(entry.present());
  const SlotId slot = names_.find_or_take(name);
  if (slot >= entries_.size()) entries_.resize(slot + 1);
  present_ += !entries_[slot].present();
  entries_[slot] = entry;
  if (!counted_) return;
  const bool row = entry.content == Content::row;
  counted_->memory.stored(slot, row ? counted_->row_value : small_value, entry.expires_at, now);
  note_memory();
}

void Cache::remove(const Name& name) {
  const SlotId slot = names_.find(name);
  if (slot != no_slot) remove(slot);
}

void Cache::remove(SlotId slot) {
  if (!entries_[slot].present()) return;
  entries_[slot] = {};
  --present_;
  names_.release(slot);
  if (counted_) counted_->memory.removed(slot);
}

void Cache::set_expiry(SlotId slot, SimTime expires_at) {
  entries_[slot].expires_at = expires_at;
  if (!counted_) return;
  counted_->memory.ttl_changed(slot, expires_at);
  note_memory();
}

std::uint32_t Cache::clear() {
  const std::uint32_t count = present_;
  for (SlotId slot = 0; slot < entries_.size(); ++slot) remove(slot);
  return count;
}

// ---- what the server does by itself ------------------------------------------------------------

void Cache::evict(SlotId slot) {
  SIM_ASSERT(entries_[slot].present());
  ++counted_->stats.evicted;
  remove(slot, Gone::evicted);
}

void Cache::remove(SlotId slot, Gone how) {
  if (counted_ && entries_[slot].answers())
    counted_->gone.push_back({.key = names_.name_of(slot).key, .how = how});
  remove(slot);
}

std::vector<Cache::GoneValue> Cache::take_gone() {
  return counted_ ? std::exchange(counted_->gone, {}) : std::vector<GoneValue>{};
}

ExpiryCycle Cache::expire_actively(SimTime now) {
  if (!counted_) return {};
  const ExpiryCycle cycle = counted_->expiry.run(counted_->memory, now,
                                                 [&](SlotId slot) { remove(slot, Gone::expired); });
  counted_->stats.expired += cycle.expired;
  return cycle;
}

void Cache::note_memory() {
  Bytes& most = counted_->stats.memory_max;
  most = std::max(most, counted_->memory.used());
}

void Cache::restart_stats() {
  if (counted_) counted_->stats = {.memory_max = memory_used()};
}

}  // namespace cacherace::world
