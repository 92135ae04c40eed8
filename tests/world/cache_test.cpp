#include "sim/world/cache.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::world {
namespace {

using namespace std::chrono_literals;

constexpr SimTime at(Duration d) { return start_of_time + d; }

TEST_CASE("an entry is readable up to and including t + TTL, and gone after it") {
  Cache cache(1);
  cache.set(0, 3, 60s, at(5s));
  CHECK(cache.get(0, at(65s)) == Reply{.found = true, .expired = false, .version = 3});
  CHECK(cache.holds(0, at(65s)));
  CHECK_FALSE(cache.holds(0, at(65s + 1ns)));
  CHECK(cache.get(0, at(65s + 1ns)) == Reply{.found = false, .expired = true, .version = 0});
  CHECK(cache.get(0, at(65s + 1ns)) == Reply{});  // counted as expired once
}

TEST_CASE("a set replaces the value and the TTL") {
  Cache cache(1);
  cache.set(0, 1, 1s, at(0s));
  CHECK(cache.set(0, 2, Duration::max(), at(1s)).found);
  CHECK(cache.get(0, at(24h)).version == 2);
}

TEST_CASE("deleting says whether there was an entry; an expired one is none, but counts") {
  Cache cache(2);
  CHECK_FALSE(cache.del(0, at(0s)).found);
  cache.set(0, 7, 1s, at(0s));
  CHECK(cache.del(0, at(1s)) == Reply{.found = true, .expired = false, .version = 7});
  CHECK_FALSE(cache.get(0, at(1s)).found);
  cache.set(1, 7, 1s, at(0s));
  CHECK(cache.del(1, at(2s)) == Reply{.found = false, .expired = true, .version = 0});
}

TEST_CASE("caches are values: equal by content, independent after copying") {
  Cache a(1);
  Cache b = a;
  CHECK(a == b);
  a.set(0, 1, Duration::max(), at(0s));
  CHECK_FALSE(a == b);
  CHECK_FALSE(b.get(0, at(0s)).found);
  a.del(0, at(0s));
  CHECK(a == b);
}

}  // namespace
}  // namespace cacherace::world
