// How fast traffic is simulated, by the clock engine and by its peer.

#include "sim/core/assert.hpp"
#include "sim/engine/clock/clock.hpp"
#include "sim/harness/bench/bench_parts.hpp"
#include "sim/harness/bench/bench_peer.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/judge/metric/meter.hpp"

namespace cacherace::harness {
namespace {

struct Fixed {
  const char* name;
  const char* says;
  const char* text;
  Duration duration, quick;  // simulated
};

using namespace std::chrono_literals;

constexpr Fixed fixed_scenarios[] = {
    {.name = "hot keys",
     .says = "2,000 operations/s on 200 keys",
     .text = R"({"keys": {"count": 200, "popularity": {"zipf": 0.99}},
                 "traffic": {"prefill": "all", "flows": [
                   {"name": "web", "rate": "2000/s", "reads": 0.99}]}})",
     .duration = 300s,
     .quick = 30s},
    {.name = "a million keys",
     .says = "20,000 operations/s on 1,000,000 keys by Zipf",
     .text = R"({"keys": {"count": 1000000, "popularity": {"zipf": 0.99}},
                 "traffic": {"prefill": "all", "flows": [
                   {"name": "web", "rate": "20000/s", "reads": 0.99}]}})",
     .duration = 40s,
     .quick = 5s},
    {.name = "a crowd",
     .says = "250,000 clients that think, on 10,000 keys",
     .text = R"({"keys": {"count": 10000, "popularity": {"zipf": 0.99}},
                 "traffic": {"prefill": "all", "flows": [
                   {"name": "crowd", "clients": 250000, "think": {"exponential": "10s"},
                    "reads": 0.99}]}})",
     .duration = 30s,
     .quick = 5s},
};

struct Simulated {
  std::uint64_t operations = 0, effects = 0, digest = 0;
  double seconds = 0;
};

struct Round {
  Simulated ours, peer;
};

// The window is the whole run, and everything is cached at its start.
judge::Meter meter_of(const scenario::Scenario& scenario) {
  const auto keys = static_cast<Key>(scenario.keys.count);
  judge::Meter meter({.rows = keys}, start_of_time, start_of_time + scenario.traffic.duration);
  for (Key key = 0; key < keys; ++key) meter.starts_cached(key);
  return meter;
}

template <typename Engine, typename Run>
std::optional<Simulated> simulate(Engine& engine, const judge::Meter& meter,
                                  const std::function<double()>& seconds, const Run& run) {
  const double start = seconds();
  if (!run()) return std::nullopt;
  Simulated simulated{
      .effects = engine.effects(), .digest = engine.digest(), .seconds = seconds() - start};
  const MetricValues metrics = meter.metrics(0, {});
  simulated.operations =
      static_cast<std::uint64_t>(*metrics[Metric::reads] + *metrics[Metric::writes]);
  return simulated;
}

std::optional<Round> measure(const scenario::Scenario& scenario, const engine::KeySampler& keys,
                             const BenchOptions& options) {
  const auto ours = [&] {
    auto meter = meter_of(scenario);
    engine::Clock clock(scenario, strategy::compose(scenario::Strategy{}), keys, scenario.seed,
                        meter);
    return simulate(clock, meter, options.seconds,
                    [&] { return clock.run([&](SimTime) { return options.go_on("traffic"); }); });
  }();
  if (!ours) return std::nullopt;
  auto meter = meter_of(scenario);
  BenchPeer peer(scenario, keys, meter);
  const auto theirs = simulate(peer, meter, options.seconds, [&] {
    peer.run();
    return true;
  });
  // Both have done the same.
  SIM_ASSERT(ours->digest == theirs->digest && ours->operations == theirs->operations);
  return Round{*ours, *theirs};
}

double per_second(std::uint64_t count, const Simulated& simulated) {
  return static_cast<double>(count) / simulated.seconds;
}

}  // namespace

std::vector<report::Bench::Traffic> bench_traffic(const BenchRounds& rounds) {
  std::vector<report::Bench::Traffic> results;
  for (const Fixed& fixed : fixed_scenarios) {
    auto scenario = load_scenario(fixed.text, "bench");
    SIM_ASSERT(scenario);
    scenario->traffic.duration = rounds.options.quick ? fixed.quick : fixed.duration;
    const engine::KeySampler keys(scenario->keys);
    const auto timed =
        rounds.run(fixed.name, [&] { return measure(*scenario, keys, rounds.options); });
    if (timed.empty()) break;
    const auto rate = [&](auto count, auto engine) {
      return median_of(timed, [&](const Round& round) {
        return per_second((round.*engine).*count, round.*engine);
      });
    };
    results.push_back({.name = fixed.name,
                       .says = fixed.says,
                       .operations = timed.front().ours.operations,
                       .effects = timed.front().ours.effects,
                       .operations_per_s = rate(&Simulated::operations, &Round::ours),
                       .effects_per_s = rate(&Simulated::effects, &Round::ours),
                       .peer_operations_per_s = rate(&Simulated::operations, &Round::peer),
                       .ratio = median_of(timed, [](const Round& round) {
                         return round.peer.seconds / round.ours.seconds;
                       })});
  }
  return results;
}

}  // namespace cacherace::harness
