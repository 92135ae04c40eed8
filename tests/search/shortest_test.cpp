#include "sim/search/shortest.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>

namespace cacherace::search {
namespace {

// A graph that is written down: from each state, moves by actors to other states. Those named in
// `bad` violate when they are the end.
struct Drawn {
  struct Move {
    Actor actor;
    Word next;
  };
  std::map<Word, std::vector<Move>> moves;
  std::vector<Word> bad;

  class Moves {
   public:
    std::size_t size() const { return moves_.size(); }
    std::span<const Word> next(std::size_t i) const { return {&moves_[i].next, 1}; }
    Observed observed(std::size_t) const { return {}; }
    Step step(std::size_t i) const { return {.actor = moves_[i].actor}; }

   private:
    friend struct Drawn;
    std::vector<Move> moves_;
  };
  struct Start {
    std::vector<Word> state;
    Observed observed;
  };

  Start start() const { return {.state = {0}, .observed = {}}; }
  void expand(std::span<const Word> state, Moves& out) const {
    const auto known = moves.find(state[0]);
    out.moves_ = known == moves.end() ? std::vector<Move>() : known->second;
  }
  static std::uint64_t bytes() { return 0; }
  Observed end(std::span<const Word> state) const {
    return {.violated = std::find(bad.begin(), bad.end(), state[0]) != bad.end()};
  }
};

using Taken = std::vector<std::size_t>;

TEST_CASE("the fewest steps come first") {
  Drawn graph{.moves = {{0, {{1, 1}, {1, 2}}}, {1, {{1, 3}}}, {3, {{1, 9}}}, {2, {{2, 9}}}},
              .bad = {9}};
  CHECK(shortest_violation(graph, {}) == Taken{1, 0});
}

TEST_CASE("then the fewest context switches, wherever they are") {
  // 1 2 2 1, 1 2 1 2 and 1 1 2 2 all lead to the end; only the last has one switch.
  Drawn graph{.moves = {{0, {{1, 1}}},
                        {1, {{2, 2}, {1, 3}}},
                        {2, {{2, 4}, {1, 5}}},
                        {3, {{2, 5}}},
                        {4, {{1, 9}}},
                        {5, {{2, 9}}}},
              .bad = {9}};
  CHECK(shortest_violation(graph, {}) == Taken{0, 1, 0, 0});
}

TEST_CASE("who came before a state counts, not only the state") {
  // State 3 is reached by 1 or by 2; from there only 2 goes on.
  Drawn graph{.moves = {{0, {{1, 1}, {2, 2}}}, {1, {{1, 3}}}, {2, {{2, 3}}}, {3, {{2, 9}}}},
              .bad = {9}};
  CHECK(shortest_violation(graph, {}) == Taken{1, 0, 0});
}

TEST_CASE("then the first in the order of moves") {
  Drawn graph{.moves = {{0, {{1, 1}, {1, 2}}}, {1, {{1, 8}, {1, 9}}}, {2, {{1, 9}}}}, .bad = {9}};
  CHECK(shortest_violation(graph, {}) == Taken{0, 1});
}

TEST_CASE("cycles and ends that do not violate are no matter") {
  Drawn graph{.moves = {{0, {{1, 0}, {1, 1}}}, {1, {{1, 0}, {2, 7}, {2, 2}}}, {2, {{2, 9}}}},
              .bad = {9}};
  CHECK(shortest_violation(graph, {}) == Taken{1, 2, 0});
}

TEST_CASE("a race without steps may violate; nothing is found where nothing does, or not in time") {
  Drawn at_once{.moves = {}, .bad = {0}};
  CHECK(shortest_violation(at_once, {}) == Taken{});
  Drawn never{.moves = {{0, {{1, 1}}}}, .bad = {}};
  CHECK_FALSE(shortest_violation(never, {}));
  Drawn late{.moves = {{0, {{1, 1}}}, {1, {{1, 2}}}}, .bad = {2}};
  CHECK(shortest_violation(late, {.states_max = 3}));
  CHECK_FALSE(shortest_violation(late, {.states_max = 2}));
  CHECK_FALSE(shortest_violation(late, {.go_on = [](const Explored&) { return false; }}));
}

}  // namespace
}  // namespace cacherace::search
