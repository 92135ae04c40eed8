// Classes of schedules: two are equal up to swapping neighbours that do not conflict (Mazurkiewicz
// traces). Counted by normal forms over all schedules, and by a walk with sleep sets, which
// completes one schedule of each class. As many as independent programs have counted: whether a
// version is a count of commits or the name of its writer changes states, but no class.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/races/race_builder.hpp"

namespace cacherace::test {
namespace {

bool depend(Actor a, const Effect& of_a, Actor b, const Effect& of_b) {
  return a == b || conflicts(of_a, of_b);
}

// Of all schedules of the class the first one by who takes the steps: again and again the first
// client whose next step depends on none that is still to come before it.
std::string normal_form(const std::vector<Step>& steps) {
  std::vector<const Step*> left;
  for (const Step& step : steps) left.push_back(&step);
  std::string form;
  while (!left.empty()) {
    auto first = left.end();
    for (auto step = left.begin(); step != left.end(); ++step) {
      const bool may_be_next = std::none_of(left.begin(), step, [&](const Step* before) {
        return depend(before->actor, before->effect, (*step)->actor, (*step)->effect);
      });
      if (may_be_next && (first == left.end() || (*step)->actor < (*first)->actor)) first = step;
    }
    form += static_cast<char>('a' + (*first)->actor);
    left.erase(first);
  }
  return form;
}

// By normal form, what each schedule of the class leaves. Fails when two leave something else.
std::map<std::string, std::vector<FinalKey>> classes(const engine::Race& race) {
  std::map<std::string, std::vector<FinalKey>> classes;
  search::enumerate(race, {}, [&](const History& history) {
    const auto [known, is_new] = classes.try_emplace(normal_form(history.steps), history.finals);
    REQUIRE(known->second == history.finals);
    return true;
  });
  return classes;
}

// Godefroid 1996: a step that was tried before sleeps until one that depends on it is taken.
class SleepSets {
 public:
  explicit SleepSets(const engine::Race& race) : race_(race) {}

  std::uint64_t count() { return count(race_.initial(), {}); }

 private:
  struct Asleep {
    Actor actor;
    Effect effect;
  };

  std::uint64_t count(const engine::Race::State& state, std::vector<Asleep> asleep) {
    const auto choices = race_.pending(state);
    if (choices.empty()) return 1;
    std::uint64_t complete = 0;
    for (const auto choice : choices) {
      if (std::any_of(asleep.begin(), asleep.end(),
                      [&](const Asleep& other) { return other.actor == choice.actor; }))
        continue;
      auto next = state;
      const Effect effect = race_.step(next, choice).effect;
      std::vector<Asleep> still;
      for (const Asleep& other : asleep)
        if (!depend(other.actor, other.effect, choice.actor, effect)) still.push_back(other);
      complete += count(next, std::move(still));
      asleep.push_back({choice.actor, effect});
    }
    return complete;
  }

  const engine::Race& race_;
};

engine::Race race_of(int readers, int writers) {
  return race(readers_and_writers({.readers = readers, .writers = writers}),
              scenario::DeleteAfter{});
}

struct Golden {
  int readers, writers;
  std::uint64_t classes;
};

TEST_CASE("schedules fall into as many classes as counted independently", "[race]") {
  for (const auto& [readers, writers, expected] :
       std::vector<Golden>{{1, 1, 5}, {2, 1, 48}, {3, 1, 633}, {2, 2, 1'016}}) {
    CAPTURE(readers, writers);
    CHECK(classes(race_of(readers, writers)).size() == expected);
    CHECK(SleepSets(race_of(readers, writers)).count() == expected);
  }
}

TEST_CASE("three readers and two writers have one class in 234 schedules", "[race]") {
  CHECK(SleepSets(race_of(3, 2)).count() == 25'908);
}

TEST_CASE("four readers and two writers have 815,152 classes", "[race][slow]") {
  CHECK(SleepSets(race_of(4, 2)).count() == 815'152);
}

}  // namespace
}  // namespace cacherace::test
