#include "sim/engine/race_graph.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

namespace cacherace::engine {
void RaceGraph::Moves::clear() {
  words_used_ = 0;
  items_.clear();
  timed_.clear();
  restarts_.clear();
  steps_.clear();
}

Step RaceGraph::Moves::step(std::size_t i) const {
  Step step = *items_[i].step;
  step.actor = items_[i].actor;
  step.owner = items_[i].owner;
  return step;
}

RaceGraph::RaceGraph(const Race& race, const Monitor& monitor, Options options)
    : race_(race),
      monitor_(monitor),
      options_(options),
      planned_(race.plan().scripts.size()),
      keeps_places_(options.keeps_places || options.timing != nullptr) {
  symmetric_ = options.symmetry && !keeps_places_ && !race.coupled() && !race.names_clients();
  SIM_ASSERT(race.any_time() == (options.timing != nullptr));
  const auto& scripts = race.plan().scripts;
  std::vector<std::uint16_t> first;  // of each class
  for (std::uint16_t client = 0; client < planned_; ++client) {
    const auto alike = std::find_if(first.begin(), first.end(), [&](std::uint16_t other) {
      return scripts[other].operations == scripts[client].operations &&
             race.process_of(other) == race.process_of(client);
    });
    const auto script = static_cast<std::uint16_t>(alike - first.begin());
    if (alike == first.end()) {
      first.push_back(client);
      classes_.emplace_back();
    }
    script_of_.push_back(script);
    classes_[script].push_back(client);
  }
  std::erase_if(classes_, [](const auto& members) { return members.size() < 2; });
}

// ---- parts and their numbers -------------------------------------------------------------------

template <typename Part>
Word RaceGraph::Parts<Part>::number(const Part& part, std::uint64_t digest) {
  const auto [begin, end] = by_digest.equal_range(digest);
  for (auto known = begin; known != end; ++known)
    if (by_number[known->second] == part) return known->second;
  const auto next = static_cast<Word>(by_number.size());
  by_number.push_back(part);
  by_digest.emplace(digest, next);
  return next;
}

Word RaceGraph::number(Shared shared) {
  Digest digest;
  add(digest, shared.world, shared.expiring, shared.faults);
  return shareds_.number(shared, digest.value());
}

Word RaceGraph::number(const Local& local) {
  Digest digest;
  add(digest, local.client);
  digest.add(std::uint64_t{local.operation} << 32 | local.script);
  digest.add(static_cast<std::uint64_t>(local.gap.earliest.count()));
  digest.add(static_cast<std::uint64_t>(local.waited.count()) << 1 |
             static_cast<std::uint64_t>(local.runs));
  const Word known = locals_.number(local, digest.value());
  if (known == busy_.size()) busy_.push_back(local.client.busy() ? 1 : 0);
  return known;
}

RaceGraph::Local RaceGraph::local_of(const Race::State& state, std::size_t actor) const {
  Local local{.client = state.world.clients[actor], .task = {}};
  if (actor < planned_) {
    local.operation = state.operation[actor];
    local.script = script_of_[actor];
  } else {
    local.task = state.tasks[actor - planned_];
    local.task.owner = 0;
  }
  return local;
}

Monitor::Memory RaceGraph::memory(std::span<Word> words) const {
  const std::size_t begin = view(words).memory();
  const std::size_t of_actors = words[1] * monitor_.actor_words;
  return {.shared = words.subspan(begin + of_actors, monitor_.shared_words),
          .actors = words.subspan(begin, of_actors),
          .per_actor = monitor_.actor_words};
}

// Whether what is at that place was there before the step, and is no new task.
bool RaceGraph::is_same(const Race::State& state, std::span<const Word> before, const Step* step,
                        std::size_t actor) const {
  if (before.empty() || actor >= view(before).actors) return false;
  if (actor < planned_) return true;
  const auto& client = state.world.clients[actor];
  const bool is_new = actor == step->actor && !client.under_way;
  return client.busy() && local(before, actor).client.busy() && !is_new;
}

// `before`: the words of the state that the step was taken in; what they remember of actors that
// are still there stays.
void RaceGraph::pack(const Race::State& state, std::span<const Word> before, const Step* step,
                     std::vector<Word>& words) {
  const auto& clients = state.world.clients;
  Shared shared{.world = state.world, .expiring = state.expiring, .faults = state.faults};
  shared.world.clients.clear();
  std::vector<std::size_t> kept;
  for (std::size_t actor = 0; actor < clients.size(); ++actor)
    if (actor < planned_ || clients[actor].busy() || keeps_idle_tasks()) kept.push_back(actor);

  words.clear();
  words.push_back(number(std::move(shared)));
  words.push_back(static_cast<Word>(kept.size()));
  for (const std::size_t actor : kept) {
    Local local = local_of(state, actor);
    if (options_.timing != nullptr) set_time(local, state, before, step, actor);
    words.push_back(number(local));
  }
  for (const std::size_t actor : kept)
    if (actor >= planned_) words.push_back(state.tasks[actor - planned_].owner);
  for (const std::size_t actor : kept) {
    std::span<const Word> memory;
    if (is_same(state, before, step, actor))
      memory = before.subspan(view(before).memory() + actor * monitor_.actor_words,
                              monitor_.actor_words);
    words.insert(words.end(), memory.begin(), memory.end());
    words.resize(words.size() + monitor_.actor_words - memory.size());
  }
  const std::size_t rest =
      monitor_.shared_words + static_cast<std::size_t>(options_.remembers_violation);
  if (before.empty())
    words.resize(words.size() + rest);
  else
    words.insert(words.end(), before.end() - static_cast<std::ptrdiff_t>(rest), before.end());
}

const Race::State& RaceGraph::unpacked(std::span<const Word> words) {
  if (!unpacked_) unpacked_ = unpack(words);
  return *unpacked_;
}

// ---- moves -------------------------------------------------------------------------------------

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
      for (const Known& known : moves_of(words, static_cast<Actor>(actor)).usual)
        emit(words, known, static_cast<Actor>(actor), moves);
  for (const Known& known : moves_of_clock(words)) emit(words, known, known.choice.actor, moves);
  const scenario::Faults& faults = shareds_.by_number[words[0]].faults;
  if (faults.crash > 0) {
    Race::Choices crashes;
    race_.add_crashes(unpacked(words), crashes);
    for (const Choice choice : crashes) emit_unknown(words, choice, moves);
  }
  if (faults.lose > 0)
    for (std::size_t actor = first; actor < actors; ++actor)
      if (busy(words, actor))
        for (const Known& known : moves_of(words, static_cast<Actor>(actor)).lossy)
          emit(words, known, static_cast<Actor>(actor), moves);
  for (const Known& known : faults_of_cache(words)) emit(words, known, known.choice.actor, moves);
}

