#include "sim/harness/counterexample/clock_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/engine/clock/clock.hpp"
#include "sim/engine/race/race_timing.hpp"
#include "sim/harness/counterexample/latencies_for.hpp"

namespace cacherace::harness {
namespace {

using engine::Race;
using scenario::KeyStart;

constexpr std::uint64_t seed = 1;

std::optional<std::string> reason_against(const Race& race, const History& history) {
  const auto& plan = race.plan();
  const auto& layout = race.strategy().layout;
  if (plan.replicas > 0) return "it has replicas, which lag";
  if (layout.processes > 1) return "there are several processes";
  if (layout.transactions || race.strategy().follows_log)
    return "clients queue for a row or a commit";
  const auto all = [&](KeyStart start) {
    return std::all_of(plan.starts.begin(), plan.starts.end(),
                       [&](KeyStart other) { return other == start; });
  };
  if (!all(KeyStart::cold) && !all(KeyStart::warm)) return "keys start in different ways";
  if (!race.initial().expiring.empty()) return "warm entries have a TTL";
  for (std::size_t i = 0; i + 1 < history.steps.size(); ++i)
    if (history.steps[i].actor == clock_actor && history.steps[i + 1].at == history.steps[i].at)
      return "an entry expires at the moment of another step";
  for (const Step& step : history.steps) {
    const bool by_chance = step.turn == Turn::branched && step.effect.kind != EffectKind::wait;
    if (by_chance || step.effect.ttl_spread != Duration{0}) return "some steps are random";
    if (step.actor == fault_actor || !step.happened() || step.serves == OperationKind::mishap)
      return "there are faults";
  }
  return std::nullopt;
}

// The operations of one client, each when it arrives.
struct Operations final : engine::RequestSource {
  struct Operation {
    Key key;
    OperationKind kind;
    SimTime at;
  };
  std::vector<Operation> all;
  std::size_t given = 0;

