#include "sim/judge/metric/episodes.hpp"

#include <algorithm>

namespace cacherace::judge {

void MissEpisodes::missed(ClientId client, Key key, bool counts) {
  if (client >= of_client_.size()) of_client_.resize(client + 1, none);
  if (of_client_[client] != none) return;  // it looks again while it waits
  const auto [place, is_new] = open_.try_emplace(key, none);
  if (is_new) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(episodes_.size()));
      episodes_.emplace_back();
    }
    place->second = free_.back();
    free_.pop_back();
    episodes_[place->second] = {.counts = counts};
  }
  of_client_[client] = place->second;
  ++episodes_[place->second].clients;
}

void MissEpisodes::loaded(ClientId client) {
  if (client < of_client_.size() && of_client_[client] != none)
    ++episodes_[of_client_[client]].loads;
}

void MissEpisodes::stored(Key key) {
  const auto found = open_.find(key);
  if (found == open_.end()) return;
  const std::uint32_t episode = found->second;
  open_.erase(found);
  episodes_[episode].open = false;
  close_if_done(episode);
}

void MissEpisodes::let_go(ClientId client) {
  if (client >= of_client_.size() || of_client_[client] == none) return;
  const std::uint32_t episode = of_client_[client];
  of_client_[client] = none;
  --episodes_[episode].clients;
  close_if_done(episode);
}

void MissEpisodes::close_if_done(std::uint32_t episode) {
  const Episode& over = episodes_[episode];
  if (over.open || over.clients > 0) return;
  free_.push_back(episode);
  if (!over.counts || over.loads == 0) return;
  ++count_;
  loads_ += over.loads;
  loads_max_ = std::max(loads_max_, over.loads);
}

}  // namespace cacherace::judge
