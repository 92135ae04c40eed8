#pragma once
// How many loads it takes to bring a missing key back.

#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "sim/core/observer.hpp"

namespace cacherace::judge {

/// A miss episode of a key begins with a miss and ends when a value is stored, or never; its loads
/// are those of the clients that missed within it, even if they come later. A client that misses
/// again in a later episode belongs to that one. Each call is O(1).
class MissEpisodes {
 public:
  void missed(ClientId client, Key key, bool counts);
  /// It has found an entry that it may take for a miss.
  void may_miss(ClientId client);
  void loaded(ClientId client, Key key, bool counts);
  void stored(Key key);
  void let_go(ClientId client);

  struct Tally {
    std::uint64_t episodes = 0, loads = 0;
    std::uint32_t loads_max = 0;
  };
  /// Of the episodes with loads, those that are not over included. O(episodes at the same time).
  Tally tally() const;

 private:
  struct Episode {
    std::uint32_t loads = 0;
    std::uint32_t clients = 0;  // that missed in it and are not done
    bool open = true;           // nothing has been stored
    bool live = true;           // it is not over
    bool counts = true;         // it began within the window
  };
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::uint32_t may_miss_ = none - 1;

  static void add(const Episode& over, Tally& tally);
  std::uint32_t& of(ClientId client);
  void leave(std::uint32_t episode);
  void close_if_done(std::uint32_t episode);

  std::vector<Episode> episodes_;
  std::vector<std::uint32_t> free_;
  boost::unordered_flat_map<Key, std::uint32_t> open_;  // looked up, never iterated
  std::vector<std::uint32_t> of_client_;
  Tally over_;
};

}  // namespace cacherace::judge
