#include "sim/search/state_table.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <vector>

#include "sim/core/stream.hpp"

namespace cacherace::search {
namespace {

using State = std::vector<Word>;

// What a table should do.
class Oracle {
 public:
  StateTable::Added add(const State& state) {
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    const auto [known, is_new] = numbers_.try_emplace(state, next);
    if (is_new) states_.push_back(state);
    return {.number = known->second, .is_new = is_new};
  }
  const std::vector<State>& states() const { return states_; }

 private:
  std::map<State, std::uint32_t> numbers_;
  std::vector<State> states_;
};

bool equal(StateTable::Added a, StateTable::Added b) {
  return a.number == b.number && a.is_new == b.is_new;
}

void check_states(const StateTable& table, const std::vector<State>& expected) {
  REQUIRE(table.size() == expected.size());
  State copy;
  for (std::uint32_t number = 0; number < table.size(); ++number) {
    const auto words = table[number];
    REQUIRE(State(words.begin(), words.end()) == expected[number]);
    table.copy(number, copy);
    REQUIRE(copy == expected[number]);
  }
}

// Adds all to both, in groups of random size, and compares.
void check_against_oracle(const std::vector<State>& states) {
  StateTable table;
  Oracle oracle;
  Words random(1, 0, Purpose::request);
  for (std::size_t i = 0; i < states.size();) {
    const std::size_t end = std::min(i + random.below(40), states.size());
    for (std::size_t j = i; j < end; ++j) table.stage(states[j]);
    const auto added = table.add_staged();
    REQUIRE(added.size() == end - i);
    for (; i < end; ++i) REQUIRE(equal(added[added.size() - (end - i)], oracle.add(states[i])));
  }
  check_states(table, oracle.states());
  for (const State& state : states) REQUIRE(equal(table.add(state), oracle.add(state)));
}

State random_state(Words& random, std::size_t words, std::uint64_t values) {
  State state(words);
  for (Word& word : state) word = static_cast<Word>(random.below(values));
  return state;
}

TEST_CASE("states are numbered as they come, whatever their number of words") {
  Words random(1, 0, Purpose::pause);
  for (std::size_t words = 0; words <= 20; ++words) {
    std::vector<State> states;
    for (int i = 0; i < 300; ++i) states.push_back(random_state(random, words, 3));
    check_against_oracle(states);
  }
}

TEST_CASE("a table grows and keeps its numbers") {
  Words random(1, 0, Purpose::think);
  std::vector<State> states;
  for (int i = 0; i < 100'000; ++i) states.push_back(random_state(random, 9, 5));
  check_against_oracle(states);
  CHECK(std::set(states.begin(), states.end()).size() > 90'000);
}

TEST_CASE("states of different lengths are different, even if what is missing is zero") {
  Words random(1, 0, Purpose::task);
  std::vector<State> states;
  for (std::size_t words = 0; words < 40; ++words) states.emplace_back(words);
  for (int i = 0; i < 20'000; ++i)
    states.push_back(random_state(random, random.below(12), 1 + random.below(30)));
  check_against_oracle(states);
}

TEST_CASE("greater words make room for themselves, also between others that are staged") {
  Words random(1, 0, Purpose::lag);
  for (const std::size_t words : {1U, 2U, 3U, 8U, 17U}) {
    std::vector<State> states;
    for (int bits = 1; bits <= 32; ++bits)
      for (int i = 0; i < 60; ++i)
        states.push_back(random_state(random, words, std::uint64_t{1} << bits));
    states.push_back(State(words, ~Word{0}));
    check_against_oracle(states);
    std::reverse(states.begin(), states.end());
    check_against_oracle(states);
  }
}

TEST_CASE("states with equal hashes are told apart") {
  // The first two words undo what the hash starts with; it forgets the other two then.
  std::vector<State> states;
  for (Word i = 0; i < 1'500; ++i)
    states.push_back({0x7f4a7c15U ^ 4U, 0x9e3779b9U, i % 50 * 0x01000193U, i});
  states.insert(states.end(), states.begin(), states.begin() + 200);
  check_against_oracle(states);
}

TEST_CASE("small words take little memory") {
  StateTable table;
  Words random(1, 0, Purpose::loss);
  for (int i = 0; i < 100'000; ++i) table.add(random_state(random, 10, 40));
  CHECK(table.bytes() / table.size() < 32);
}

}  // namespace
}  // namespace cacherace::search
