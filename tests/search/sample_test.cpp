#include "sim/search/sample.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "tests/search/interleavings.hpp"

namespace cacherace::search {
namespace {

constexpr std::uint64_t draws = 6'000;

std::vector<Actor> walk(const Interleavings& model, std::uint64_t seed, std::uint64_t execution) {
  return actors_of(*draw_execution(model, RandomWalk(seed, execution), 100));
}

std::vector<Actor> pct(const Interleavings& model, std::uint64_t seed, std::uint64_t execution,
                       std::uint32_t depth) {
  return actors_of(*draw_execution(model, Pct(seed, execution, depth, 9), 100));
}

std::size_t switches(const std::vector<Actor>& actors) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < actors.size(); ++i) count += actors[i] != actors[i - 1];
  return count;
}

TEST_CASE("a random walk takes each choice with the same chance") {
  std::map<std::vector<Actor>, std::uint64_t> seen;
  for (std::uint64_t i = 0; i < draws; ++i) ++seen[walk({{1, 1, 1}}, 1, i)];
  CHECK(seen.size() == 6);
  for (const auto& [actors, count] : seen) {
    CHECK(count > draws / 6 * 9 / 10);
    CHECK(count < draws / 6 * 11 / 10);
  }
}

TEST_CASE("an execution is a function of seed and number") {
  const Interleavings model{{5, 5, 5}};
  CHECK(walk(model, 1, 7) == walk(model, 1, 7));
  CHECK(walk(model, 1, 7) != walk(model, 1, 8));
  CHECK(walk(model, 1, 7) != walk(model, 2, 7));
  CHECK(pct(model, 1, 7, 3) == pct(model, 1, 7, 3));
}

TEST_CASE("priorities: with depth 1 nobody is overtaken, and every order comes up") {
  std::set<std::vector<Actor>> seen;
  for (std::uint64_t i = 0; i < draws; ++i) {
    seen.insert(pct({{3, 3, 3}}, 1, i, 1));
    CHECK(switches(*seen.rbegin()) == 2);
  }
  CHECK(seen.size() == 6);
}

TEST_CASE("priorities: each further depth lets one more actor fall behind") {
  for (const std::uint32_t depth : {2U, 3U}) {
    std::size_t most = 0;
    for (std::uint64_t i = 0; i < draws; ++i)
      most = std::max(most, switches(pct({{3, 3, 3}}, 1, i, depth)));
    CHECK(most == 2 + (depth - 1));
  }
}

TEST_CASE("an execution that takes too long is given up") {
  CHECK(draw_execution(Interleavings{{2, 2}}, RandomWalk(1, 0), 4));
  CHECK_FALSE(draw_execution(Interleavings{{2, 2}}, RandomWalk(1, 0), 3));
}

}  // namespace
}  // namespace cacherace::search
