// How a packed state goes on: what each choice leads to, learnt once for each pair of parts.

#include <algorithm>
#include <utility>

#include "sim/engine/graph/race_graph.hpp"

namespace cacherace::engine {

RaceGraph::Start RaceGraph::start() {
  Start start;
  pack(race_.initial(), {}, nullptr, start.state);
  settle(start.state, start.observed);
  return start;
}

// Completes the words of a state that was just reached.
void RaceGraph::settle(std::span<Word> next, Observed& observed) {
  if (monitor_.looks) observed.add(look(next));
  if (options_.remembers_violation) next.back() |= observed.violated ? 1U : 0U;
  if (!keeps_places_) make_canonical(next);
}

Observed RaceGraph::look(std::span<Word> words) {
  pending_.clear();
  for (std::size_t actor = 0; actor < view(words).actors; ++actor) {
    const world::Client& client = local(words, actor).client;
    pending_.push_back({client.busy() ? &client.pending : nullptr, client.task});
  }
  return monitor_.look(pending_, memory(words));
}

Observed RaceGraph::end(std::span<const Word> state) {
  Observed observed;
  if (monitor_.judges_end) {
    if (finals_.size() <= state[0]) finals_.resize(state[0] + 1);
    auto& finals = finals_[state[0]];
    if (finals == nullptr) finals = &finals_kept_.emplace_back(race_.finals(unpack(state)));
    scratch_.assign(state.begin(), state.end());
    observed = monitor_.end(*finals, memory(scratch_));
  }
  if (options_.remembers_violation) observed.violated |= violated(state);
  return observed;
}

void RaceGraph::expand(std::span<const Word> words, Moves& moves) {
  moves.clear();
  unpacked_.reset();
  const std::size_t actors = view(words).actors;
  std::size_t first = 0;
  while (first < actors && !busy(words, first)) ++first;
  if (first == actors) return;

  for (std::size_t actor = first; actor < actors; ++actor)
    if (busy(words, actor))
      for (Known& known : moves_of(words, static_cast<Actor>(actor)).usual)
        emit(words, known, static_cast<Actor>(actor), moves);
  for (Known& known : moves_of_clock(words)) emit(words, known, known.choice.actor, moves);
  const scenario::Faults faults = shareds_.by_number[words[0]].faults;
  if (faults.crash > 0)
    for (Actor actor = 0; actor < planned_; ++actor) emit_crash(words, actor, moves);
  if (faults.lose > 0)
    for (std::size_t actor = first; actor < actors; ++actor)
      if (busy(words, actor))
        for (Known& known : moves_of(words, static_cast<Actor>(actor)).lossy)
          emit(words, known, static_cast<Actor>(actor), moves);
  for (Known& known : faults_of_cache(words)) emit(words, known, known.choice.actor, moves);
  if (moves.size() == 0) race_.refuse_deadlock(unpacked(words));
}

// What starts tasks is learnt in the first state in which their owner has no others.
void RaceGraph::emit(std::span<const Word> words, Known& known, Actor actor, Moves& moves) {
  Choice choice = known.choice;
  choice.actor = actor;
  const bool here = known.started.empty() || has_no_other_tasks(words, actor);
  const bool client = actor < replica_actor;
  if (!known.known && client && learns_tasks() && has_no_other_tasks(words, actor))
    known = learn(words, choice);
  if (!known.known || !here) return emit_unknown(words, choice, moves);
  if (!known.changes_tasks()) return emit_known(words, known, actor, moves);
  emit_with_tasks(words, known, actor, moves);
}

void RaceGraph::emit_crash(std::span<const Word> words, Actor actor, Moves& moves) {
  const bool learns = learns_tasks() && has_no_other_tasks(words, actor);
  if (learns && !busy(words, actor)) return;
  auto* known = learns ? &moves_of(words, actor).crash : nullptr;
  if (known != nullptr && *known) {
    for (Known& crash : **known) emit(words, crash, actor, moves);
    return;
  }
  Race::Choices crashes;
  race_.add_crash(unpacked(words), actor, crashes);
  if (known != nullptr) known->emplace();
  for (const Choice choice : crashes) {
    emit_unknown(words, choice, moves);
    if (known != nullptr) (*known)->push_back(learn(words, choice));
  }
  if (known != nullptr) moves_known_ += crashes.size();
}

void RaceGraph::emit_known(std::span<const Word> words, const Known& known, Actor actor,
                           Moves& moves) {
  const View at = view(words);
  const std::size_t begin = moves.words_used_;
  const std::span<Word> next = moves.add_words(words.size());
  std::copy(words.begin(), words.end(), next.begin());
  const bool client = actor < replica_actor;
  auto& item = moves.items_.emplace_back();
  item.begin = begin;
  item.words = words.size();
  item.actor = actor;
  if (client)
    item.owner = actor < planned_ ? actor : static_cast<Actor>(words[at.owner(actor - planned_)]);
  item.step = &known.step;
  if (options_.timing != nullptr) ask(moves.step(moves.size() - 1), next, moves);
  if (monitor_.observes)
    item.observed = monitor_.observe_all(moves.step(moves.size() - 1), known.last, memory(next));
  next[0] = known.shared;
  if (client) next[at.local(actor)] = known.local;
  if (settles(at)) settle(next, item.observed);
  if (options_.timing == nullptr) return;
  Choice choice = known.choice;
  choice.actor = actor;
  bind(words, choice, moves.step(moves.size() - 1), next, moves);
}

// The next state has other tasks, and so its words other places.
void RaceGraph::emit_with_tasks(std::span<const Word> words, const Known& known, Actor actor,
                                Moves& moves) {
  const View at = view(words);
  const bool is_task = actor >= planned_;
  const Actor owner = is_task ? static_cast<Actor>(words[at.owner(actor - planned_)]) : actor;
  auto& item = moves.items_.emplace_back();
  item.actor = actor;
  item.owner = owner;
  item.step = &known.step;
  scratch_.assign(words.begin(), words.end());
  if (monitor_.observes)
    item.observed =
        monitor_.observe_all(moves.step(moves.size() - 1), known.last, memory(scratch_));
  if (!known.ends) scratch_[at.local(actor)] = known.local;

  const std::size_t gone = known.ends ? actor : at.actors;
  const std::size_t actors =
      at.actors - static_cast<std::size_t>(known.ends) + known.started.size();
  std::vector<Word>& next = packed_;
  next.assign({known.shared, static_cast<Word>(actors)});
  for (std::size_t other = 0; other < at.actors; ++other)
    if (other != gone) next.push_back(scratch_[at.local(other)]);
  next.insert(next.end(), known.started.begin(), known.started.end());
  for (std::size_t other = planned_; other < at.actors; ++other)
    if (other != gone) next.push_back(scratch_[at.owner(other - planned_)]);
  next.resize(next.size() + known.started.size(), owner);
  const auto memory_of = [&](std::size_t other) {
    return scratch_.begin() +
           static_cast<std::ptrdiff_t>(at.memory() + other * monitor_.actor_words);
  };
  for (std::size_t other = 0; other < at.actors; ++other)
    if (other != gone) next.insert(next.end(), memory_of(other), memory_of(other + 1));
  next.resize(next.size() + known.started.size() * monitor_.actor_words);
  next.insert(next.end(), memory_of(at.actors), scratch_.end());

  settle(next, item.observed);
  item.begin = moves.words_used_;
  item.words = next.size();
  std::copy(next.begin(), next.end(), moves.add_words(next.size()).begin());
}

void RaceGraph::emit_unknown(std::span<const Word> words, Choice choice, Moves& moves) {
  Race::State next = unpacked(words);
  const Step& step =
      *moves.steps_.emplace_back(std::make_shared<const Step>(perform(next, choice)));
  const bool client = choice.actor < planned_;
  const bool last = client && next.operation[choice.actor] ==
                                  race_.plan().scripts[choice.actor].operations.size();
  Observed observed;
  scratch_.assign(words.begin(), words.end());
  if (options_.timing != nullptr) ask(step, scratch_, moves);
  if (monitor_.observes) observed = monitor_.observe_all(step, last, memory(scratch_));
  std::vector<Word> packed;
  pack(next, scratch_, &step, packed);
  settle(packed, observed);
  moves.items_.push_back({.begin = moves.words_used_,
                          .words = packed.size(),
                          .actor = step.actor,
                          .owner = step.owner,
                          .step = &step,
                          .observed = observed});
  std::copy(packed.begin(), packed.end(), moves.add_words(packed.size()).begin());
  if (options_.timing == nullptr) return;
  bind(words, choice, step, packed, moves);
  free_others(words, next, moves);
}

bool RaceGraph::has_no_other_tasks(std::span<const Word> words, Actor actor) const {
  const View at = view(words);
  const Word owner = actor < planned_ ? actor : words[at.owner(actor - planned_)];
  for (std::size_t task = 0; task < at.tasks; ++task)
    if (planned_ + task != actor && words[at.owner(task)] == owner) return false;
  return true;
}

// What the choice leads to, whatever the other clients do.
RaceGraph::Known RaceGraph::learn(std::span<const Word> words, Choice choice) {
  Known known{.choice = choice};
  if (!learns()) return known;
  Race::State next = unpacked(words);
  known.step = perform(next, choice);
  if (race_.ends_tasks(known.step.effect)) return known;
  const bool client = choice.actor < replica_actor;
  const auto& clients = next.world.clients;
  const auto busy = std::count_if(clients.begin() + static_cast<std::ptrdiff_t>(planned_),
                                  clients.end(), [](const auto& task) { return task.busy(); });
  known.ends = client && choice.actor >= planned_ &&
               (choice.actor >= clients.size() ||  // the last place, which went with it
                !(clients[choice.actor].busy() && clients[choice.actor].under_way));
  if (known.ends || static_cast<std::size_t>(busy) != busy_tasks(words)) {
    if (!client || !learns_tasks()) return known;
    // A new task may take the place of the one that ended.
    for (std::size_t task = planned_; task < clients.size(); ++task)
      if (clients[task].busy() &&
          (task >= view(words).actors || (known.ends && task == choice.actor)))
        known.started.push_back(number(local_of(next, task)));
    const bool alone = known.started.empty() && choice.kind != Choice::Kind::crash;
    if (!alone && !has_no_other_tasks(words, choice.actor)) return known;
  }
  known.known = true;
  if (client && !known.ends) {
    Local local = local_of(next, choice.actor);
    if (options_.timing != nullptr) set_time(local, next, words, &known.step, choice.actor);
    known.local = number(local);
    known.last =
        choice.actor < planned_ &&
        next.operation[choice.actor] == race_.plan().scripts[choice.actor].operations.size();
  }
  next.world.clients.clear();
  known.shared = number({.world = std::move(next.world),
                         .expiring = std::move(next.expiring),
                         .faults = next.faults});
  return known;
}

inline RaceGraph::KnownMoves& RaceGraph::moves_of(std::span<const Word> words, Actor actor) {
  const std::uint64_t parts = std::uint64_t{words[0]} << 32 | words[view(words).local(actor)];
  Recent& recent = recent_[parts * 0x9e3779b97f4a7c15U >> 55];
  if (recent.parts == parts) return *recent.moves;
  const auto known = moves_.find(parts);
  KnownMoves& moves = known == moves_.end() ? learn_moves(words, actor, parts) : *known->second;
  if (learns()) recent = {.parts = parts, .moves = &moves};
  return moves;
}

RaceGraph::KnownMoves& RaceGraph::learn_moves(std::span<const Word> words, Actor actor,
                                              std::uint64_t parts) {
  // What depends on others, too, is not kept.
  if (!learns()) moves_kept_.clear();
  KnownMoves& learnt = moves_kept_.emplace_back();
  if (learns()) moves_.emplace(parts, &learnt);
  Race::Choices lossy;
  race_.add_losses(unpacked(words), actor, lossy);
  for (const Choice choice : choices_of(words, actor)) learnt.usual.push_back(learn(words, choice));
  for (const Choice choice : lossy) learnt.lossy.push_back(learn(words, choice));
  if (learns()) moves_known_ += learnt.usual.size() + learnt.lossy.size();
  return learnt;
}

std::vector<RaceGraph::Known>& RaceGraph::moves_of_clock(std::span<const Word> words) {
  if (clock_moves_.size() <= words[0]) clock_moves_.resize(shareds_.by_number.size());
  if (clock_moves_[words[0]] == nullptr) {
    auto& learnt = own_kept_.emplace_back();
    Race::Choices choices;
    race_.add_clock_choices(unpacked(words), choices);
    for (const Choice choice : choices) learnt.push_back(learn(words, choice));
    clock_moves_.resize(std::max(clock_moves_.size(), std::size_t{words[0]} + 1));
    clock_moves_[words[0]] = &learnt;
    moves_known_ += learnt.size();
  }
  return *clock_moves_[words[0]];
}

std::vector<RaceGraph::Known>& RaceGraph::faults_of_cache(std::span<const Word> words) {
  if (cache_faults_.size() <= words[0]) cache_faults_.resize(shareds_.by_number.size());
  if (cache_faults_[words[0]] == nullptr) {
    auto& learnt = own_kept_.emplace_back();
    Race::Choices choices;
    race_.add_cache_faults(unpacked(words), choices);
    for (const Choice choice : choices) learnt.push_back(learn(words, choice));
    cache_faults_[words[0]] = &learnt;
    moves_known_ += learnt.size();
  }
  return *cache_faults_[words[0]];
}

}  // namespace cacherace::engine
