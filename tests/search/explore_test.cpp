// States are expanded some at a time; nothing shows it.

#include "sim/search/explore.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <vector>

#include "sim/core/stream.hpp"

namespace cacherace::search {
namespace {

// States 0 to `states`-1, each with moves to some of the next ones; some violate, on the way or at
// the end.
struct Random {
  Word states;
  std::uint64_t seed;
  std::uint64_t violations;  // one of so many moves

  class Moves {
   public:
    std::size_t size() const { return moves_.size(); }
    std::span<const Word> next(std::size_t i) const { return moves_[i].state; }
    const Observed& observed(std::size_t i) const { return moves_[i].observed; }

   private:
    friend struct Random;
    struct Move {
      std::vector<Word> state;
      Observed observed;
    };
    std::vector<Move> moves_;
  };
  struct Start {
    std::vector<Word> state;
    Observed observed;
  };

  // Of as many words as its number says.
  static std::vector<Word> state_of(Word number) {
    std::vector<Word> state(1 + number % 3, number % 7);
    state[0] = number;
    return state;
  }
  Start start() const { return {.state = {0}, .observed = {}}; }
  void expand(std::span<const Word> state, Moves& out) const {
    out.moves_.clear();
    Words random(seed, state[0], Purpose::schedule);
    const std::uint64_t moves = state[0] < 3 ? 4 : random.below(5);
    for (std::uint64_t left = moves; left > 0; --left) {
      const auto next = state[0] + 1 + static_cast<Word>(random.below(50));
      const std::uint64_t measured = random.below(1'000'000);
      const bool violated = random.below(violations) == 0;
      if (next < states)
        out.moves_.push_back({state_of(next), {.violated = violated, .measured = measured}});
    }
  }
  static std::uint64_t bytes() { return 0; }
  Observed end(std::span<const Word> state) const {
    return {.arose = true,
            .violated = draw(seed, state[0], Purpose::loss, 0).first % violations == 0};
  }
};

// The same, one state and one move after another.
Explored one_by_one(const Random& graph, const StateBudget& budget, bool to_the_end) {
  Explored explored;
  std::map<std::vector<Word>, std::size_t> numbers{{{0}, 0}};
  std::vector<std::vector<Word>> states{{0}};
  std::vector<std::size_t> parents{0};
  const auto way_to = [&](std::size_t state) {
    std::vector<std::vector<Word>> way{states[state]};
    for (; state != 0; state = parents[state]) way.insert(way.begin(), states[parents[state]]);
    return way;
  };
  const auto note = [&](const Observed& observed) {
    explored.observed.add(observed);
    explored.stopped |= observed.violated && !to_the_end;
    return observed.violated && explored.way.empty();
  };
  Random::Moves moves;
  std::size_t layer_end = 1;
  for (std::size_t now = 0; now < states.size() && !explored.stopped; ++now) {
    if (now == layer_end) {
      layer_end = states.size();
      ++explored.depth;
    }
    bool out_of_room = false;
    graph.expand(states[now], moves);
    if (moves.size() == 0 && note(graph.end(states[now]))) explored.way = way_to(now);
    for (std::size_t move = 0; move < moves.size(); ++move) {
      ++explored.transitions;
      const std::vector<Word> next(moves.next(move).begin(), moves.next(move).end());
      const bool full = states.size() == budget.states_max && !numbers.contains(next);
      explored.stopped |= full;
      out_of_room |= full;
      if (!out_of_room && numbers.try_emplace(next, states.size()).second) {
        states.push_back(next);
        parents.push_back(now);
      }
      if (!note(moves.observed(move))) continue;
      explored.way = way_to(now);
      explored.way.push_back(next);
    }
  }
  explored.states = states.size();
  return explored;
}

TEST_CASE("a search some states at a time finds what one after another does") {
  int violated = 0, over_budget = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const std::uint64_t violations : {20U, 1'000U, 1'000'000'000U})
      for (const std::uint64_t states_max : {1U, 3U, 10U, 16U, 17U, 300U, 100'000U})
        for (const bool to_the_end : {false, true}) {
          Random graph{.states = 2'000, .seed = seed, .violations = violations};
          const StateBudget budget{.states_max = states_max};
          const auto expected = one_by_one(graph, budget, to_the_end);
          const auto found = explore(graph, budget, to_the_end);
          CAPTURE(seed, violations, states_max, to_the_end);
          REQUIRE(found.states == expected.states);
          REQUIRE(found.transitions == expected.transitions);
          REQUIRE(found.depth == expected.depth);
          REQUIRE(found.stopped == expected.stopped);
          REQUIRE(found.observed == expected.observed);
          REQUIRE(found.way == expected.way);
          violated += expected.observed.violated;
          REQUIRE(found.states <= states_max);
          over_budget += expected.stopped && expected.states == states_max;
        }
  CHECK(violated > 100);
  CHECK(over_budget > 100);
}

TEST_CASE("a budget of as many states as there are is enough") {
  Random graph{.states = 2'000, .seed = 1, .violations = 1'000'000'000};
  const auto whole = explore(graph, {}, true);
  CHECK(whole.exhausted());
  CHECK(explore(graph, {.states_max = whole.states}, true).exhausted());
  const auto cut = explore(graph, {.states_max = whole.states - 1}, true);
  CHECK_FALSE(cut.exhausted());
  CHECK(cut.states == whole.states - 1);
}

TEST_CASE("a search asks whether to go on at the start and every thousand transitions or so") {
  Random graph{.states = 20'000, .seed = 1, .violations = 1'000'000'000};
  std::vector<std::uint64_t> asked;
  StateBudget budget{.go_on = [&](const Explored& explored) {
    asked.push_back(explored.transitions);
    return true;
  }};
  const auto whole = explore(graph, budget, true);
  CHECK(whole.exhausted());
  REQUIRE(whole.transitions > 8'192);
  CHECK(asked.size() > whole.transitions / 1100);
  CHECK(asked[0] == 0);
  for (std::size_t i = 1; i < asked.size(); ++i) CHECK(asked[i] - asked[i - 1] < 1100);
  std::size_t left = 2;
  budget.go_on = [&](const Explored&) { return --left > 0; };
  CHECK_FALSE(explore(graph, budget, true).exhausted());
}

}  // namespace
}  // namespace cacherace::search
