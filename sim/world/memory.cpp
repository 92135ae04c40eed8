#include "sim/world/memory.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/container/static_vector.hpp>
#include <limits>
#include <utility>

#include "sim/core/assert.hpp"

namespace cacherace::world {
namespace {

using scenario::Eviction;

constexpr std::uint32_t samples_max = 64;
constexpr Bytes value_max = Bytes{512} << 20;

// ---- sizes -------------------------------------------------------------------------------------

// The size class of jemalloc that holds `bytes`: multiples of 16 up to 128, above that four classes
// to each doubling.
Bytes allocated(Bytes bytes) {
  const Bytes step = bytes <= 128 ? 16 : std::bit_ceil(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

// A string with its object: in one allocation up to 44 bytes, in two above. The header grows with
// the string.
Bytes string_bytes(Bytes length) {
  constexpr Bytes object = 16, terminator = 1, embedded_max = 44;
  if (length <= embedded_max) return allocated(object + 3 + length + terminator);
  const Bytes header = length < 1U << 8 ? 3 : length < 1U << 16 ? 5 : 9;
  return object + allocated(header + length + terminator);
}

// ---- policies ----------------------------------------------------------------------------------

enum class Pick { none, random, lru, lfu, ttl };

struct Policy {
  bool all_keys;
  Pick pick;
};

constexpr Policy policy_of(Eviction eviction) {
  switch (eviction) {
    case Eviction::noeviction:
      return {false, Pick::none};
    case Eviction::allkeys_lru:
      return {true, Pick::lru};
    case Eviction::allkeys_lfu:
      return {true, Pick::lfu};
    case Eviction::allkeys_random:
      return {true, Pick::random};
    case Eviction::volatile_lru:
      return {false, Pick::lru};
    case Eviction::volatile_lfu:
      return {false, Pick::lfu};
    case Eviction::volatile_random:
      return {false, Pick::random};
    case Eviction::volatile_ttl:
      return {false, Pick::ttl};
  }
  SIM_ASSERT(false);
  return {};
}

}  // namespace

Bytes entry_bytes(Bytes value, bool has_ttl) {
  SIM_ASSERT(value <= value_max);
  constexpr Bytes dict_entry = 32, key = 32, buckets = 12;
  return dict_entry + key + buckets + string_bytes(value) + (has_ttl ? ttl_bytes : 0);
}

Memory::Memory(const scenario::CacheSettings& settings, Words words)
    : policy_(settings.policy),
      limit_(settings.maxmemory),
      samples_(settings.samples),
      lfu_{.log_factor = settings.lfu_log_factor, .decay_time = settings.lfu_decay_time},
      words_(words) {
  SIM_ASSERT(samples_ > 0 && samples_ <= samples_max);
}

// ---- what happens to the entries ---------------------------------------------------------------

void Memory::stored(SlotId slot, Bytes value, SimTime expires_at, SimTime now) {
  if (slot >= slots_.size()) slots_.resize(std::size_t{slot} + 1);
  const auto bytes = static_cast<std::uint32_t>(entry_bytes(value, false));
  const Bytes replaced = std::exchange(slots_[slot].bytes, bytes);
  used_ = used_ - replaced + bytes;
  if (replaced > 0) {
    touched(slot, now);
  } else {
    const auto pick = policy_of(policy_).pick;
    if (pick == Pick::lru) slots_[slot].accessed = lru_clock(now);
    if (pick == Pick::lfu) slots_[slot].accessed = lfu_new(now);
    if (policy_of(policy_).all_keys) append(all_, &Slot::in_all, slot);
  }
  set_expiry(slot, expires_at);
  used_max_ = std::max(used_max_, used_);
}

void Memory::removed(SlotId slot) {
  set_expiry(slot, never);
  used_ -= entry(slot).bytes;
  if (policy_of(policy_).all_keys) erase(all_, &Slot::in_all, slot);
  slots_[slot] = {};
}

void Memory::touched(SlotId slot, SimTime now) {
  auto& accessed = entry(slot).accessed;
  const auto pick = policy_of(policy_).pick;
  if (pick == Pick::lru) accessed = lru_clock(now);
  if (pick == Pick::lfu) accessed = lfu_accessed(accessed, now, lfu_, words_);
}

void Memory::ttl_changed(SlotId slot, SimTime expires_at) {
  set_expiry(slot, expires_at);
  used_max_ = std::max(used_max_, used_);
}

void Memory::set_expiry(SlotId slot, SimTime expires_at) {
  const SimTime before = std::exchange(entry(slot).expires_at, expires_at);
  if (before == never && expires_at != never) {
    // A random place, so that the order says nothing about the past: a shuffle, one entry at a
    // time.
    const auto at = words_.below(volatile_.size() + 1);
    append(volatile_, &Slot::in_volatile, slot);
    place(volatile_, &Slot::in_volatile, volatile_.size() - 1, volatile_[at]);
    place(volatile_, &Slot::in_volatile, at, slot);
    used_ += ttl_bytes;
  }
  if (before != never && expires_at == never) {
    erase(volatile_, &Slot::in_volatile, slot);
    used_ -= ttl_bytes;
  }
}

// ---- the lists ---------------------------------------------------------------------------------

void Memory::place(std::vector<SlotId>& list, Position position, std::size_t at, SlotId slot) {
  list[at] = slot;
  slots_[slot].*position = static_cast<std::uint32_t>(at);
}

void Memory::append(std::vector<SlotId>& list, Position position, SlotId slot) {
  list.push_back(slot);
  place(list, position, list.size() - 1, slot);
}

void Memory::erase(std::vector<SlotId>& list, Position position, SlotId slot) {
  place(list, position, slots_[slot].*position, list.back());
  list.pop_back();
}

// ---- eviction ----------------------------------------------------------------------------------

const std::vector<SlotId>& Memory::evictable() const {
  static const std::vector<SlotId> none;
  const auto [all_keys, pick] = policy_of(policy_);
  if (pick == Pick::none) return none;
  return all_keys ? all_ : volatile_;
}

std::optional<SlotId> Memory::next_victim(SimTime now) {
  const auto& slots = evictable();
  if (slots.empty()) return std::nullopt;
  const auto [all_keys, pick] = policy_of(policy_);
  if (pick == Pick::random) return slots[words_.below(slots.size())];
  for (;;) {
    refill_pool(now);
    // What was removed since it was offered, or lost its TTL, is skipped.
    while (const auto best = pool_.take())
      if (present(*best) && (all_keys || slots_[*best].expires_at != never)) return best;
  }
}

// Offers `samples_` different entries, or all when there are fewer: Floyd's method for samples
// without repetition (Bentley, Floyd 1987).
void Memory::refill_pool(SimTime now) {
  const auto& slots = evictable();
  const std::size_t count = std::min<std::size_t>(samples_, slots.size());
  boost::container::static_vector<std::size_t, samples_max> drawn;
  for (std::size_t last = slots.size() - count; last < slots.size(); ++last) {
    const std::size_t any = words_.below(last + 1);
    drawn.push_back(std::ranges::find(drawn, any) == drawn.end() ? any : last);
    const SlotId slot = slots[drawn.back()];
    pool_.offer(slot, score(slots_[slot], now));
  }
}

std::uint64_t Memory::score(const Slot& slot, SimTime now) const {
  const auto pick = policy_of(policy_).pick;
  if (pick == Pick::lru) return lru_idle(slot.accessed, lru_clock(now));
  if (pick == Pick::lfu) return lfu_counter_max - lfu_counter(slot.accessed, now, lfu_);
  SIM_ASSERT(pick == Pick::ttl);
  return std::numeric_limits<std::uint64_t>::max() -
         static_cast<std::uint64_t>((slot.expires_at - start_of_time).count());
}

// ---- what there is -----------------------------------------------------------------------------

Memory::Slot& Memory::entry(SlotId slot) {
  SIM_ASSERT(present(slot));
  return slots_[slot];
}

const Memory::Slot& Memory::entry(SlotId slot) const {
  SIM_ASSERT(present(slot));
  return slots_[slot];
}

SimTime Memory::expires_at(SlotId slot) const { return entry(slot).expires_at; }

std::uint32_t Memory::idle(SlotId slot, SimTime now) const {
  SIM_ASSERT(policy_of(policy_).pick == Pick::lru);
  return lru_idle(entry(slot).accessed, lru_clock(now));
}

std::uint32_t Memory::frequency(SlotId slot, SimTime now) const {
  SIM_ASSERT(policy_of(policy_).pick == Pick::lfu);
  return lfu_counter(entry(slot).accessed, now, lfu_);
}

}  // namespace cacherace::world
