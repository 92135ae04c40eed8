// A sample counts states as an exhaustive search does.

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/engine/race/race_digest.hpp"
#include "sim/search/explore.hpp"
#include "sim/search/sample.hpp"
#include "tests/races/random_race.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

constexpr std::uint64_t states_max = 20'000;

TEST_CASE("a sample never meets more states than there are") {
  std::size_t compared = 0, with_tasks = 0;
  prop("states of a sample <= states of the race, and equal once all were met",
       [&] {
         const auto race = random_race();
         const Monitor nothing;
         engine::RaceGraph graph(race, nothing, {.symmetry = false});
         const auto all = search::explore(graph, {.states_max = states_max}, true);
         RC_PRE(all.exhausted());
         boost::unordered_flat_set<std::uint64_t> met;
         for (std::uint64_t execution = 0; execution < 300; ++execution)
           search::draw_execution(race, search::RandomWalk(1, execution), 1000,
                                  [&](const engine::Race::State& state) {
                                    met.insert(engine::canonical_digest(race, state));
                                    with_tasks += state.tasks.size() > 1;
                                    return true;
                                  });
         RC_ASSERT(met.size() <= all.states);
         ++compared;
       },
       {.cases = fast ? 300 : 30});
  CHECK(compared > 10);
  CHECK(with_tasks > 100);
}

}  // namespace
}  // namespace cacherace::test
