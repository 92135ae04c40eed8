#pragma once
// Runs a scenario's traffic, and keeps what the clock engine tells.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string_view>
#include <vector>

#include "sim/engine/clock/clock.hpp"

namespace cacherace::engine {

using namespace std::chrono_literals;
using scenario::Constant;

constexpr SimTime at(Duration d) { return start_of_time + d; }

struct Recorder final : Observer {
  struct Blocked {
    Duration time{};
    SimTime at;
    bool operator==(const Blocked&) const = default;
  };
  std::vector<Happened> effects;
  std::vector<Served> served;
  std::vector<QueryStart> queries;
  std::vector<Blocked> blocked;
  std::vector<SimTime> timeouts;
  std::uint32_t longest_queue = 0;
  int rejected = 0;
  // Once the run is over.
  ServerStats server;
  std::uint64_t digest = 0;
  SimTime end;

  void effect(const Happened& happened) override { effects.push_back(happened); }
  void query_started(const QueryStart& query) override { queries.push_back(query); }
  void query_queued(std::uint32_t length, SimTime) override {
    longest_queue = std::max(longest_queue, length);
  }
  void query_rejected(SimTime) override { ++rejected; }
  void cache_blocked(Duration time, SimTime at) override { blocked.push_back({time, at}); }
  void timed_out(const TimedOut& command) override { timeouts.push_back(command.at); }
  void value_gone(Key, Gone, SimTime) override {}
  void finished(const Served& done) override { served.push_back(done); }
  void task_finished(ClientId) override {}

  /// The effects of one kind.
  std::vector<Happened> of(EffectKind kind) const {
    std::vector<Happened> found;
    for (const auto& happened : effects)
      if (happened.effect.kind == kind) found.push_back(happened);
    return found;
  }
  /// When each of them took effect.
  std::vector<SimTime> moments(EffectKind kind) const {
    std::vector<SimTime> moments;
    for (const auto& happened : of(kind)) moments.push_back(happened.at);
    return moments;
  }
};

inline Recorder record(const scenario::Scenario& scenario) {
  Recorder recorder;
  const auto strategy = strategy::compose(scenario.strategies[0], scenario.clients.retries);
  const KeySampler keys(scenario.keys);
  Clock clock(scenario, strategy, keys, scenario.seed, recorder);
  CHECK(clock.run([](SimTime) { return true; }));
  recorder.server = clock.server_stats();
  recorder.digest = clock.digest();
  recorder.end = clock.now();
  return recorder;
}

/// One key, constant latencies, arrivals at 100 ms, 200 ms, …
inline scenario::Scenario steady(Share reads, Duration duration = 150ms) {
  scenario::Scenario s;
  s.cache.latency = Constant{1ms};
  s.database.read = Constant{10ms};
  s.database.write = Constant{6ms};
  s.keys.count = 1;
  s.keys.popularity = scenario::UniformKeys{};
  s.strategies.emplace_back();
  s.traffic.duration = duration;
  s.traffic.flows = {{.name = "web",
                      .load = scenario::OpenLoop{{10 * Decimal::one}, scenario::ConstantArrivals{}},
                      .reads = reads}};
  return s;
}

}  // namespace cacherace::engine
