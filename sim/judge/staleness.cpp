#include "sim/judge/staleness.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::judge {

void VersionTracker::committed(Key key, Version version, SimTime at) {
  PerKey& state = keys_[key];
  state.row = version;
  if (state.superseded_at == never) state.superseded_at = at;
  if (state.holders > 0) logs_[key].commits.push_back({.at = at});
}

void VersionTracker::hold(ClientId client, Key key, Version version) {
  let_go(client);
  PerKey& state = keys_[key];
  SIM_ASSERT(version == state.row);
  if (held_.size() <= client) held_.resize(client + 1);
  held_[client] = {.any = true, .key = key, .version = version};
  Log& log = logs_[key];
  // The moment of the first version's own commit is never asked for: only that of the next one.
  if (state.holders++ == 0) log = {.first = version, .commits = {Commit{}}};
  ++log.commits[version - log.first].holders;
}

void VersionTracker::let_go(ClientId client) {
  if (client >= held_.size() || !held_[client].any) return;
  const Held held = held_[client];
  held_[client].any = false;
  if (--keys_[held.key].holders == 0) {
    logs_.erase(held.key);
    return;
  }
  Log& log = logs_[held.key];
  --log.commits[held.version - log.first].holders;
  while (log.commits.front().holders == 0 && log.commits.size() > 1) {
    log.commits.pop_front();
    ++log.first;
  }
}

void VersionTracker::invalidated(Key key, Version version) {
  keys_[key].told = std::max(keys_[key].told, version);
}

bool VersionTracker::stored(Key key, Version version) {
  PerKey& state = keys_[key];
  if (version == state.row) {
    state.superseded_at = never;
  } else {
    const Log& log = logs_[key];
    SIM_ASSERT(version >= log.first && version - log.first + 1 < log.commits.size());
    state.superseded_at = log.commits[version - log.first + 1].at;
  }
  const bool stale_fill = version < state.told;
  state.told = std::max(state.told, version);
  return stale_fill;
}

}  // namespace cacherace::judge