void RaceGraph::emit(std::span<const Word> words, const Known& known, Actor actor, Moves& moves) {
  if (known.known) return emit_known(words, known, actor, moves);
  Choice choice = known.choice;
  choice.actor = actor;
  emit_unknown(words, choice, moves);
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
  if (options_.timing != nullptr)
    moves.timed_.emplace_back().span = monitor_.measure(moves.step(moves.size() - 1), memory(next));
  if (monitor_.observes)
    item.observed = monitor_.observe(moves.step(moves.size() - 1), known.last, memory(next));
  next[0] = known.shared;
  if (client) next[at.local(actor)] = known.local;
  if (settles(at)) settle(next, item.observed);
  if (options_.timing == nullptr) return;
  Choice choice = known.choice;
  choice.actor = actor;
  bind(words, choice, moves.step(moves.size() - 1), next, moves);
}

void RaceGraph::emit_unknown(std::span<const Word> words, Choice choice, Moves& moves) {
  Race::State next = unpacked(words);
  const Step& step = moves.steps_.emplace_back(race_.step(next, choice));
  const bool client = choice.actor < planned_;
  const bool last = client && next.operation[choice.actor] ==
                                  race_.plan().scripts[choice.actor].operations.size();
  Observed observed;
  std::optional<Span> span;
  scratch_.assign(words.begin(), words.end());
  if (options_.timing != nullptr) span = monitor_.measure(step, memory(scratch_));
  if (monitor_.observes) observed = monitor_.observe(step, last, memory(scratch_));
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
  moves.timed_.emplace_back().span = span;
  bind(words, choice, step, packed, moves);
  for (std::size_t actor = 0; actor < next.world.clients.size(); ++actor)
    if (actor < view(words).actors && freed(next, actor)) {
      moves.restarts_.push_back(actor_clock(actor));
      ++moves.timed_.back().restarts_count;
    }
}

