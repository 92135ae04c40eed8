// The tracker that forgets, against one that remembers every commit.

#include "sim/judge/metric/version_tracker.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "sim/core/stream.hpp"

namespace cacherace::judge {
namespace {

TEST_CASE("the tracker agrees with a full record of all commits") {
  constexpr Key keys = 3;
  constexpr ClientId clients = 6;
  int stale_stores = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    VersionTracker tracker({.rows = keys});
    std::map<std::pair<Key, Version>, SimTime> commits;
    std::map<Key, Version> row, cached, told;
    std::map<ClientId, std::pair<Key, Version>> held;
    for (Key key = 0; key < keys; ++key) row[key] = 1;
    for (std::uint32_t i = 0; i < 300; ++i) {
      const Draw random = draw(seed, 0, Purpose::effect, i);
      const auto client = static_cast<ClientId>(random.first % clients);
      const auto key = static_cast<Key>(random.second % keys);
      const SimTime now = start_of_time + Duration(i * 10);
      switch ((random.first >> 32) % 5) {
        case 0:
          commits[{key, ++row[key]}] = now;
          tracker.committed(key, row[key], now);
          break;
        case 1:
          held[client] = {key, row[key]};
          tracker.hold(client, key, row[key]);
          break;
        case 2:
          held.erase(client);
          tracker.let_go(client);
          break;
        case 3:
          told[key] = row[key];
          tracker.invalidated(key, row[key]);
          break;
        case 4:
          if (const auto holding = held.find(client); holding != held.end()) {
            const auto [of, version] = holding->second;
            REQUIRE(tracker.stored(0, of, client, version) == (version < told[of]));
            told[of] = std::max(told[of], version);
            cached[of] = version;
            stale_stores += version < row[of];
          }
          break;
      }
      for (const auto& [of, version] : cached) {
        const auto next = commits.find({of, version + 1});
        REQUIRE(tracker.cached_superseded_at(0, of, version) ==
                (next == commits.end() ? never : next->second));
        REQUIRE(tracker.row(of) == row[of]);
      }
    }
  }
  CHECK(stale_stores > 1000);
}

}  // namespace
}  // namespace cacherace::judge
