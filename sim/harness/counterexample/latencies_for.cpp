#include "sim/harness/counterexample/latencies_for.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/engine/race/race_timing.hpp"
#include "sim/engine/race/schedule.hpp"

namespace cacherace::harness {
namespace {

using engine::Race;
using engine::StreamName;

// Nanoseconds.
struct Range {
  std::int64_t least = 0, most = 0;
  bool empty() const { return least > most; }
};
constexpr std::int64_t endless = std::int64_t{1} << 60;

Range operator&(Range a, Range b) { return {std::max(a.least, b.least), std::min(a.most, b.most)}; }
Range range_of(const engine::Gap& gap) {
  return {gap.earliest.count(), gap.latest == Duration::max() ? endless : gap.latest.count()};
}

// One effect of an operation or a task: it follows another one of the same, or the one that started
// the task; after its reply, a delay, a pause and its own way to the server.
struct Node {
  const Step* step = nullptr;
  StreamName name = 0;
  std::uint32_t repeat = 0;  // effects of its kind before it
  std::optional<std::size_t> after;
  Range delay;  // of a task that starts with it, or of a look after a wait
  Range pause;
  bool starts_task = false;
  // Of its latency: what is possible, and what is taken.
  Range latency;
  std::int64_t taken = 0;

  std::int64_t at() const { return (step->at - start_of_time).count(); }
};

// How much of a latency lies before the effect, and after it.
std::int64_t head(EffectKind kind, std::int64_t latency) {
  if (party(kind) == Party::cache) return latency / 2;
  return party(kind) == Party::database && kind != EffectKind::db_read ? latency : 0;
}
std::int64_t tail(EffectKind kind, std::int64_t latency) {
  if (party(kind) == Party::cache) return latency - latency / 2;
  return kind == EffectKind::db_read ? latency : 0;
}
// The shortest latency of which that lies before the effect; 0 where nothing does.
std::int64_t latency_with_head(EffectKind kind, std::int64_t head) {
  if (party(kind) == Party::cache) return 2 * head;
  return party(kind) == Party::database && kind != EffectKind::db_read ? head : 0;
}
// The latencies of which that lies after the effect.
Range latencies_with_tail(EffectKind kind, Range tail) {
  if (party(kind) == Party::cache) return {2 * tail.least - 1, 2 * tail.most};
  if (kind == EffectKind::db_read) return tail;
  return tail.least <= 0 && tail.most >= 0 ? Range{0, endless} : Range{1, 0};
}

// Performs the steps again, and tells who follows whom.
class Chains {
 public:
  Chains(const scenario::Scenario& scenario, const Race& race, std::uint64_t seed)
      : scenario_(scenario), race_(race), seed_(seed), state_(race.initial()) {}

  std::vector<Node> of(const std::vector<Step>& steps) {
    for (const Step& step : steps) follow(step);
    return std::move(nodes_);
  }

 private:
  struct AtWork {
    StreamName name = 0;
    std::optional<std::size_t> last;
    bool durable = false;
  };

  void follow(const Step& step) {
    const auto before = state_.world.clients;
    engine::perform_again(race_, state_, step);
    if (step.actor >= replica_actor) return;
    const std::size_t planned = race_.plan().scripts.size();
    AtWork& worker = at_work_[step.actor];
    if (step.actor < planned) {
      const StreamName name = engine::operation_name(step.actor, step.operation);
      if (worker.name != name || !worker.last) worker = {.name = name, .last = {}};
    }
    add(step, worker);
    const StreamName starter = worker.name;
    const auto& clients = state_.world.clients;
    for (std::size_t slot = planned; slot < clients.size(); ++slot) {
      const bool was_there = slot < before.size() && before[slot].busy() &&
                             !(slot == step.actor && !clients[slot].under_way);
      if (!clients[slot].busy() || was_there) continue;
      const bool durable = state_.tasks[slot - planned].durable;
      at_work_[static_cast<Actor>(slot)] = {
          .name = engine::task_name(seed_, starter, started_[starter]++),
          .last = nodes_.size() - 1,
          .durable = durable};
    }
  }

