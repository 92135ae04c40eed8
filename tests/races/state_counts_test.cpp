// The world as a value: states are recognised by comparison and by digest, and there are as many as
// independent programs have counted. A state is the cache entry, the row and what each client is
// about to do; clients that are done are alike.

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <vector>

#include "tests/races/race_builder.hpp"

namespace cacherace::test {
namespace {

using State = engine::Race::State;

std::uint64_t digest_of(const State& state) {
  Digest digest;
  add(digest, state.world);
  for (const auto operation : state.operation) digest.add(operation);
  return digest.value();
}

// All states that can be reached, by digest. Fails when two different ones share a digest.
std::map<std::uint64_t, State> reachable(const engine::Race& race) {
  std::map<std::uint64_t, State> states;
  std::vector<State> open{race.initial()};
  while (!open.empty()) {
    const State state = open.back();
    open.pop_back();
    const auto [known, is_new] = states.try_emplace(digest_of(state), state);
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

TEST_CASE("readers and writers of one key have as many states as counted independently", "[race]") {
  struct Golden {
    int readers, writers;
    std::size_t states;
  };
  // With two writers: where a version is a count of commits, and not the name of the writer that
  // made it.
  for (const auto& [readers, writers, states] :
       std::vector<Golden>{{1, 1, 17}, {2, 1, 93}, {3, 1, 497}, {2, 2, 631}, {3, 2, 4'171}}) {
    CAPTURE(readers, writers);
    const auto plan = readers_and_writers({.readers = readers, .writers = writers});
    CHECK(reachable(race(plan, scenario::DeleteAfter{})).size() == states);
  }
}

}  // namespace
}  // namespace cacherace::test
