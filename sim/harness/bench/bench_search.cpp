// How fast states are recognised: a race searched to its end.

#include "sim/core/assert.hpp"
#include "sim/engine/race/plan.hpp"
#include "sim/harness/bench/bench_parts.hpp"
#include "sim/harness/explore/explore_race.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::harness {
namespace {

constexpr const char* race_text = R"({
  "race": {
    "clients": [{"name": "reader", "count": 4, "do": ["read user:7"]},
                {"name": "writer", "count": 2, "do": ["write user:7"]}],
    "start": "cold"
  }
})";

struct Timed {
  std::uint64_t states = 0;
  double seconds = 0;
};

}  // namespace

std::vector<report::Bench::Search> bench_search(const BenchRounds& rounds) {
  const auto scenario = load_scenario(race_text, "bench");
  SIM_ASSERT(scenario);
  const Question question{.property = &judge::no_stale_residue,
                          .limit = judge::no_stale_residue.limit};
  const engine::Race race =
      race_of(engine::plan(*scenario), strategy::compose(scenario::Strategy{}), question);
  std::vector<report::Bench::Search> results;
  for (const bool symmetry : {false, true}) {
    const auto timed = rounds.run("search", [&]() -> std::optional<Timed> {
      const double start = rounds.options.seconds();
      const auto found =
          explore_race(race, question, {}, {.symmetry = symmetry, .to_the_end = true});
      return Timed{found.explored.states, rounds.options.seconds() - start};
    });
    if (timed.empty()) break;
    results.push_back({.race = "4 readers and 2 writers of a key, cache-aside",
                       .symmetry = symmetry,
                       .states = timed.front().states,
                       .states_per_s = median_of(timed, [](const Timed& t) {
                         return static_cast<double>(t.states) / t.seconds;
                       })});
  }
  return results;
}

}  // namespace cacherace::harness
