#pragma once
// How many loads it takes to bring a missing key back.

#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "sim/core/observer.hpp"

namespace cacherace::judge {

/// A miss episode of a key begins with a miss and ends when a value is stored; its loads are those
/// of the clients that missed within it, even if they come later. Each call is O(1).
class MissEpisodes {
 public:
  void missed(ClientId client, Key key, bool counts);
  void loaded(ClientId client);
  void stored(Key key);
  void let_go(ClientId client);

  /// Of the episodes that are over.
  std::uint64_t count() const { return count_; }
  std::uint64_t loads() const { return loads_; }
  std::uint32_t loads_max() const { return loads_max_; }

 private:
  struct Episode {
    std::uint32_t loads = 0;
    std::uint32_t clients = 0;  // that missed in it and are not done
    bool open = true;
    bool counts = true;  // it began within the window
  };
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  void close_if_done(std::uint32_t episode);

  std::vector<Episode> episodes_;
  std::vector<std::uint32_t> free_;
  boost::unordered_flat_map<Key, std::uint32_t> open_;  // looked up, never iterated
  std::vector<std::uint32_t> of_client_;
  std::uint64_t count_ = 0, loads_ = 0;
  std::uint32_t loads_max_ = 0;
};

}  // namespace cacherace::judge
