// Clocks of packed states: when a move is possible, and when one has to come.

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/engine/graph/race_graph.hpp"

namespace cacherace::engine {
namespace {

using Kind = Choice::Kind;

constexpr ClockId tagged(std::uint64_t tag, std::uint64_t rest) { return tag << 60 | rest; }
constexpr ClockId replica_clock(std::uint32_t replica, std::uint64_t commit) {
  return tagged(6, std::uint64_t{replica} << 40 | commit);
}

constexpr ClockId give_up_clock(Actor actor) { return tagged(8, actor); }

bool by_client(Choice choice) {
  return choice.kind == Kind::take || choice.kind == Kind::branch || choice.kind == Kind::lose ||
         choice.kind == Kind::delay;
}

}  // namespace

ClockId RaceGraph::actor_clock(std::size_t actor) { return tagged(4, actor); }

// Some move depends on more than the two parts that it changes.
bool RaceGraph::learns() const {
  return !race_.coupled() && !(options_.timing != nullptr && race_.blocks());
}

// A step, and when it is issued and answered.
Step RaceGraph::perform(Race::State& state, Choice choice) const {
  Step step = race_.step(state, choice);
  if (options_.timing != nullptr) step.around = options_.timing->around(step);
  return step;
}

// What the move that is added next measures and claims.
void RaceGraph::ask(const Step& step, std::span<Word> words, Moves& moves) {
  auto& timed = moves.timed_.emplace_back();
  timed.span = monitor_.measure(step, memory(words));
  claims_.clear();
  monitor_.claims(step, memory(words), claims_);
  timed.claims = moves.claims_.size();
  timed.claims_count = claims_.size();
  moves.claims_.insert(moves.claims_.end(), claims_.begin(), claims_.end());
}

// A waiter that knows time looks again after each wait, and gives up when it has waited enough.
Race::Choices RaceGraph::choices_of(std::span<const Word> words, Actor actor) {
  Race::Choices choices;
  const Local& part = local(words, actor);
  const Effect& pending = part.client.pending;
  const auto& state = unpacked(words);
  if (options_.timing == nullptr || pending.kind != EffectKind::wait) {
    race_.add_client_choices(state, actor, choices);
  } else if (options_.timing->bounded()) {
    choices.push_back({.actor = actor});
    choices.push_back({.kind = Kind::branch, .actor = actor});
  } else {
    if (state.world.worth_polling(actor, start_of_time)) choices.push_back({.actor = actor});
    choices.push_back({.kind = Kind::branch, .actor = actor});
  }
  return choices;
}

// It could not go on before the step, and can now.
bool RaceGraph::freed(const Race::State& state, std::size_t actor) const {
  if (!race_.blocks() || !unpacked_ || actor >= unpacked_->world.clients.size()) return false;
  const auto who = static_cast<world::ClientIndex>(actor);
  return unpacked_->world.clients[actor].busy() && state.world.clients[actor].busy() &&
         !unpacked_->world.enabled(who) && state.world.enabled(who);
}

void RaceGraph::set_time(Local& local, const Race::State& state, std::span<const Word> before,
                         const Step* step, std::size_t actor) const {
  const RaceTiming& timing = *options_.timing;
  if (!local.client.busy() || step == nullptr) return;
  if (!is_same(state, before, step, actor)) {  // a new task
    local.runs = true;
    local.gap = timing.until_task(*step, local.client, local.task.durable);
    return;
  }
  const Local& was = this->local(before, actor);
  if (actor != step->actor) {
    local.runs = was.runs;
    local.gap = was.gap;
    local.looks = was.looks;
    if (!freed(state, actor)) return;
    // It may have waited already, or is still on its way or paused.
    local.gap = {Duration{0}, was.gap.latest};
    return;
  }
  local.runs = true;
  if (step->completes) {
    local.gap = timing.between(*step, local.client);
    return;
  }
  local.gap = timing.within(*step, local.client);
  if (local.client.waiting && timing.bounded())
    local.looks = was.looks + (step->effect.kind == EffectKind::wait ? 1U : 0U);
}

ClockId RaceGraph::clock_of(const Race::Expiring& entry) const {
  constexpr std::uint64_t key_bits = 24, version_bits = 30;
  SIM_ASSERT(entry.name.key < 1U << key_bits && entry.name.name_version < 1U << version_bits);
  const auto space =
      static_cast<std::uint64_t>(entry.name.space) << 1 | static_cast<std::uint64_t>(entry.local);
  return tagged(5, (space << key_bits | entry.name.key) << version_bits | entry.name.name_version);
}

// It has waited since the first look that it waited for, and for that one before.
void RaceGraph::bind_waiter(const Local& part, Choice choice, Moves::Timed& timed) const {
  const Effect& wait = part.client.pending;
  if (wait.kind != EffectKind::wait || !options_.timing->bounded()) return;
  const bool gives_up = choice.kind == Kind::branch;
  const Duration left = wait.give_up - wait.after;
  if (part.looks == 0) {
    if (gives_up != (left <= Duration{0}))
      timed.bind({.clock = actor_clock(choice.actor), .latest = Duration{-1}});  // never
  } else if (gives_up) {
    timed.bind({.clock = give_up_clock(choice.actor), .earliest = left});
  } else {
    timed.bind({.clock = give_up_clock(choice.actor), .latest = left - Duration{1}});
  }
}

// What the move that was added last is bound to, and which clocks it starts again.
void RaceGraph::bind(std::span<const Word> words, Choice choice, const Step& step,
                     std::span<const Word> next, Moves& moves) {
  auto& timed = moves.timed_.back();
  const Shared& shared = shareds_.by_number[words[0]];
  if (by_client(choice)) {
    const Local& part = local(words, choice.actor);
    if (part.runs) timed.bind({actor_clock(choice.actor), part.gap.earliest});
    bind_waiter(part, choice, timed);
  } else if (choice.kind == Kind::apply) {
    const auto applied = shared.world.database.applied(choice.which);
    timed.bind({replica_clock(choice.which, applied), options_.timing->lag().earliest});
  } else if (choice.kind == Kind::expire || choice.kind == Kind::soften ||
             choice.kind == Kind::expire_local) {
    const auto& entry = shared.expiring[choice.which];
    timed.bind({clock_of(entry), race_.due(shared.world, entry).earliest});
  }
  timed.restarts = moves.restarts_.size();
  if (choice.actor < replica_actor) moves.restarts_.push_back(actor_clock(choice.actor));
  const auto& expiring = shareds_.by_number[next[0]].expiring;
  SIM_ASSERT(step.timers <= expiring.size());
  for (std::size_t i = expiring.size() - step.timers; i < expiring.size(); ++i)
    moves.restarts_.push_back(clock_of(expiring[i]));
  timed.restarts_count = moves.restarts_.size() - timed.restarts;
}

const std::vector<RaceGraph::Clock>& RaceGraph::clocks(std::span<const Word> state) {
  clocks_.clear();
  const Shared& shared = shareds_.by_number[state[0]];
  std::optional<Race::State> whole;
  if (race_.blocks()) whole = unpack(state);
  for (std::size_t actor = 0; actor < view(state).actors; ++actor) {
    const Local& part = local(state, actor);
    if (!part.client.busy() || !part.runs) continue;
    const bool blocked = whole && !whole->world.enabled(static_cast<world::ClientIndex>(actor));
    clocks_.push_back({actor_clock(actor), blocked ? Duration::max() : part.gap.latest});
    if (part.looks > 0)
      clocks_.push_back({give_up_clock(static_cast<Actor>(actor)), Duration::max()});
  }
  for (const auto& entry : shared.expiring)
    clocks_.push_back({clock_of(entry), race_.due(shared.world, entry).latest, entry.warm});
  const auto& database = shared.world.database;
  for (std::uint32_t replica = 0; replica < database.replicas(); ++replica)
    for (auto commit = database.applied(replica); commit < database.commits(); ++commit)
      clocks_.push_back({replica_clock(replica, commit), options_.timing->lag().latest});
  monitor_clocks_.clear();
  scratch_.assign(state.begin(), state.end());
  monitor_.clocks(memory(scratch_), monitor_clocks_);
  for (const ClockId id : monitor_clocks_) clocks_.push_back({id, Duration::max()});
  return clocks_;
}

}  // namespace cacherace::engine
