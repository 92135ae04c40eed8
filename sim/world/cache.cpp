#include "sim/world/cache.hpp"

#include "sim/core/assert.hpp"

namespace cacherace::world {

bool Cache::remove_expired(Entry& entry, SimTime now) {
  const bool expired = entry.present && now > entry.expires_at;
  if (expired) entry = {};
  return expired;
}

Reply Cache::get(Key key, SimTime now) {
  Entry& entry = entries_[key];
  const bool expired = remove_expired(entry, now);
  return {.found = entry.present, .expired = expired, .version = entry.version};
}

Reply Cache::set(Key key, Version version, Duration ttl, SimTime now) {
  Entry& entry = entries_[key];
  const bool expired = remove_expired(entry, now);
  const bool replaced = entry.present;
  const bool expires = ttl < never - now;
  entry = {.present = true, .version = version, .expires_at = expires ? now + ttl : never};
  return {.found = replaced, .expired = expired, .version = version};
}

Reply Cache::del(Key key, SimTime now) {
  Entry& entry = entries_[key];
  const bool expired = remove_expired(entry, now);
  const Reply reply{.found = entry.present, .expired = expired, .version = entry.version};
  entry = {};
  return reply;
}

Reply Cache::expire(Key key) {
  Entry& entry = entries_[key];
  SIM_ASSERT(entry.present && entry.expires_at != never);
  const Reply reply{.found = true, .expired = true, .version = entry.version};
  entry = {};
  return reply;
}

bool Cache::holds(Key key, SimTime now) const {
  return entries_[key].present && now <= entries_[key].expires_at;
}

}  // namespace cacherace::world
