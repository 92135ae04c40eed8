#include "sim/judge/metric/version_tracker.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::judge {

VersionTracker::VersionTracker(const Copies& copies)
    : copies_(copies),
      rows_(copies.rows),
      told_(copies.rows * (1 + copies.derived)),
      cached_(1 + copies.processes + (copies.stale_area ? 1 : 0), LargeVector<Copy>(told_.size())) {
}

void VersionTracker::starts_absent(Key row) {
  rows_[row].version = 0;
  for (auto& copies : cached_)
    for (Key key = row; key < told_.size(); key += copies_.rows) copies[key].version = 0;
}

void VersionTracker::committed(Key row, Version version, SimTime at) {
  Row& state = rows_[row];
  state.version = version;
  state.last_commit = at;
  for (Key key = row; key < told_.size(); key += copies_.rows)
    for (auto& copies : cached_) {
      Copy& copy = copies[key];
      if (copy.superseded_at == never && copy.version < version) copy.superseded_at = at;
    }
  if (state.holders > 0) logs_[row].push_back({.at = at, .version = version});
}

void VersionTracker::hold(ClientId client, Key key, Version version, SimTime superseded_at) {
  let_go(client);
  if (!tracks(key)) return;
  if (held_.size() <= client) held_.resize(client + 1);
  held_[client] = {.any = true, .key = key, .version = version, .superseded_at = superseded_at};
  Row& state = rows_[row_of(key)];
  if (superseded_at != never || version != state.version) return;
  auto& log = logs_[row_of(key)];
  // The moment of the first version's own commit is never asked for: only that of the next one.
  if (state.holders++ == 0) log = {Commit{.version = version}};
  ++log.back().holders;
  held_[client].logged = true;
}

void VersionTracker::release(Held& held) {
  held.any = false;
  if (!held.logged) return;
  const Key row = row_of(held.key);
  if (--rows_[row].holders == 0) {
    logs_.erase(row);
    return;
  }
  auto& log = logs_[row];
  const auto commit = std::find_if(log.begin(), log.end(),
                                   [&](const Commit& c) { return c.version == held.version; });
  SIM_ASSERT(commit != log.end());
  --commit->holders;
  while (log.front().holders == 0 && log.size() > 1) log.pop_front();
}

void VersionTracker::invalidated(Key key, Version version) {
  if (tracks(key)) told_[key] = std::max(told_[key], version);
}

SimTime VersionTracker::held_superseded_at(ClientId client, Key key, Version version) const {
  if (!tracks(key)) return never;
  const Row& state = rows_[row_of(key)];
  if (version >= state.version) return never;
  if (client < held_.size() && held_[client].any && held_[client].version == version &&
      row_of(held_[client].key) == row_of(key)) {
    const Held& held = held_[client];
    if (!held.logged) return held.superseded_at == never ? state.last_commit : held.superseded_at;
    const auto& log = logs_.at(row_of(key));
    const auto next =
        std::find_if(log.begin(), log.end(), [&](const Commit& c) { return c.version > version; });
    SIM_ASSERT(next != log.end());
    return next->at;
  }
  return state.last_commit;
}

SimTime VersionTracker::cached_superseded_at(std::uint32_t copy, Key key, Version version) const {
  if (!tracks(key)) return never;
  const Copy& cached = cached_[copy][key];
  if (cached.version == version) return cached.superseded_at;
  const Row& state = rows_[row_of(key)];
  return version < state.version ? state.last_commit : never;
}

bool VersionTracker::stored(std::uint32_t copy, Key key, ClientId client, Version version) {
  if (!tracks(key)) return false;
  cached_[copy][key] = {.superseded_at = held_superseded_at(client, key, version),
                        .version = version};
  if (copy != 0) return false;
  const bool stale_fill = version < told_[key];
  told_[key] = std::max(told_[key], version);
  return stale_fill;
}

void VersionTracker::moved_to_stale_area(Key key) {
  if (copies_.stale_area && tracks(key)) cached_[stale_area()][key] = cached_[0][key];
}

}  // namespace cacherace::judge
