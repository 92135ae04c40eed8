// Times step by step against times from all bounds at once.

#include "sim/search/timetable.hpp"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "tests/support/prop.hpp"

namespace cacherace::search {
namespace {

using Running = Timetable::Running;
using AtLeast = Timetable::AtLeast;

struct Bounds {
  std::size_t warm = 0, steps = 0;
  std::vector<std::vector<Running>> running;  // until each step, and after the last one
  std::vector<std::vector<AtLeast>> at_least;
};

// One matrix over all moments; O(steps³).
std::vector<Bound> from_all_at_once(const Bounds& bounds) {
  const auto place = [&](Timetable::Moment moment) {
    return moment < bounds.steps ? bounds.warm + moment : Timetable::before_all(0) - moment;
  };
  Zone all = Zone::of_any_age(bounds.warm + bounds.steps);
  const auto hold = [&](std::size_t a, std::size_t b, Bound bound) {
    REQUIRE(all.keep(a, b, bound));
  };
  for (std::size_t i = 0; i < bounds.warm; ++i) hold(i, place(0), 0);
  for (std::size_t i = 1; i < bounds.steps; ++i) hold(place(i - 1), place(i), 0);
  for (std::size_t i = 0; i <= bounds.steps; ++i) {
    for (const auto& [start, latest] : bounds.running[i])
      if (latest != unbounded) hold(place(std::min(i, bounds.steps - 1)), place(start), latest);
    if (i == bounds.steps) continue;
    for (const auto& [later, earlier, bound] : bounds.at_least[i])
      hold(place(earlier), place(later), -bound);
  }
  std::vector<Bound> times{0};
  for (std::size_t i = 1; i < bounds.steps; ++i) {
    const Bound least = -all.ahead(place(0), place(i)), most = all.ahead(place(i), place(0));
    times.push_back(roundest(least, most));
    hold(place(i), place(0), times.back());
    hold(place(0), place(i), -times.back());
  }
  return times;
}

std::vector<Bound> step_by_step(const Bounds& bounds) {
  Timetable timetable;
  for (std::size_t i = 0; i < bounds.steps; ++i)
    timetable.add_step(bounds.running[i], bounds.at_least[i]);
  return *timetable.round_times(bounds.running[bounds.steps], [] { return true; });
}

// Bounds that some times meet: those that are drawn first.
Bounds drawn_bounds() {
  const auto number = [](Bound most) { return *rc::gen::inRange<Bound>(0, most + 1); };
  Bounds bounds;
  bounds.warm = static_cast<std::size_t>(number(2));
  bounds.steps = static_cast<std::size_t>(1 + number(9));
  std::map<Timetable::Moment, Bound> at;
  for (std::size_t i = 0; i < bounds.warm; ++i) at[Timetable::before_all(i)] = -number(40);
  for (std::size_t i = 0; i < bounds.steps; ++i) at[i] = i == 0 ? 0 : at[i - 1] + number(30);
  std::vector<Running> clocks;
  for (std::size_t i = 0; i < bounds.warm; ++i) clocks.push_back({Timetable::before_all(i), 0});
  for (std::size_t i = 0; i <= bounds.steps; ++i) {
    const Bound now = at[std::min(i, bounds.steps - 1)];
    for (auto& [start, latest] : clocks)
      latest = number(3) == 0 ? unbounded : now - at[start] + number(20);
    bounds.running.push_back(clocks);
    if (i == bounds.steps) break;
    auto& least = bounds.at_least.emplace_back();
    for (const auto& clock : clocks) {
      if (number(2) == 0)
        least.push_back({i, clock.start, std::max<Bound>(0, now - at[clock.start] - number(10))});
      if (const auto& other =
              clocks[static_cast<std::size_t>(number(static_cast<Bound>(clocks.size()) - 1))];
          at[other.start] > at[clock.start] && number(4) == 0)
        least.push_back({other.start, clock.start, at[other.start] - at[clock.start]});
    }
    std::erase_if(clocks, [&](const auto&) { return number(3) == 0; });
    for (Bound more = number(2); more > 0; --more) clocks.push_back({i, 0});
  }
  return bounds;
}

TEST_CASE("times that are found step by step are those that all bounds at once give") {
  std::size_t not_least = 0;
  test::prop("step by step and all at once agree",
             [&] {
               const auto bounds = drawn_bounds();
               const auto times = step_by_step(bounds);
               RC_ASSERT(times == from_all_at_once(bounds));
               for (std::size_t i = 1; i < times.size(); ++i) not_least += times[i] > times[i - 1];
             },
             {.cases = test::fast ? 3000 : 300});
  CHECK(not_least > 100);
}

// A lock that is looked at every 50 ms, for an hour: 144,000 steps. The times of one block depend
// on the blocks after it.
TEST_CASE("times are found in linear time, whatever the last step asks of the first ones") {
  constexpr std::size_t steps = test::fast ? 144'000 : 10'000;
  Timetable timetable;
  std::vector<Running> running;
  for (std::size_t i = 0; i < steps; ++i) {
    running.clear();
    running.push_back({0, unbounded});
    if (i > 0) running.push_back({i - 1, 50'000'000});
    std::vector<AtLeast> at_least;
    if (i > 1) at_least.push_back({i, i - 1, 49'000'000});
    // The last one comes as late as it can.
    if (i + 1 == steps) at_least.push_back({i, 0, Bound{50'000'000} * (steps - 1)});
    timetable.add_step(running, at_least);
  }
  const auto times = *timetable.round_times({}, [] { return true; });

  REQUIRE(times.size() == steps);
  for (std::size_t i = 0; i < steps; ++i)
    if (times[i] != Bound{50'000'000} * static_cast<Bound>(i))
      FAIL("step " << i << " at " << times[i]);
}

TEST_CASE("who looks for times asks now and then whether to go on") {
  Timetable timetable;
  for (std::size_t i = 0; i < 2 * Timetable::steps_between; ++i) timetable.add_step({}, {});
  int asked = 0;
  CHECK_FALSE(timetable.round_times({}, [&] { return ++asked < 2; }).has_value());
  CHECK(asked == 2);
}

}  // namespace
}  // namespace cacherace::search
