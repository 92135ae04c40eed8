// What the clock engine simulates is what the search allows: effect by effect, at the times at
// which they fell. The engine draws one latency and splits it, queues for servers and lets replies
// travel; the search knows bounds on gaps. Neither knows of the other.

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/clock/clock.hpp"
#include "sim/engine/graph/race_graph.hpp"
#include "sim/harness/counterexample/clock_replay.hpp"
#include "sim/harness/explore/explore_race.hpp"
#include "sim/scenario/file/load.hpp"
#include "sim/search/check_times.hpp"
#include "tests/races/table/strategy_list.hpp"
#include "tests/races/time_oracle/random_timed_race.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

using namespace std::chrono_literals;

// Under which clients live in places that the two sides choose differently, or replicas tell
// nothing of what they apply.
bool comparable(const std::string& slots) {
  for (const char* word : {"processes", "nodes", "local-cache", "hold-off", "remote-marker"})
    if (slots.find(word) != std::string::npos) return false;
  return true;
}

// Reads and writes of one row, one after another.
struct Operations final : engine::RequestSource {
  explicit Operations(OperationKind operation) : kind(operation) {}
  std::optional<engine::Request> next() override {
    if (given++ > 0) return std::nullopt;
    return engine::Request{.row = 0, .kind = kind};
  }
  OperationKind kind;
  int given = 0;
};

// An operation or a task begins with its first effect; it is over when the engine says so.
struct Log final : Observer {
  struct Line {
    Happened happened;
    std::uint64_t who = 0;  // never used twice
  };
  std::vector<Line> lines;

  void effect(const Happened& happened) override {
    const auto [known, is_new] = at_work_.try_emplace(happened.client, next_);
    next_ += is_new;
    lines.push_back({happened, known->second});
  }
  void query_started(const QueryStart&) override {}
  void query_queued(std::uint32_t, SimTime) override {}
  void query_rejected(SimTime) override {}
  void cache_blocked(Duration, SimTime) override {}
  void timed_out(const TimedOut&) override {}
  void value_gone(Key, Gone, SimTime) override {}
  void finished(const Served& served) override { at_work_.erase(served.client); }
  void task_finished(ClientId client) override { at_work_.erase(client); }

 private:
  std::map<ClientId, std::uint64_t> at_work_;
  std::uint64_t next_ = 0;
};

bool same(const Reply& a, const Reply& b) {
  return a.found == b.found && a.version == b.version && a.soft == b.soft &&
         a.refused == b.refused && a.failed == b.failed;
}

// Finds the steps of the race that the log tells of. Who is who is tried: clients that do the same
// look the same.
class Matching {
 public:
  Matching(const engine::Race& race, const engine::RaceTiming& timing, const Log& log)
      : race_(race), timing_(timing), log_(log) {}

  bool exists() { return go_on({.race = race_.initial(), .ends = {}}, 0); }

 private:
  struct State {
    engine::Race::State race;
    std::map<std::pair<world::Space, Key>, SimTime> ends;  // of entries with a TTL
  };

  bool go_on(const State& now, std::size_t line) {
    const auto& state = now.race;
    if (line == log_.lines.size()) return race_.pending(state).empty() && in_time();
    return expires(now, line) || happens(now, line);
  }

  // An entry expires before the next line, which tells nothing of that.
  bool expires(const State& now, std::size_t line) {
    for (const auto choice : race_.pending(now.race)) {
      if (choice.kind != engine::Choice::Kind::expire) continue;
      const auto& name = now.race.expiring[choice.which].name;
      const SimTime end = now.ends.at({name.space, name.key});
      if (end > log_.lines[line].happened.at) continue;
      State next = now;
      add(race_.step(next.race, choice), end);
      if (go_on(next, line)) return true;
      take_back();
    }
    return false;
  }