  std::optional<engine::Request> next() override {
    if (given == all.size()) return std::nullopt;
    const auto& operation = all[given++];
    // To the nanosecond: it is that one of the nanoseconds of its second.
    constexpr std::uint64_t second = 1'000'000'000;
    const auto at = static_cast<std::uint64_t>((operation.at - start_of_time).count());
    return engine::Request{.row = operation.key,
                           .kind = operation.kind,
                           .second = at / second,
                           .index = at % second,
                           .count = second};
  }
};

struct Log final : Observer {
  std::vector<Happened> effects;
  void effect(const Happened& happened) override { effects.push_back(happened); }
  void query_started(const QueryStart&) override {}
  void query_queued(std::uint32_t, SimTime) override {}
  void query_rejected(SimTime) override {}
  void cache_blocked(Duration, SimTime) override {}
  void timed_out(const TimedOut&) override {}
  void value_gone(Key, Gone, SimTime) override {}
  void finished(const Served&) override {}
  void task_finished(ClientId) override {}
};

// Traffic in which each client of the race has a flow of its own, and nothing is drawn.
scenario::Scenario traffic_of(scenario::Scenario scenario, const Race& race) {
  const auto& plan = race.plan();
  scenario.cache.maxmemory.reset();
  scenario.cache.command = scenario.cache.per_key = Duration{0};
  scenario.cache.active_expiry = false;
  scenario.database.connections = static_cast<std::uint32_t>(2 * plan.scripts.size() + 100);
  scenario.database.replicas = {};
  scenario.clients = {};
  scenario.keys = {};
  scenario.keys.count = plan.rows.size();
  scenario.keys.popularity = scenario::UniformKeys{};
  scenario.keys.groups = race.strategy().layout.groups;
  scenario.keys.derived = {.per_key = plan.derived, .known = plan.known};
  constexpr auto almost_all_time = std::chrono::hours(24 * 365 * 190);  // that a run has
  scenario.traffic = {.duration = almost_all_time, .flows = {}, .incidents = {}};
  scenario.traffic.prefill = plan.starts.front() == KeyStart::warm;
  const scenario::Trace trace{.path = "", .format = scenario::Trace::Format::twitter};  // has times
  for (const auto& script : plan.scripts)
    scenario.traffic.flows.push_back({.name = script.client, .load = trace, .from = {}, .to = {}});
  return scenario;
}

bool same(const Reply& a, const Reply& b) {
  return a.found == b.found && a.version == b.version && a.soft == b.soft &&
         a.refused == b.refused && a.failed == b.failed;
}

// What the world holds at that time, as the end of an execution. What expires at that very moment
// is still there, unless the execution ends with that.
std::vector<FinalKey> finals_at(const Race& race, world::World world, SimTime now,
                                bool ends_with_expiry) {
  const SimTime gone_before = later(now, Duration{ends_with_expiry ? 1 : 0});
  for (world::Cache* cache : {&world.cache, &world.locals})
    for (world::SlotId slot = 0; slot < cache->slots(); ++slot)
      if (cache->entry(slot).present() && cache->entry(slot).expires_at < gone_before)
        cache->remove(slot);
  return race.finals(
      {.world = std::move(world), .operation = {}, .tasks = {}, .expiring = {}, .faults = {}});
}

ClockReplay departed(std::string says) {
  return {.outcome = ClockReplay::Outcome::departed, .says = std::move(says)};
}

// Whether the engine did what the history says, `origin` after its start.
ClockReplay compare(const Race& race, const History& history, const Log& log,
                    const world::World& world, Duration origin) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    if (step.actor >= replica_actor) continue;  // entries expire by themselves
    if (done == log.effects.size()) return departed(fmt::format("step {} does not happen", i + 1));
    const Happened& found = log.effects[done++];
    if (found.effect.kind != step.effect.kind || found.effect.key != step.effect.key)
      return departed(fmt::format("step {} is {}", i + 1, name(found.effect)));
    if (found.at != later(step.at, origin))
      return departed(fmt::format("step {} happens at {}, not at {}", i + 1,
                                  duration_text(found.at - later(start_of_time, origin)),
                                  duration_text(step.at - start_of_time)));
    if (!same(found.reply, step.reply))
      return departed(fmt::format("step {} has a different reply", i + 1));
  }
  if (done != log.effects.size()) return departed("it continues after the last step");
  const Step& last = history.steps.back();
  if (finals_at(race, world, later(last.at, origin), last.actor == clock_actor) != history.finals)
    return departed("its final state differs");
  return {};
}

}  // namespace

ClockReplay replay_in_clock(const scenario::Scenario& scenario, const Race& race,
                            const History& history) {
  if (const auto reason = reason_against(race, history))
    return {.outcome = ClockReplay::Outcome::not_tried, .says = *reason};
  const auto latencies = latencies_for(scenario, race, history, seed);
  if (!latencies)
    return {.outcome = ClockReplay::Outcome::not_tried,
            .says = "no single latency splits into two halves of these lengths"};

  const auto traffic = traffic_of(scenario, race);
  std::vector<Operations> operations(race.plan().scripts.size());
  for (const auto& start : latencies->starts) {
    const auto& planned = race.plan().scripts[start.client].operations[start.operation];
    operations[start.client].all.push_back({.key = planned.key,
                                            .kind = planned.kind == scenario::Operation::Kind::read
                                                        ? OperationKind::read
                                                        : OperationKind::write,
                                            .at = start.at});
  }
  std::vector<engine::RequestSource*> sources;
  for (auto& of_client : operations) sources.push_back(&of_client);
  Log log;
  const engine::KeySampler keys(traffic.keys);
  engine::Clock clock(traffic, race.strategy(), keys, seed, log, sources, &latencies->answers);
  clock.run([](SimTime) { return true; });
  return compare(race, history, log, clock.world(), latencies->origin);
}

}  // namespace cacherace::harness
