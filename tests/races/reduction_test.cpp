// The search that recognises states and plain enumeration agree, in races and under strategies that
// nobody chose.

#include <catch2/catch_test_macros.hpp>
#include <optional>

#include "sim/harness/explore/explore_race.hpp"
#include "sim/search/enumerate.hpp"
#include "tests/races/random_race.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

// Few of the drawn races are small enough for plain enumeration where it is slow.
constexpr int cases = fast ? 3'000 : 300;
constexpr std::uint64_t schedules_max = fast ? 3'000 : 300;

// What all properties come to over all schedules, by their judges; nothing if there are too many.
std::optional<std::vector<Observed>> judged(const engine::Race& race) {
  const auto properties = judge::untimed_properties();
  std::vector<Observed> all(properties.size());
  const auto coverage =
      search::enumerate(race, {.schedules_max = schedules_max}, [&](const History& history) {
        for (std::size_t i = 0; i < properties.size(); ++i) {
          const auto judgement = properties[i]->judge(history, properties[i]->limit);
          all[i].add({.arose = judgement.arose,
                      .violated = judgement.finding.has_value(),
                      .measured = judgement.measured});
        }
        return true;
      });
  if (!coverage.exhausted()) return std::nullopt;
  return all;
}

std::vector<Observed> explored(const engine::Race& race, bool symmetry) {
  std::vector<Observed> all;
  for (const auto* property : judge::untimed_properties()) {
    const auto found = harness::explore_race(race, {.property = property, .limit = property->limit},
                                             {}, {.symmetry = symmetry, .to_the_end = true});
    RC_ASSERT(found.explored.exhausted());
    RC_ASSERT(found.violation.has_value() == found.explored.observed.violated);
    all.push_back(found.explored.observed);
  }
  return all;
}

std::string text(const std::vector<Observed>& all) {
  std::string out;
  const auto properties = judge::untimed_properties();
  for (std::size_t i = 0; i < all.size(); ++i)
    out += std::string(properties[i]->name) + (all[i].violated ? " violated" : " -") +
           (all[i].arose ? " arose " : " - ") + std::to_string(all[i].measured) + "\n";
  return out;
}

TEST_CASE("recognising states changes no verdict and no worst case, under any strategy", "[race]") {
  int compared = 0;
  prop("the reduced search and plain enumeration agree",
       [&] {
         const auto race = random_race();
         const auto expected = judged(race);
         if (!expected) return;
         ++compared;
         RC_ASSERT(text(explored(race, false)) == text(*expected));
         RC_ASSERT(text(explored(race, true)) == text(*expected));
       },
       {.cases = cases});
  CAPTURE(compared);
  CHECK(compared > (fast ? cases / 3 : cases / 10));
}

// By enumeration: of the schedules that violate, the fewest steps, then the fewest context
// switches, then the first.
std::optional<History> shortest_of_all(const engine::Race& race, const judge::Property& property) {
  std::optional<History> shortest;
  const auto size = [](const History& history) {
    return std::pair(history.steps.size(), context_switches(history.steps));
  };
  search::enumerate(race, {}, [&](const History& history) {
    if (property.judge(history, property.limit).finding &&
        (!shortest || size(history) < size(*shortest)))
      shortest = history;
    return true;
  });
  return shortest;
}

TEST_CASE("the shortest violation is the one that enumeration finds, under any strategy",
          "[race]") {
  int compared = 0;
  prop("both choose the same steps",
       [&] {
         const auto race = random_race();
         const auto expected = judged(race);
         if (!expected) return;
         const auto properties = judge::untimed_properties();
         for (std::size_t i = 0; i < properties.size(); ++i) {
           const harness::Question question{.property = properties[i],
                                            .limit = properties[i]->limit};
           const auto found = harness::shortest_violation(race, question, {});
           RC_ASSERT(found.has_value() == (*expected)[i].violated);
           if (!found) continue;
           ++compared;
           RC_ASSERT(found->history.steps == shortest_of_all(race, *properties[i])->steps);
         }
       },
       {.cases = cases / 3});
  CAPTURE(compared);
  CHECK(compared > (fast ? cases / 10 : cases / 100));
}

}  // namespace
}  // namespace cacherace::test