  bool happens(const State& now, std::size_t line) {
    const auto& state = now.race;
    const auto& [happened, who] = log_.lines[line];
    const auto known = actors_.find(who);
    for (const auto choice : race_.pending(state)) {
      if (choice.actor >= state.world.clients.size()) continue;
      if (known != actors_.end() && known->second != choice.actor) continue;
      const auto& client = state.world.clients[choice.actor];
      if (known == actors_.end() && client.under_way) continue;
      if (client.task != happened.task || client.operation != happened.serves) continue;
      State next = now;
      const Step step = race_.step(next.race, choice);
      if (step.effect.kind != happened.effect.kind || step.effect.key != happened.effect.key ||
          step.effect.version != happened.effect.version || !same(step.reply, happened.reply))
        continue;
      if (known == actors_.end()) actors_[who] = choice.actor;
      add(step, happened.at);
      const auto& expiring = next.race.expiring;
      for (std::size_t i = expiring.size() - step.timers; i < expiring.size(); ++i)
        next.ends[{expiring[i].name.space, expiring[i].name.key}] =
            later(happened.at, happened.effect.ttl);
      if (go_on(next, line + 1)) return true;
      take_back();
      if (known == actors_.end()) actors_.erase(who);
    }
    return false;
  }

  void add(const Step& step, SimTime at) {
    steps_.push_back(step);
    times_.push_back(at - log_.lines.front().happened.at);
  }
  void take_back() {
    steps_.pop_back();
    times_.pop_back();
  }

  bool in_time() const {
    const Monitor nothing;
    engine::RaceGraph graph(race_, nothing, {.timing = &timing_});
    return !search::check_times(graph, steps_, times_).has_value();
  }

  const engine::Race& race_;
  const engine::RaceTiming& timing_;
  const Log& log_;
  std::map<std::uint64_t, Actor> actors_;
  std::vector<Step> steps_;
  std::vector<Duration> times_;
};

std::string text_of(const Log& log) {
  std::string text;
  for (const auto& [happened, who] : log.lines)
    text += std::to_string(happened.at.time_since_epoch().count()) + " ns: " + std::to_string(who) +
            " " + std::string(name(happened.effect)) + "\n";
  return text;
}

