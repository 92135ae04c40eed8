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
  const SlotId slot = slot_of(name);
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
  const SlotId slot = slot_of(name);
  return slot == no_slot || is_over(entries_[slot], now) ? no_entry : entries_[slot];
}

void Cache::prefetch(const Name& name) const {
  const SlotId slot = slot_of(name);
  if (slot != no_slot) fetch_ahead(&entries_[slot]);
}

void Cache::touch(const Name& name, SimTime now) {
  const SlotId slot = slot_of(name);
  if (slot != no_slot) touch(slot, now);
}

void Cache::touch(SlotId slot, SimTime now) {
  if (counted_ && counted_->remembers_accesses && entries_[slot].present())
    counted_->memory.touched(slot, now);
}

// A slot of a script's name may lie past the entries that there are.
SlotId Cache::slot_of(const Name& name) const {
  const SlotId slot = names_.find(name);
  return slot < entries_.size() ? slot : no_slot;
}

void Cache::put(SlotId slot, const Entry& entry, Bytes bytes, SimTime now) {
  SIM_ASSERT(entry.present());
  note_change(slot);
  if (slot >= entries_.size()) entries_.resize(slot + 1);
  present_ += !entries_[slot].present();
  entries_[slot] = entry;
  if (!counted_) return;
  counted_->memory.stored(slot, bytes, entry.expires_at, now);
  note_memory();
}

void Cache::store(const Name& name, const Entry& entry, SimTime now) {
  const Bytes row = counted_ ? counted_->row_value : 0;
  put(names_.find_or_take(name), entry, entry.content == Content::row ? row : small_value, now);
}

void Cache::store(const Name& name, const Entry& entry, Value value, Bytes bytes, SimTime now) {
  const SlotId slot = names_.find_or_take(name);
  put(slot, entry, entry.content == Content::row && counted_ ? counted_->row_value : bytes, now);
  if (slot >= values_.size()) values_.resize(slot + 1);
  values_[slot] = entry.content == Content::value ? value : Value{};
}

Value Cache::value_of(const Name& name, const Entry& entry) const {
  switch (entry.content) {
    case Content::row:
      return Value::row(name.key, entry.number);
    case Content::no_row:
      return Value::boolean(false);
    case Content::value:
      return values_[names_.find(name)];
    case Content::nothing:
    case Content::tombstone:
    case Content::hold_off:
    case Content::number:
      break;
  }
  return {};
}

void Cache::remove(const Name& name) {
  const SlotId slot = slot_of(name);
  if (slot != no_slot) remove(slot);
}

void Cache::remove(SlotId slot) {
  if (!entries_[slot].present()) return;
  note_change(slot);
  entries_[slot] = {};
  --present_;
  names_.release(slot);
  if (counted_) counted_->memory.removed(slot);
  if (values_.empty()) return;
  // Equal caches are equal, whatever was there once.
  if (slot < values_.size()) values_[slot] = {};
  while (entries_.size() > names_.fixed() && !entries_.back().present()) entries_.pop_back();
  values_.resize(std::min(values_.size(), entries_.size()));
}

void Cache::set_expiry(SlotId slot, SimTime expires_at) {
  note_change(slot);
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

// ---- WATCH -------------------------------------------------------------------------------------

void Cache::watch(const Name& name, std::uint32_t watcher) {
  const Watched watched{.watcher = watcher, .slot = names_.find(name)};
  const auto place = std::ranges::lower_bound(watched_, watched, {}, [](const Watched& each) {
    return Watched{.watcher = each.watcher, .slot = each.slot};
  });
  if (place != watched_.end() && place->watcher == watcher && place->slot == watched.slot) return;
  watched_.insert(place, watched);
}

bool Cache::has_changed_for(std::uint32_t watcher, SimTime now) const {
  return std::ranges::any_of(watched_, [&](const Watched& each) {
    if (each.watcher != watcher) return false;
    return each.changed || (each.slot < entries_.size() && is_over(entries_[each.slot], now));
  });
}

void Cache::unwatch(std::uint32_t watcher) {
  std::erase_if(watched_, [&](const Watched& each) { return each.watcher == watcher; });
}

void Cache::hand_watching_over(std::uint32_t from, std::uint32_t to) {
  for (Watched& each : watched_)
    if (each.watcher == from) each.watcher = to;
  std::ranges::sort(watched_);
}

// ---- what the server does by itself ------------------------------------------------------------

void Cache::evict(SlotId slot) {
  SIM_ASSERT(entries_[slot].present());
  ++counted_->stats.evicted;
  remove(slot, Gone::evicted);
}

void Cache::remove(SlotId slot, Gone how) {
  if (counted_ && entries_[slot].answers()) {
    const Name name = names_.name_of(slot);
    if (name.space != Space::named) counted_->gone.push_back({.key = name.key, .how = how});
  }
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
