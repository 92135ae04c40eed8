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
constexpr ClockId freed_clock(std::size_t actor) { return tagged(9, actor); }

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
  const std::size_t choice = moves.timed_.empty() ? 0 : moves.timed_.back().choice + 1;
  auto& timed = moves.timed_.emplace_back();
  timed.choice = choice;
  claims_.clear();
  if (step.node == 0) {
    timed.span = monitor_.measure(step, memory(words));
    monitor_.claims(step, memory(words), claims_);
  } else {  // each of its effects, after those before it
    asked_.assign(words.begin(), words.end());
    each_effect(step, [&](const Step& effect) {
      const auto span = monitor_.measure(effect, memory(asked_));
      if (!timed.span) timed.span = span;
      monitor_.claims(effect, memory(asked_), claims_);
      monitor_.observe(effect, false, memory(asked_));
      // No time passes in between: what begins with the step begins at its last effect, too.
      if (step.actor >= view(words).actors) return;
      const std::size_t own = view(words).memory() + step.actor * monitor_.actor_words;
      std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(own), monitor_.actor_words,
                  asked_.begin() + static_cast<std::ptrdiff_t>(own));
    });
  }
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
  if (!race_.blocks() || !unpacked_) return false;
  // A task that has ended may have no place any more, before or after the step.
  if (actor >= unpacked_->world.clients.size() || actor >= state.world.clients.size()) return false;
  const auto who = static_cast<world::ClientIndex>(actor);
  return unpacked_->world.clients[actor].busy() && state.world.clients[actor].busy() &&
         !unpacked_->world.enabled(who) && state.world.enabled(who);
}

// It goes on when it would have by itself; or now, if it would have before. Which of the two it is
// says its clock.
boost::container::small_vector<RaceGraph::WayOn, 2> RaceGraph::ways_on(const Local& part,
                                                                       std::size_t actor) const {
  boost::container::small_vector<WayOn, 2> ways;
  const auto add = [&](Gap own, Gap freed) -> WayOn& {
    WayOn& way = ways.emplace_back(WayOn{.local = part});
    way.local.gap = own;
    way.local.freed.reset();
    if (freed == Gap{}) return way;
    way.local.freed = freed;
    way.restarts = freed_clock(actor);
    return way;
  };
  const Gap again = options_.timing->once_freed(part.client.pending.kind);
  const Gap no_sooner{again.earliest, Duration::max()};
  const bool waited = part.freed && part.freed->latest != Duration::max();  // for another before
  if (part.gap.latest == Duration::max()) {
    add(part.gap, waited ? again : no_sooner);
    return ways;
  }
  const Duration last_issue = part.gap.latest - again.latest;
  if (last_issue > Duration{0})
    add(part.gap, no_sooner).when = {.clock = actor_clock(actor), .latest = last_issue};
  add({part.gap.earliest, Duration::max()}, again).when = {
      .clock = actor_clock(actor), .earliest = std::max(Duration{0}, last_issue)};
  return ways;
}

// Each way in which they may go on makes a move of its own.
void RaceGraph::free_others(std::span<const Word> words, const Race::State& next, Moves& moves) {
  const std::size_t first = moves.size() - 1;
  for (std::size_t actor = 0; actor < view(words).actors; ++actor) {
    if (!freed(next, actor) || !local(moves.next(first), actor).runs) continue;
    const auto take = [&](const WayOn& way, std::size_t move) {
      const std::size_t begin = moves.items_[move].begin;
      moves.words_[begin + view(moves.next(move)).local(actor)] = number(way.local);
      auto& timed = moves.timed_[move];
      if (way.when) timed.bind(*way.when);
      if (way.restarts != no_clock) timed.restarts.push_back(way.restarts);
    };
    const auto ways = ways_on(local(moves.next(first), actor), actor);
    const std::size_t end = moves.size();
    for (std::size_t way = 1; way < ways.size(); ++way)
      for (std::size_t move = first; move < end; ++move) {
        moves.repeat(move);
        take(ways[way], moves.size() - 1);
      }
    for (std::size_t move = first; move < end; ++move) take(ways[0], move);
  }
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
    local.freed = was.freed;
    local.looks = was.looks;
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
    if (part.freed) timed.bind({freed_clock(choice.actor), part.freed->earliest});
    bind_waiter(part, choice, timed);
  } else if (choice.kind == Kind::apply) {
    const auto applied = shared.world.database.applied(choice.which);
    timed.bind({replica_clock(choice.which, applied), options_.timing->lag().earliest});
  } else if (choice.kind == Kind::expire || choice.kind == Kind::soften ||
             choice.kind == Kind::expire_local) {
    const auto& entry = shared.expiring[choice.which];
    timed.bind({clock_of(entry), race_.due(shared.world, entry).earliest});
  }
  if (choice.actor < replica_actor) timed.restarts.push_back(actor_clock(choice.actor));
  const auto& expiring = shareds_.by_number[next[0]].expiring;
  SIM_ASSERT(step.timers <= expiring.size());
  for (std::size_t i = expiring.size() - step.timers; i < expiring.size(); ++i)
    timed.restarts.push_back(clock_of(expiring[i]));
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
    const auto latest = [&](Gap gap) { return blocked ? Duration::max() : gap.latest; };
    clocks_.push_back({actor_clock(actor), latest(part.gap)});
    if (part.freed) clocks_.push_back({freed_clock(actor), latest(*part.freed)});
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