// What the choice leads to, whatever the other clients do; unless it starts or ends a task.
RaceGraph::Known RaceGraph::learn(std::span<const Word> words, Choice choice) {
  Known known{.choice = choice};
  if (!learns()) return known;
  Race::State next = unpacked(words);
  known.step = race_.step(next, choice);
  const bool client = choice.actor < replica_actor;
  const auto& clients = next.world.clients;
  const auto busy = std::count_if(clients.begin() + static_cast<std::ptrdiff_t>(planned_),
                                  clients.end(), [](const auto& task) { return task.busy(); });
  if (static_cast<std::size_t>(busy) != busy_tasks(words)) return known;
  if (client && choice.actor >= planned_ &&
      !(clients[choice.actor].busy() && clients[choice.actor].under_way))
    return known;
  known.known = true;
  if (client) {
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

inline const RaceGraph::KnownMoves& RaceGraph::moves_of(std::span<const Word> words, Actor actor) {
  const std::uint64_t parts = std::uint64_t{words[0]} << 32 | words[view(words).local(actor)];
  Recent& recent = recent_[parts * 0x9e3779b97f4a7c15U >> 55];
  if (recent.parts == parts) return *recent.moves;
  const auto known = moves_.find(parts);
  const KnownMoves& moves =
      known == moves_.end() ? learn_moves(words, actor, parts) : *known->second;
  if (learns()) recent = {.parts = parts, .moves = &moves};
  return moves;
}

const RaceGraph::KnownMoves& RaceGraph::learn_moves(std::span<const Word> words, Actor actor,
                                                    std::uint64_t parts) {
  // What depends on others, too, is not kept.
  if (!learns()) moves_kept_.clear();
  KnownMoves& learnt = moves_kept_.emplace_back();
  if (learns()) moves_.emplace(parts, &learnt);
  Race::Choices lossy;
  race_.add_losses(unpacked(words), actor, lossy);
  for (const Choice choice : choices_of(words, actor)) learnt.usual.push_back(learn(words, choice));
  for (const Choice choice : lossy) learnt.lossy.push_back(learn(words, choice));
  return learnt;
}

const std::vector<RaceGraph::Known>& RaceGraph::moves_of_clock(std::span<const Word> words) {
  if (clock_moves_.size() <= words[0]) clock_moves_.resize(shareds_.by_number.size());
  if (clock_moves_[words[0]] == nullptr) {
    auto& learnt = own_kept_.emplace_back();
    Race::Choices choices;
    race_.add_clock_choices(unpacked(words), choices);
    for (const Choice choice : choices) learnt.push_back(learn(words, choice));
    clock_moves_.resize(std::max(clock_moves_.size(), std::size_t{words[0]} + 1));
    clock_moves_[words[0]] = &learnt;
  }
  return *clock_moves_[words[0]];
}

const std::vector<RaceGraph::Known>& RaceGraph::faults_of_cache(std::span<const Word> words) {
  if (cache_faults_.size() <= words[0]) cache_faults_.resize(shareds_.by_number.size());
  if (cache_faults_[words[0]] == nullptr) {
    auto& learnt = own_kept_.emplace_back();
    Race::Choices choices;
    race_.add_cache_faults(unpacked(words), choices);
    for (const Choice choice : choices) learnt.push_back(learn(words, choice));
    cache_faults_[words[0]] = &learnt;
  }
  return *cache_faults_[words[0]];
}

}  // namespace cacherace::engine
