// Races of random scripts: a search of states says what plain enumeration says, with and without
// taking two histories of a client for one.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>
#include <map>

#include "sim/engine/race/plan.hpp"
#include "sim/engine/race/schedule.hpp"
#include "sim/harness/explore/explore_race.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/script/script_error.hpp"
#include "sim/strategy/strategy.hpp"
#include "tests/scripts/random_operations.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

using engine::Race;

strategy::Strategy composed(const scenario::Scenario& scenario, bool merges) {
  strategy::Strategy strategy = strategy::compose(scenario.strategies[0]);
  strategy.make_script = [inner = strategy.make_script, merges](
                             const strategy::RowNames& rows, strategy::Scripted::Options options) {
    options.merges = merges;
    return inner(rows, options);
  };
  return strategy;
}

// What every schedule of a race shows, by property.
struct Shown {
  bool whole = true;
  std::string error;  // of the script; then nothing else counts
  std::uint64_t schedules = 0;
  struct OfProperty {
    bool arose = false, violated = false;
    std::uint64_t measured = 0;
    bool operator==(const OfProperty&) const = default;
  };
  std::map<std::string, OfProperty> properties;
};

class Enumeration {
 public:
  Enumeration(const Race& race, std::vector<const judge::Property*> properties,
              std::uint64_t schedules_max)
      : race_(race), properties_(std::move(properties)), schedules_max_(schedules_max) {}

  Shown take() {
    try {
      visit(race_.initial());
    } catch (const script::ScriptError& error) {
      shown_.error = error.what();
    }
    return std::move(shown_);
  }

 private:
  void visit(const Race::State& state) {
    constexpr std::size_t steps_max = 40;
    const auto choices = race_.pending(state);
    if (choices.empty()) return judge_it(state);
    if (history_.steps.size() == steps_max) shown_.whole = false;
    for (const auto& choice : choices) {
      if (!shown_.whole) return;
      Race::State next = state;
      history_.steps.push_back(race_.step(next, choice));
      visit(next);
      history_.steps.pop_back();
    }
  }
  void judge_it(const Race::State& state) {
    if (++shown_.schedules > schedules_max_) {
      shown_.whole = false;
      return;
    }
    history_.finals = race_.finals(state);
    for (const auto* property : properties_) {
      const auto judged = judge::judge_history(*property, history_, property->limit);
      auto& of = shown_.properties[std::string(property->name)];
      of.arose |= judged.arose;
      of.violated |= judged.finding.has_value();
      of.measured = std::max(of.measured, judged.measured);
    }
    history_.finals.clear();
  }

  const Race& race_;
  std::vector<const judge::Property*> properties_;
  std::uint64_t schedules_max_;
  History history_;
  Shown shown_;
};

struct Tally {
  std::uint64_t races = 0, whole = 0, erring = 0, violated = 0, schedules = 0, timed = 0;
};

scenario::Scenario race_of_seed(std::uint64_t seed, bool timed) {
  const auto loaded = harness::load_scenario(random_race_of_script(seed, timed),
                                             (root() / "tests/scripts/x.json").string());
  INFO(seed);
  REQUIRE(loaded.has_value());
  return *loaded;
}