  void add(const Step& step, AtWork& worker) {
    const EffectKind kind = step.effect.kind;
    Node node{.step = &step,
              .name = worker.name,
              .repeat = repeats_[{worker.name, kind}]++,
              .after = worker.last,
              .delay = {},
              .pause = {},
              .latency = latency_of(kind)};
    const std::int64_t pause = scenario_.race.pause_max.count();
    if (node.after) node.pause = {0, pause};
    node.starts_task = node.after && nodes_[*node.after].name != worker.name;
    if (node.starts_task) {
      node.delay = range_of(engine::ends_of(race_.strategy().delay_of(step.task)));
      if (worker.durable) node.pause = {};
    }
    if (kind == EffectKind::wait) {
      const std::int64_t wait = step.effect.after.count();
      node.delay = {wait, wait};
    }
    // For a flight to land, for as long as that takes.
    if (kind == EffectKind::flight_wait) node.delay = {0, endless};
    worker.last = nodes_.size();
    nodes_.push_back(node);
  }

  Range latency_of(EffectKind kind) const {
    switch (party(kind)) {
      case Party::process:
        return {};
      case Party::cache:
        return range_of(engine::ends_of(scenario_.cache.latency));
      case Party::database:
        return range_of(engine::ends_of(kind == EffectKind::db_read ? scenario_.database.read
                                                                    : scenario_.database.write));
    }
    return {};
  }

  const scenario::Scenario& scenario_;
  const Race& race_;
  std::uint64_t seed_;
  Race::State state_;
  std::vector<Node> nodes_;
  std::map<Actor, AtWork> at_work_;
  std::map<StreamName, std::uint32_t> started_;
  std::map<std::pair<StreamName, EffectKind>, std::uint32_t> repeats_;
};

// Keeps the latencies that leave some for every effect that follows. False when none do.
bool narrow(std::vector<Node>& nodes) {
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const Node& node = nodes[i];
    if (node.latency.empty()) return false;
    if (!node.after) continue;
    Node& before = nodes[*node.after];
    const std::int64_t gap = node.at() - before.at();
    const EffectKind kind = node.step->effect.kind;
    const Range tails{gap - head(kind, node.latency.most) - node.pause.most - node.delay.most,
                      gap - head(kind, node.latency.least) - node.pause.least - node.delay.least};
    before.latency = before.latency & latencies_with_tail(before.step->effect.kind, tails);
  }
  return true;
}

// From the first one on: of what is possible after the one before, the shortest latency.
std::optional<Latencies> choose(std::vector<Node>& nodes) {
  Latencies chosen;
  for (const Node& node : nodes)
    if (!node.after) chosen.origin = std::max(chosen.origin, Duration(node.latency.least));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Node& node = nodes[i];
    const EffectKind kind = node.step->effect.kind;
    node.taken = node.latency.least;
    engine::Answers::OfEffect answer{
        .pause = {}, .latency = {}, .tie = static_cast<std::uint32_t>(i)};
    if (!node.after) {
      chosen.starts.push_back(
          {.client = node.step->actor,
           .operation = node.step->operation,
           .at = later(node.step->at, chosen.origin - Duration(head(kind, node.taken)))});
    } else {
      const Node& before = nodes[*node.after];
      const std::int64_t left =
          node.at() - before.at() - tail(before.step->effect.kind, before.taken);
      const std::int64_t shortest =
          latency_with_head(kind, left - node.pause.most - node.delay.most);
      node.taken = std::min(std::max(node.taken, shortest), node.latency.most);
      const std::int64_t slack = left - head(kind, node.taken);
      if (slack < node.pause.least + node.delay.least || slack > node.pause.most + node.delay.most)
        return std::nullopt;
      const bool joined = kind == EffectKind::flight_wait;
      const std::int64_t pause = std::min(node.pause.most, slack - node.delay.least);
      answer.pause = Duration(pause);
      if (node.starts_task) chosen.answers.delays[node.name] = Duration(slack - pause);
      SIM_ASSERT(joined || node.starts_task || slack - pause == node.delay.least);
    }
    answer.latency = Duration(node.taken);
    chosen.answers.effects[{node.name, kind, node.repeat}] = answer;
  }
  return chosen;
}

}  // namespace

std::optional<Latencies> latencies_for(const scenario::Scenario& scenario, const Race& race,
                                       const History& history, std::uint64_t seed) {
  auto nodes = Chains(scenario, race, seed).of(history.steps);
  if (!narrow(nodes)) return std::nullopt;
  return choose(nodes);
}

}  // namespace cacherace::harness
