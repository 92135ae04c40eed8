#include "sim/engine/clock/agenda.hpp"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <map>
#include <queue>
#include <tuple>
#include <vector>

#include "sim/core/stream.hpp"

namespace cacherace::engine {
namespace {

// The obvious agenda: look at all of them.
struct Oracle {
  std::map<RunActor, std::pair<SimTime, std::uint32_t>> moments;

  std::pair<SimTime, RunActor> next() const {
    std::tuple<SimTime, std::uint32_t, RunActor> best{never, ~0U, ~0U};
    for (const auto& [actor, moment] : moments)
      best = std::min(best, std::tuple{moment.first, moment.second, actor});
    return {std::get<0>(best), std::get<2>(best)};
  }
};

TEST_CASE("an agenda yields the same order as looking at every moment") {
  for (const RunActor actors : {1U, 2U, 4U, 5U, 17U, 64U, 70U, 300U}) {
    Agenda agenda(actors);
    Oracle oracle;
    for (std::uint32_t i = 0; i < 3000; ++i) {
      const Draw random = draw(actors, i, Purpose::effect, 0);
      const auto actor = static_cast<RunActor>(random.first % actors);
      // Few different moments and ties, so that both levels of the order are met.
      const SimTime at = start_of_time + Duration((random.second >> 8) % 50);
      const auto tie = static_cast<std::uint32_t>(random.second % 4);
      if (random.second % 7 == 0) {
        agenda.clear(actor);
        oracle.moments.erase(actor);
      } else {
        agenda.set(actor, at, tie);
        oracle.moments[actor] = {at, tie};
      }
      const auto [time, next] = oracle.next();
      REQUIRE(agenda.next_time() == time);
      if (time != never) REQUIRE(agenda.next() == next);
    }
  }
}

TEST_CASE("growing keeps what is pending") {
  Agenda agenda(2);
  agenda.set(1, start_of_time + Duration(5), 0);
  agenda.grow(100);
  agenda.set(99, start_of_time + Duration(4), 0);
  CHECK(agenda.next() == 99);
  agenda.clear(99);
  CHECK(agenda.next() == 1);
}

TEST_CASE("an agenda of many actors yields the order of a priority queue") {
  using Moment = std::tuple<SimTime, std::uint32_t, RunActor>;
  constexpr RunActor actors = 5000;
  Agenda agenda(1);
  std::priority_queue<Moment, std::vector<Moment>, std::greater<>> oracle;
  const auto set = [&](RunActor actor, SimTime from, std::uint32_t index) {
    const Draw random = draw(7, actor, Purpose::effect, index);
    const SimTime at = from + Duration(random.first % 1000);
    const auto tie = static_cast<std::uint32_t>(random.second % 3);
    agenda.set(actor, at, tie);
    oracle.emplace(at, tie, actor);
  };
  for (RunActor actor = 0; actor < actors; ++actor) {
    agenda.grow(actor + 1);
    set(actor, start_of_time, 0);
  }
  for (std::uint32_t i = 1; i < 50'000; ++i) {
    const auto [at, tie, actor] = oracle.top();
    oracle.pop();
    REQUIRE(agenda.next() == actor);
    REQUIRE(agenda.next_time() == at);
    set(actor, at, i);
  }
}

}  // namespace
}  // namespace cacherace::engine