// Nothing where the budget ends.
std::optional<Shown::OfProperty> searched(const Race& race, const judge::Property& property,
                                          std::string& error) {
  harness::Question question;
  question.property = &property;
  question.limit = property.limit;
  try {
    const auto found = harness::explore_race(race, question, {.states_max = 50'000},
                                             {.to_the_end = property.measures});
    if (!found.violation && !found.explored.exhausted()) return std::nullopt;
    return Shown::OfProperty{.arose = found.explored.observed.arose,
                             .violated = found.violation.has_value(),
                             .measured = found.explored.observed.measured};
  } catch (const script::ScriptError& wrong) {
    error = wrong.what();
  }
  return std::nullopt;
}

void compare_untimed(std::uint64_t seed, std::uint64_t schedules_max, Tally& tally) {
  const auto scenario = race_of_seed(seed, false);
  INFO("seed " << seed << "\n" << scenario.json);
  const auto plan = engine::plan(scenario);
  const auto properties = judge::untimed_properties();
  ++tally.races;
  const auto merging = composed(scenario, true), plain = composed(scenario, false);
  const Race race(plan, merging), unmerged(plan, plain);
  const Shown shown = Enumeration(race, properties, schedules_max).take();
  const Shown again = Enumeration(unmerged, properties, schedules_max).take();
  CHECK(shown.error == again.error);
  CHECK(shown.schedules == again.schedules);
  CHECK(shown.properties == again.properties);
  tally.erring += !shown.error.empty();
  if (!shown.whole || !shown.error.empty()) return;
  ++tally.whole;
  tally.schedules += shown.schedules;
  for (const auto* property : properties) {
    INFO(property->name);
    if (property == &judge::loads_in_flight && merging.reads_several) continue;  // refused
    const auto& expected = shown.properties.at(std::string(property->name));
    for (const Race* each : {&race, &unmerged}) {
      std::string error;
      const auto found = searched(*each, *property, error);
      CHECK(error == "");
      if (!found) continue;
      CHECK(found->violated == expected.violated);
      tally.violated += expected.violated;
      if (!expected.violated || property->measures) CHECK(found->arose == expected.arose);
      if (property->measures) CHECK(found->measured == expected.measured);
    }
  }
}

// Where time counts: with and without merging, and whatever no order shows, none in time does.
void compare_timed(std::uint64_t seed, Tally& tally) {
  const auto scenario = race_of_seed(seed, true);
  INFO("seed " << seed << "\n" << scenario.json);
  const auto plan = engine::plan(scenario);
  ++tally.timed;
  for (const auto* property : judge::all_properties) {
    INFO(property->name);
    std::vector<std::string> said;
    for (const bool merges : {true, false}) {
      const auto strategy = composed(scenario, merges);
      harness::Question question;
      question.property = property;
      question.limit = property->limit;
      question.timing = harness::timing_of(scenario, strategy);
      std::string says;
      try {
        const auto found = harness::explore_race(harness::race_of(plan, strategy, question),
                                                 question, {.states_max = 20'000}, {});
        if (!found.violation && !found.explored.exhausted()) continue;
        says = std::to_string(found.violation.has_value()) + " " +
               std::to_string(found.worst.value_or(-1)) + " " +
               (found.violation ? "" : std::to_string(found.explored.observed.arose));
      } catch (const script::ScriptError& error) {
        says = "error";
      }
      said.push_back(says);
    }
    if (said.size() == 2) CHECK(said[0] == said[1]);
  }
}

TEST_CASE("searches of random scripts agree with plain enumeration", "[race]") {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) compare_untimed(seed, 1'500, tally);
  CHECK(tally.whole > 40);
  CHECK(tally.violated > 20);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) compare_timed(seed, tally);
}

// By hand: SCRIPTS_FROM=1000 SCRIPTS=5000 test_scripts "[.many-races]"
TEST_CASE("searches of many random scripts agree with plain enumeration", "[.many-races]") {
  const auto number = [](const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);  // tidy: chosen by hand
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  };
  Tally tally;
  const auto from = number("SCRIPTS_FROM", 1000), count = number("SCRIPTS", 1000);
  for (std::uint64_t seed = from; seed < from + count; ++seed) {
    compare_untimed(seed, 5'000, tally);
    if (seed % 10 == 0) compare_timed(seed, tally);
  }
  std::cout << tally.races << " races, " << tally.whole << " completely, with " << tally.schedules
            << " schedules; " << tally.erring << " end in an error of the script, "
            << tally.violated << " violations; " << tally.timed << " where time counts\n";
}

}  // namespace
}  // namespace cacherace::test
