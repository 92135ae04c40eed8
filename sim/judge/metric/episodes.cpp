#include "sim/judge/metric/episodes.hpp"

#include <algorithm>
#include <utility>

namespace cacherace::judge {

std::uint32_t& MissEpisodes::of(ClientId client) {
  if (client >= of_client_.size()) of_client_.resize(client + 1, none);
  return of_client_[client];
}

void MissEpisodes::missed(ClientId client, Key key, bool counts) {
  std::uint32_t& episode = of(client);
  if (episode < may_miss_) {
    if (episodes_[episode].open) return;  // it looks again while it waits
    leave(episode);
  }
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
  episode = place->second;
  ++episodes_[episode].clients;
}

void MissEpisodes::may_miss(ClientId client) {
  std::uint32_t& episode = of(client);
  if (episode == none) episode = may_miss_;
}

void MissEpisodes::loaded(ClientId client, Key key, bool counts) {
  std::uint32_t& episode = of(client);
  if (episode == may_miss_) missed(client, key, counts);
  if (episode != none) ++episodes_[episode].loads;
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
  const std::uint32_t episode = std::exchange(of(client), none);
  if (episode < may_miss_) leave(episode);
}

void MissEpisodes::leave(std::uint32_t episode) {
  --episodes_[episode].clients;
  close_if_done(episode);
}

void MissEpisodes::close_if_done(std::uint32_t episode) {
  Episode& over = episodes_[episode];
  if (over.open || over.clients > 0) return;
  over.live = false;
  free_.push_back(episode);
  add(over, over_);
}

void MissEpisodes::add(const Episode& over, Tally& tally) {
  if (!over.counts || over.loads == 0) return;
  ++tally.episodes;
  tally.loads += over.loads;
  tally.loads_max = std::max(tally.loads_max, over.loads);
}

MissEpisodes::Tally MissEpisodes::tally() const {
  Tally all = over_;
  for (const Episode& episode : episodes_)
    if (episode.live) add(episode, all);
  return all;
}

}  // namespace cacherace::judge
