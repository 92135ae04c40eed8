// The commands of the cache server, and what a strategy's server-side scripts do with entries.

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/world/world.hpp"

namespace cacherace::world {
namespace {

SimTime end_of(Duration ttl, SimTime now) {
  return ttl == Duration::max() ? never : later(now, ttl);
}

// Under a row's own name a script stores the row, or `false` where there is none.
Content content_of(const Effect& effect) {
  const bool is_own = effect.named == 0 && effect.value.kind() == Value::Kind::row &&
                      effect.value.key() == effect.key;
  const bool says_none = effect.named == 0 && effect.value == Value::boolean(false);
  if (!effect.value.is_nil() && !is_own && !says_none) return Content::value;
  return effect.version == 0 ? Content::no_row : Content::row;
}

Entry number_entry(std::uint32_t number, Duration ttl, SimTime now) {
  return {.expires_at = end_of(ttl, now), .number = number, .content = Content::number};
}

}  // namespace

// ---- values ------------------------------------------------------------------------------------

Reply World::get(const Effect& effect, SimTime now, bool early) {
  const Name name = name_of(effect);
  const auto [entry, expired] = cache.meet(name, now);
  Reply reply{.expired = expired, .at = now};
  if (layout.generations)
    reply.token = cache.also_meet({Space::generation, effect.key}, now).number;
  if (!entry.answers()) return reply;
  reply.found = true;
  reply.version = entry.number;
  if (layout.scripted) reply.value = cache.value_of(name, entry);
  reply.soft = entry.soft_at < now || (effect.may_be_early && early);
  return reply;
}

// One token for each key and `lease_rate`, which ends after `lease_ttl` or when another is given. A
// delete voids it, and does not make room for another.
Reply World::lease_get(const Effect& effect, SimTime now) {
  Reply reply = get(effect, now, false);
  if (reply.found) return reply;
  const Name lease{Space::lease, effect.key};
  if (leasable(cache.also_meet(lease, now), now)) {
    if (cache.over()) return refuse();
    Entry given = number_entry(effect.token, layout.lease_ttl, now);
    if (layout.lease_rate == Duration{0})
      given.soft_at = start_of_time - Duration{1};
    else if (layout.lease_rate < layout.lease_ttl)
      given.soft_at = end_of(layout.lease_rate, now);
    cache.store(lease, given, now);
    reply.token = effect.token;
    return reply;
  }
  reply.refused = true;
  if (!layout.stale_values) return reply;
  const Entry& stale = cache.also_meet({Space::stale, effect.key}, now);
  reply.found = stale.present();
  reply.version = stale.number;
  return reply;
}

bool World::may_set(const Effect& effect, const Entry& entry, SimTime now) {
  switch (effect.when) {
    case When::always:
      return true;
    case When::absent:
      return !entry.present();
    case When::newer:
      return entry.content != Content::hold_off &&
             (!entry.present() || entry.number < effect.version ||
              (entry.content == Content::tombstone && entry.number == effect.version));
    case When::same_generation:
      return cache.also_meet({Space::generation, effect.key}, now).number == effect.token;
    case When::leased:
      return effect.token != 0 &&
             cache.also_meet({Space::lease, effect.key}, now).number == effect.token;
    case When::not_held:
      return entry.content != Content::hold_off;
    case When::present:
      return entry.present();
  }
  SIM_ASSERT(false);
  return false;
}

Reply World::set(const Effect& effect, SimTime now) {
  const Name name = name_of(effect);
  const auto [entry, expired] = cache.meet(name, now, Look::before_a_store);
  Reply reply{.expired = expired, .version = effect.version, .at = now};
  reply.found = may_set(effect, entry, now);
  if (!reply.found) {
    cache.touch(name, now);
    return reply;
  }
  if (cache.over()) return refuse();
  if (effect.when == When::leased) void_lease(effect.key, now);
  const SimTime kept_until = entry.present() ? entry.expires_at : never;
  if (entry.dirty) keep_queued(effect.key);
  const Entry stored{
      .expires_at = effect.keeps_ttl ? kept_until : end_of(effect.ttl, now),
      .soft_at = end_of(effect.soft, now),
      .load_time = effect.loading_since == never ? Duration{0} : now - effect.loading_since,
      .number = effect.version,
      .content = content_of(effect)};
  if (layout.scripted)
    cache.store(name, stored, effect.value, effect.value_bytes, now);
  else
    cache.store(name, stored, now);
  return reply;
}

Reply World::del(const Effect& effect, SimTime now) {
  const Name name = name_of(effect);
  const auto [entry, expired] = cache.meet(name, now);
  Reply reply{.found = entry.answers(), .expired = expired, .version = entry.number};
  if (layout.stale_values && entry.answers()) {
    Entry stale = entry;
    stale.expires_at = end_of(*layout.stale_values, now);
    cache.store({Space::stale, effect.key}, stale, now);
  }
  if (layout.leases) void_lease(effect.key, now);
  if (entry.dirty) keep_queued(effect.key);
  reply.refused = !leave(effect, name, now);
  return reply;
}

// Its token is of no use any more; but its window lasts.
void World::void_lease(Key key, SimTime now) {
  const Name lease{Space::lease, key};
  if (cache.also_meet(lease, now).present()) cache.at(cache.names().find(lease)).number = 0;
}

// What stands in the entry's place after a delete; false when the entry itself does.
bool World::leave(const Effect& effect, const Name& name, SimTime now) {
  const SimTime end = end_of(effect.ttl, now);
  const Entry& entry = cache.peek(name, now);
  switch (effect.leaves) {
    case Leaves::tombstone:
      // A newer version stays, and so does a newer tombstone. Whoever knows no version deletes
      // what is cached, and nothing else.
      if (effect.version == 0 && entry.content != Content::tombstone) break;
      if (entry.present() && entry.number > effect.version) return false;
      cache.store(
          name, {.expires_at = end, .number = effect.version, .content = Content::tombstone}, now);
      return true;
    case Leaves::hold_off:
      cache.store(name, {.expires_at = end, .content = Content::hold_off}, now);
      return true;
    case Leaves::generation:
      bump({Space::generation, effect.key}, now);
      break;
    case Leaves::nothing:
      break;
  }
  cache.remove(name);
  return true;
}

Reply World::set_ttl(const Effect& effect, SimTime now) {
  const Name name = name_of(effect);
  const auto [entry, expired] = cache.meet(name, now);
  if (!entry.present()) return {.expired = expired};
  cache.set_expiry(cache.names().find(name), end_of(effect.ttl, now));
  return {.found = true, .version = entry.number};
}

// ---- locks, numbers and marks ------------------------------------------------------------------

Reply World::lock(const Effect& effect, SimTime now) {
  const Name name{Space::lock, effect.key};
  const auto [entry, expired] = cache.meet(name, now);
  if (entry.present()) return {.expired = expired, .token = entry.number};
  cache.store(name, number_entry(effect.token, effect.ttl, now), now);
  return {.found = true, .expired = expired, .token = effect.token};
}

Reply World::unlock(const Effect& effect, SimTime now) {
  const Name name{Space::lock, effect.key};
  const auto [entry, expired] = cache.meet(name, now);
  const bool own = entry.present() && entry.number == effect.token;
  Reply reply{.found = entry.present() && (own || effect.kind == EffectKind::cache_unlock_any),
              .expired = expired,
              .token = entry.number};
  if (reply.found) cache.remove(name);
  return reply;
}

Reply World::number(const Name& name, SimTime now) {
  const auto [entry, expired] = cache.meet(name, now);
  return {.found = entry.present(), .expired = expired, .token = entry.number};
}

// A number that no other seed is near: the multiples of an odd constant visit all 28 bits.
std::uint32_t World::fresh_seed() {
  constexpr std::uint32_t golden = 0x9e3779b1, bits = 0x0fffffff;
  return ++seeds_ * golden & bits;
}

// SET NX GET: an own number or, for a token of 0, one that was never used before.
Reply World::seed_version(const Effect& effect, SimTime now) {
  const Name name{Space::version, layout.group_of(effect.key)};
  const Reply known = number(name, now);
  if (known.found) return known;
  const std::uint32_t seed = effect.token != 0 ? effect.token : fresh_seed();
  cache.store(name, number_entry(seed, Duration::max(), now), now);
  return {.found = false, .expired = known.expired, .token = seed};
}

// INCR; a version that is not there is seeded.
Reply World::bump_version(const Effect& effect, SimTime now) {
  const Reply seeded = seed_version(effect, now);
  if (!seeded.found) return {.found = true, .expired = seeded.expired, .token = seeded.token};
  return bump({Space::version, layout.group_of(effect.key)}, now);
}

// INCR: one that is not there counts from 0, and a TTL is kept.
Reply World::bump(const Name& name, SimTime now) {
  Entry entry = cache.also_meet(name, now, Look::before_a_store);
  if (!entry.present()) entry = number_entry(0, Duration::max(), now);
  ++entry.number;
  cache.store(name, entry, now);
  return {.found = true, .token = entry.number};
}

Reply World::mark(const Effect& effect, SimTime now) {
  const Name name = marker_name(effect.key);
  const bool expired = cache.meet(name, now, Look::before_a_store).expired;
  cache.store(name, number_entry(1, effect.ttl, now), now);
  return {.found = true, .expired = expired};
}

// ---- many keys at once -------------------------------------------------------------------------

// KEYS looks at every entry, SCAN at a page of `effect.version` of them from the cursor
// `effect.token` on; both list those of the key's group. The reply's token is the next cursor, 0 at
// the end.
Reply World::list(const Effect& effect, ClientIndex who, SimTime now) {
  if (listed_.size() <= who) listed_.resize(who + 1);
  listed_[who].clear();
  const bool whole = effect.kind == EffectKind::cache_keys;
  const Key from = whole ? 0 : effect.token;
  const Key to = whole ? layout.keys() : std::min(layout.keys(), from + effect.version);
  for (Key key = from; key < to; ++key)
    if (layout.group_of(key) == layout.group_of(effect.key) &&
        cache.peek(value_name(key), now).present())
      listed_[who].push_back(value_name(key));
  return {.found = !listed_[who].empty(),
          .token = to == layout.keys() ? 0 : to,
          .count = whole ? cache.present() : to - from};
}

Reply World::del_listed(ClientIndex who, SimTime now) {
  if (listed_.size() <= who) return {};
  const auto names = std::exchange(listed_[who], {});
  Reply reply{.count = static_cast<std::uint32_t>(names.size())};
  for (const Name& name : names) {
    if (!cache.also_meet(name, now).present()) continue;
    reply.found = true;
    cache.remove(cache.names().find(name), Gone::deleted);
  }
  return reply;
}

Reply World::clear() {
  Reply reply{.count = cache.clear()};
  if (layout.volatile_queue) {
    reply.lost_writes = static_cast<std::uint32_t>(queue.size());
    queue.clear();
  }
  return reply;
}

// ---- write-behind, and the fault of an eviction ------------------------------------------------

// Stored and queued at once.
Reply World::write(const Effect& effect, SimTime now) {
  const Name name = value_name(effect.key);
  const auto [entry, expired] = cache.meet(name, now, Look::before_a_store);
  std::uint32_t lost = 0;
  if (expired) lost = lose_expired(now);
  Reply reply = append(effect);
  reply.expired = expired;
  reply.lost_writes = lost;
  const SimTime expires_at = end_of(effect.ttl, now);
  cache.store(name,
              {.expires_at = expires_at,
               .soft_at = end_of(effect.soft, now),
               .number = reply.version,
               .content = Content::row,
               .dirty = true},
              now);
  for (QueuedWrite& queued : queue)
    if (queued.key == effect.key) queued.expires_at = expires_at;
  reply.at = now;
  return reply;
}

// The write is in the database: it leaves the queue. The last one of a flush, which has a token,
// also stops the clock of the queue where that is empty. The token of the reply: it is not.
Reply World::clean(const Effect& effect, SimTime now) {
  if (!queue.empty() && queue.front().key == effect.key && queue.front().version == effect.version)
    queue.erase(queue.begin());
  Reply reply{.token = queue.empty() ? 0U : 1U};
  if (effect.token != 0 && queue.empty()) flushing_ = false;
  const Name name = value_name(effect.key);
  const auto [entry, expired] = cache.meet(name, now);
  reply.expired = expired;
  if (!entry.dirty || entry.number != effect.version) return reply;
  cache.at(cache.names().find(name)).dirty = false;
  reply.found = true;
  reply.version = effect.version;
  return reply;
}

// The fault that a search allows: any entry may go, at any time.
Reply World::evict(const Effect& effect, SimTime now) {
  const Name name = effect.name_version != 0 ? value_name(effect.key, effect.name_version)
                                             : current_name(effect.key);
  const auto [entry, expired] = cache.meet(name, now);
  const Reply reply{.found = entry.present(),
                    .expired = expired,
                    .version = entry.number,
                    .lost_writes = lose_queued(name, entry)};
  cache.remove(name);
  return reply;
}

}  // namespace cacherace::world
