// conflicts() says when the order of two effects can matter: swapping neighbours that do not
// conflict changes nothing.

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "sim/world/world.hpp"

namespace cacherace::world {
namespace {

constexpr Key keys = 2;

std::vector<Effect> effects() {
  std::vector<Effect> all;
  for (Key key = 0; key < keys; ++key) {
    all.push_back({.kind = EffectKind::cache_get, .key = key});
    all.push_back({.kind = EffectKind::cache_set, .key = key, .version = 5});
    all.push_back({.kind = EffectKind::cache_set, .key = key, .version = 6});
    all.push_back({.kind = EffectKind::cache_del, .key = key});
    all.push_back({.kind = EffectKind::db_read, .key = key});
    all.push_back({.kind = EffectKind::db_write, .key = key});
  }
  return all;
}

struct Outcome {
  World world;
  Reply of_a, of_b;
  bool operator==(const Outcome&) const = default;
};

Outcome in_order(World world, const Effect& a, const Effect& b, bool a_first) {
  Outcome outcome{.world = std::move(world), .of_a = {}, .of_b = {}};
  if (a_first) outcome.of_a = outcome.world.perform(a, start_of_time);
  outcome.of_b = outcome.world.perform(b, start_of_time);
  if (!a_first) outcome.of_a = outcome.world.perform(a, start_of_time);
  return outcome;
}

TEST_CASE("effects conflict exactly where their order can matter, replies included") {
  World warm(keys);
  for (Key key = 0; key < keys; ++key) warm.cache.set(key, 4, Duration::max(), start_of_time);
  for (const Effect& a : effects())
    for (const Effect& b : effects()) {
      bool order_matters = false;
      for (const World& start : {World(keys), warm})
        order_matters |= !(in_order(start, a, b, true) == in_order(start, a, b, false));
      CAPTURE(name(a.kind), a.key, a.version, name(b.kind), b.key, b.version);
      CHECK(order_matters == conflicts(a, b));
    }
}

}  // namespace
}  // namespace cacherace::world
