// The world as a value: states are recognised by comparison and by digest, and there are as many as
// independent programs have counted. A state is the cache entry, the row and what each client is
// about to do; clients that are done are alike.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/search/explore.hpp"
#include "tests/races/race_builder.hpp"

namespace cacherace::test {
namespace {

using State = engine::Race::State;

// All states that can be reached, by digest. Fails when two different ones share a digest.
std::map<std::uint64_t, State> reachable(const engine::Race& race) {
  std::map<std::uint64_t, State> states;
  std::vector<State> open{race.initial()};
  while (!open.empty()) {
    const State state = open.back();
    open.pop_back();
    const auto [known, is_new] = states.try_emplace(engine::digest_of(state), state);
    REQUIRE(known->second == state);
    if (!is_new) continue;
    for (const auto choice : race.pending(state)) {
      State next = state;
      race.step(next, choice);
      open.push_back(next);
    }
  }
  return states;
}

// A state, but for which of the clients that are alike is which: the least digest over all ways to
// exchange them. Readers come first in the plan.
std::uint64_t orbit_of(const State& state, const Shape& shape) {
  std::vector<std::size_t> order(state.operation.size());
  std::iota(order.begin(), order.end(), 0);
  const auto readers_end = order.begin() + shape.readers;
  std::uint64_t least = ~std::uint64_t{0};
  do {
    do {
      State exchanged = state;
      for (std::size_t i = 0; i < order.size(); ++i) {
        exchanged.world.clients[i] = state.world.clients[order[i]];
        exchanged.operation[i] = state.operation[order[i]];
      }
      least = std::min(least, engine::digest_of(exchanged));
    } while (std::next_permutation(readers_end, order.end()));
  } while (std::next_permutation(order.begin(), readers_end));
  return least;
}

search::Explored explored(const Shape& shape, bool symmetry) {
  const auto subject = race(readers_and_writers(shape), scenario::DeleteAfter{});
  const Monitor nothing;
  engine::RaceGraph graph(subject, nothing, {.symmetry = symmetry});
  const auto found = search::explore(graph, {}, true);
  CHECK(found.exhausted());
  return found;
}

struct Golden {
  int readers, writers;
  std::uint64_t states;
};

// With two writers: where a version is a count of commits, and not the name of the writer that made
// it; an entry is its version.
TEST_CASE("readers and writers of one key have as many states as counted independently", "[race]") {
  for (const auto& [readers, writers, states] :
       std::vector<Golden>{{1, 1, 17}, {2, 1, 93}, {3, 1, 497}, {2, 2, 631}, {3, 2, 4'171}}) {
    CAPTURE(readers, writers);
    const Shape shape{.readers = readers, .writers = writers};
    CHECK(reachable(race(readers_and_writers(shape), scenario::DeleteAfter{})).size() == states);
    CHECK(explored(shape, false).states == states);
  }
  CHECK(explored({.readers = 2, .writers = 2}, false).transitions == 1'604);
  CHECK(explored({.readers = 4, .writers = 2}, false).states == 26'791);
}

TEST_CASE("clients that are alike make one state of all in which they are exchanged", "[race]") {
  for (const auto& [readers, writers, states] :
       std::vector<Golden>{{1, 1, 17}, {2, 1, 55}, {3, 1, 135}, {2, 2, 205}, {3, 2, 590}}) {
    CAPTURE(readers, writers);
    const Shape shape{.readers = readers, .writers = writers};
    std::set<std::uint64_t> orbits;
    for (const auto& [digest, state] :
         reachable(race(readers_and_writers(shape), scenario::DeleteAfter{})))
      orbits.insert(orbit_of(state, shape));
    CHECK(orbits.size() == states);
    CHECK(explored(shape, true).states == states);
  }
  CHECK(explored({.readers = 4, .writers = 3}, true).states == 5'684);
}

}  // namespace
}  // namespace cacherace::test