scenario::Scenario scenario_with(std::string_view slots, int readers, int writers,
                                 std::uint32_t pauses) {
  auto scenario = scenario::load(
      R"({"cache": {"latency": "200us..1ms"},
          "database": {"read": "5ms..30ms", "write": "5ms..20ms"},
          "keys": {"count": 1, "popularity": "uniform"},
          "clients": {"pause": {"share": )" +
          std::to_string(pauses) + R"(, "length": "0s..20ms"}},
          "strategies": {"the strategy": {)" +
          std::string(slots) + R"(}},
          "race": {"timing": "latencies", "pause_max": ")" +
          (pauses > 0 ? "20ms" : "0s") + R"(",
                   "clients": [{"name": "reader", "count": )" +
          std::to_string(readers) + R"(, "do": ["read user:7"]}, {"name": "writer", "count": )" +
          std::to_string(writers) + R"(, "do": ["write user:7"]}]}})",
      "test.json");
  INFO(slots);
  REQUIRE(scenario.has_value());
  scenario->traffic.duration = 1s;
  scenario->traffic.flows.clear();
  // All within a twentieth of a second.
  const scenario::Trace trace{
      .path = "", .format = scenario::Trace::Format::twitter, .speed = Decimal{20 * Decimal::one}};
  for (int i = 0; i < readers + writers; ++i)
    scenario->traffic.flows.push_back({.name = "client", .load = trace, .from = {}, .to = {}});
  return *scenario;
}

struct Compared {
  std::uint64_t runs = 0, overlapping = 0, expired = 0, too_slow = 0;
};

void compare(const ListedStrategy& listed, std::string_view slots, std::uint64_t seed,
             Compared& compared) {
  const int readers = 1 + static_cast<int>(seed % 3), writers = 1 + static_cast<int>(seed % 2);
  const auto scenario =
      scenario_with(slots, readers, writers, static_cast<std::uint32_t>(seed / 3 % 2));
  const auto strategy = strategy::compose(scenario.strategies[0]);
  std::vector<Operations> operations;
  for (int i = 0; i < readers + writers; ++i)
    operations.emplace_back(i < readers ? OperationKind::read : OperationKind::write);
  std::vector<engine::RequestSource*> traces;
  for (auto& operation : operations) traces.push_back(&operation);
  Log log;
  const engine::KeySampler keys(scenario.keys);
  engine::Clock clock(scenario, strategy, keys, seed, log, traces);
  REQUIRE(clock.run([](SimTime) { return true; }));

  const engine::Race race(engine::plan(scenario), strategy, true);
  const engine::RaceTiming timing(scenario, strategy);
  ++compared.runs;
  compared.overlapping += log.lines.size() > 1 && log.lines[0].who != log.lines[1].who;
  for (const auto& [happened, who] : log.lines) compared.expired += happened.reply.expired;
  CAPTURE(listed.name, slots, seed, text_of(log));
  CHECK(Matching(race, timing, log).exists());

  auto faster = scenario;
  faster.database.read = scenario::Uniform{5ms, 15ms};
  const engine::RaceTiming tighter(faster, strategy);
  compared.too_slow += !Matching(race, tighter, log).exists();
}

TEST_CASE("the search allows what the clock engine simulates, under any strategy", "[race]") {
  constexpr std::uint64_t seeds = fast ? 500 : 8;
  Compared compared;
  for (const auto& group : strategy_groups())
    for (const auto& listed : group.strategies)
      if (!listed.in_time && comparable(std::string(listed.slots)))
        for (std::uint64_t seed = 1; seed <= seeds; ++seed)
          compare(listed, listed.slots, seed, compared);
  CHECK(compared.runs > 40 * seeds);
  CHECK(compared.overlapping > compared.runs / 10);
  CHECK(compared.too_slow > compared.runs / 10);  // for a database that the engine does not have
}

TEST_CASE("the search allows what the clock engine simulates while entries expire", "[race]") {
  constexpr std::uint64_t seeds = fast ? 500 : 3;
  Compared compared;
  for (const char* strategy : {"TTL", "jittered TTL", "TTL alone", "set after the commit, TTL kept",
                               "set after the commit, TTL dropped", "set, then expire"}) {
    std::string slots(listed(strategy).slots);
    INFO("the TTL of " << strategy);
    REQUIRE(slots.find("60s") != std::string::npos);
    slots.replace(slots.find("60s"), 3, "12ms");
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
      compare(listed(strategy), slots, seed, compared);
  }
  CHECK(compared.expired > compared.runs / 20);
}

TEST_CASE("the clock engine simulates what the search finds, under any strategy", "[race]") {
  constexpr int cases = fast ? 1'000 : 10;
  std::map<harness::ClockReplay::Outcome, int> outcomes;
  std::map<std::string, int> reasons;
  prop("the same effects at the same times",
       [&] {
         const auto [scenario, race] = random_timed_race();
         const engine::RaceTiming timing(scenario, race.strategy());
         for (const auto* property : judge::untimed_properties()) {
           const harness::Question question{
               .property = property, .limit = property->limit, .timing = timing};
           const auto found = harness::explore_race(race, question, {.states_max = 1'000}, {});
           if (!found.violation) continue;
           const auto replayed = harness::replay_in_clock(scenario, race, found.violation->history);
           ++outcomes[replayed.outcome];
           ++reasons[replayed.says];
           RC_ASSERT(replayed.outcome != harness::ClockReplay::Outcome::departed);
         }
       },
       {.cases = cases});
  for (const auto& [reason, count] : reasons) UNSCOPED_INFO(count << " " << reason);
  CHECK(outcomes[harness::ClockReplay::Outcome::same] > cases / 20);
}

}  // namespace
}  // namespace cacherace::test
