#include "sim/search/enumerate.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "sim/search/smallest.hpp"
#include "tests/search/interleavings.hpp"

namespace cacherace::search {
namespace {

TEST_CASE("every interleaving is visited once, in lexicographic order") {
  std::vector<std::vector<Actor>> visited;
  const auto coverage = enumerate(Interleavings{{3, 2, 1}}, {}, [&](const History& history) {
    visited.push_back(actors_of(history));
    CHECK(history.finals.size() == 1);
    return true;
  });
  CHECK(coverage.schedules == 60);  // 6! / (3! 2! 1!)
  CHECK(coverage.exhausted());
  CHECK(visited.size() == 60);
  CHECK(std::is_sorted(visited.begin(), visited.end()));
  CHECK(std::set(visited.begin(), visited.end()).size() == 60);
}

TEST_CASE("transitions count shared prefixes once") {
  // Two actors with one step each: a, ab, b, ba.
  const auto coverage = enumerate(Interleavings{{1, 1}}, {}, [](const History&) { return true; });
  CHECK(coverage == Coverage{.schedules = 2, .transitions = 4});
}

TEST_CASE("nothing to do is one empty schedule") {
  const auto coverage = enumerate(Interleavings{{}}, {}, [](const History& history) {
    CHECK(history.steps.empty());
    return true;
  });
  CHECK(coverage.schedules == 1);
  CHECK(coverage.exhausted());
}

TEST_CASE("a budget that ends is not exhaustion; one that just suffices is") {
  const auto all = [](const History&) { return true; };
  const Interleavings model{{2, 2}};  // six schedules
  CHECK(enumerate(model, {.schedules_max = 6}, all).exhausted());
  const auto cut = enumerate(model, {.schedules_max = 5}, all);
  CHECK(cut.schedules == 5);
  CHECK_FALSE(cut.exhausted());
  CHECK(enumerate(model, {.steps_max = 4}, all).exhausted());
  const auto shallow = enumerate(model, {.steps_max = 3}, all);
  CHECK(shallow.schedules == 0);
  CHECK(shallow.cut == 6);
  CHECK_FALSE(shallow.exhausted());
}

TEST_CASE("executions that are cut are paid for like complete ones") {
  const auto coverage = enumerate(Interleavings{{30, 30}}, {.schedules_max = 100, .steps_max = 20},
                                  [](const History&) { return true; });
  CHECK(coverage.cut == 100);
  CHECK_FALSE(coverage.exhausted());
}

TEST_CASE("a visitor that has seen enough ends the exploration") {
  int visits = 0;
  const auto coverage =
      enumerate(Interleavings{{2, 2}}, {}, [&](const History&) { return ++visits < 2; });
  CHECK(visits == 2);
  CHECK_FALSE(coverage.exhausted());
}

TEST_CASE("an exploration can be interrupted") {
  std::uint64_t asked = 0;
  const auto coverage =
      enumerate(Interleavings{{8, 8}}, {.go_on = [&](const Coverage&) { return ++asked < 2; }},
                [](const History&) { return true; });
  CHECK(asked == 2);
  CHECK_FALSE(coverage.exhausted());
  CHECK(coverage.schedules > 0);
}

constexpr auto always = [] { return true; };

TEST_CASE("what can be left out is left out, one by one") {
  const auto kept = without_needless(
      6, [](const std::vector<bool>& subset) { return subset[0] && (subset[2] || subset[5]); },
      always);
  CHECK(kept == std::vector<bool>{true, false, true, false, false, false});
  CHECK(without_needless(
            3, [](const std::vector<bool>&) { return true; }, [] { return false; }) ==
        std::vector<bool>(3, true));
}

TEST_CASE("the smallest subset is found, and the first one of its size") {
  std::vector<std::size_t> sizes;
  const auto kept = smallest_subset(
      5, 5,
      [&](const std::vector<bool>& subset) {
        sizes.push_back(static_cast<std::size_t>(std::count(subset.begin(), subset.end(), true)));
        return subset[3] && (subset[1] || subset[4]);
      },
      always);
  CHECK(kept == std::vector<bool>{false, true, false, true, false});
  CHECK(std::is_sorted(sizes.begin(), sizes.end()));
  const auto never = [](const std::vector<bool>&) { return false; };
  const auto whole = [](const std::vector<bool>& subset) {
    return std::find(subset.begin(), subset.end(), false) == subset.end();
  };
  CHECK_FALSE(smallest_subset(4, 4, never, always));
  CHECK_FALSE(smallest_subset(4, 3, whole, always));
  CHECK_FALSE(smallest_subset(4, 4, whole, [] { return false; }));
}

TEST_CASE("all sizes are tried together where there are few subsets") {
  CHECK(largest_size_within(12, 4'096) == 12);
  CHECK(largest_size_within(13, 4'096) == 6);  // 13 + 78 + 286 + 715 + 1287 + 1716 = 4095
  CHECK(largest_size_within(24, 4'096) == 3);
  CHECK(largest_size_within(10'000, 4'096) == 0);
  CHECK(largest_size_within(0, 4'096) == 0);
}

}  // namespace
}  // namespace cacherace::search
