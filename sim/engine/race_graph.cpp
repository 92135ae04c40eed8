#include "sim/engine/race_graph.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

namespace cacherace::engine {
namespace {

using Kind = Choice::Kind;

std::uint64_t digest_of(const world::World& world, const std::vector<Race::Expiring>& expiring,
                        const scenario::Faults& faults) {
  Digest digest;
  add(digest, world);
  for (const auto& entry : expiring)
    digest.add(std::uint64_t{entry.name.key} << 32 |
               static_cast<std::uint64_t>(entry.name.space) << 1 |
               static_cast<std::uint64_t>(entry.local));
  digest.add(std::uint64_t{faults.crash} << 48 | std::uint64_t{faults.evict} << 32 |
             std::uint64_t{faults.lose} << 16 | (faults.flush + faults.cache_restart));
  return digest.value();
}

}  // namespace

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
      keeps_places_(options.keeps_places) {
  symmetric_ = options.symmetry && !keeps_places_ && !race.coupled() && !race.names_clients();
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
  return shareds_.number(shared, digest_of(shared.world, shared.expiring, shared.faults));
}

Word RaceGraph::number(const Local& local) {
  Digest digest;
  add(digest, local.client);
  digest.add(std::uint64_t{local.operation} << 32 | local.script);
  return locals_.number(local, digest.value());
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

// `before`: the words of the state that `mover` went on from; what they remember of other actors
// stays, and of those that are new there is nothing to remember.
void RaceGraph::pack(const Race::State& state, std::span<const Word> before,
                     std::optional<Actor> mover, std::vector<Word>& words) {
  const auto& clients = state.world.clients;
  Shared shared{.world = state.world, .expiring = state.expiring, .faults = state.faults};
  shared.world.clients.clear();
  std::vector<std::size_t> kept;
  for (std::size_t actor = 0; actor < clients.size(); ++actor)
    if (actor < planned_ || clients[actor].busy() || keeps_idle_tasks()) kept.push_back(actor);

  words.clear();
  words.push_back(number(std::move(shared)));
  words.push_back(static_cast<Word>(kept.size()));
  for (const std::size_t actor : kept) words.push_back(number(local_of(state, actor)));
  for (const std::size_t actor : kept)
    if (actor >= planned_) words.push_back(state.tasks[actor - planned_].owner);
  const auto remembered = [&](std::size_t actor) -> std::span<const Word> {
    if (before.empty() || actor >= view(before).actors) return {};
    const bool was_there = actor < planned_ || local(before, actor).client.busy();
    const bool is_new = actor >= planned_ && actor == mover && !clients[actor].under_way;
    if (!was_there || is_new || (actor >= planned_ && !clients[actor].busy())) return {};
    return before.subspan(view(before).memory() + actor * monitor_.actor_words,
                          monitor_.actor_words);
  };
  for (const std::size_t actor : kept) {
    const auto memory = remembered(actor);
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

// ---- equal but for who is who ------------------------------------------------------------------

namespace {

// Sorts rows of words, each made of one word from each of some columns. Returns the order in which
// the rows were; nothing when they were sorted.
std::vector<std::size_t> sort_rows(std::span<Word> words, std::span<const std::size_t> members,
                                   std::span<const std::size_t> columns, std::size_t tail,
                                   std::size_t tail_words) {
  const auto less = [&](std::size_t a, std::size_t b) {
    for (const std::size_t column : columns)
      if (words[column + a] != words[column + b]) return words[column + a] < words[column + b];
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(tail + a * tail_words);
    const auto second = words.begin() + static_cast<std::ptrdiff_t>(tail + b * tail_words);
    const auto length = static_cast<std::ptrdiff_t>(tail_words);
    return std::lexicographical_compare(first, first + length, second, second + length);
  };
  if (std::is_sorted(members.begin(), members.end(), less)) return {};
  std::vector<std::size_t> order(members.begin(), members.end());
  std::stable_sort(order.begin(), order.end(), less);
  const std::vector<Word> copy(words.begin(), words.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const std::size_t column : columns) words[column + members[i]] = copy[column + order[i]];
    for (std::size_t word = 0; word < tail_words; ++word)
      words[tail + members[i] * tail_words + word] = copy[tail + order[i] * tail_words + word];
  }
  return order;
}

}  // namespace

// Clients that do the same stand in the order of their words, and so do tasks.
void RaceGraph::make_canonical(std::span<Word> words) {
  const View at = view(words);
  const std::size_t own = at.local(0);
  if (symmetric_)
    for (const auto& members : classes_) {
      const std::vector<std::size_t> places(members.begin(), members.end());
      const auto order =
          sort_rows(words, places, std::array{own}, at.memory(), monitor_.actor_words);
      if (order.empty()) continue;
      for (std::size_t task = 0; task < at.tasks; ++task) {
        Word& owner = words[at.owner(task)];
        const auto was = std::find(order.begin(), order.end(), owner);
        if (was != order.end()) owner = static_cast<Word>(places[was - order.begin()]);
      }
    }
  if (race_.coupled() || at.tasks < 2) return;
  std::vector<std::size_t> places;
  for (std::size_t task = 0; task < at.tasks; ++task) places.push_back(planned_ + task);
  sort_rows(words, places, std::array{at.owner(0) - planned_, own}, at.memory(),
            monitor_.actor_words);
}

// ---- moves -------------------------------------------------------------------------------------

RaceGraph::Start RaceGraph::start() {
  Start start;
  pack(race_.initial(), {}, std::nullopt, start.state);
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
  moves.words_.clear();
  moves.items_.clear();
  moves.steps_.clear();
  unpacked_.reset();
  const std::size_t actors = view(words).actors;
  const auto busy = [&](std::size_t actor) { return local(words, actor).client.busy(); };
  std::size_t first = 0;
  while (first < actors && !busy(first)) ++first;
  if (first == actors) return;

  if (race_.coupled()) {
    for (const Choice choice : race_.pending(unpacked(words))) emit_unknown(words, choice, moves);
    return;
  }
  for (std::size_t actor = first; actor < actors; ++actor)
    if (busy(actor))
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
      if (busy(actor))
        for (const Known& known : moves_of(words, static_cast<Actor>(actor)).lossy)
          emit(words, known, static_cast<Actor>(actor), moves);
  for (const Known& known : faults_of_cache(words)) emit(words, known, known.choice.actor, moves);
}

void RaceGraph::emit(std::span<const Word> words, const Known& known, Actor actor, Moves& moves) {
  if (!known.known) {
    Choice choice = known.choice;
    choice.actor = actor;
    return emit_unknown(words, choice, moves);
  }
  const std::size_t begin = moves.words_.size();
  moves.words_.insert(moves.words_.end(), words.begin(), words.end());
  const std::span<Word> next = std::span(moves.words_).subspan(begin);
  const bool client = actor < replica_actor;
  moves.items_.push_back(
      {.begin = begin,
       .words = words.size(),
       .actor = actor,
       .owner = client && actor >= planned_
                    ? static_cast<Actor>(words[view(words).owner(actor - planned_)])
                    : (client ? actor : Actor{0}),
       .step = &known.step,
       .observed = {}});
  auto& item = moves.items_.back();
  if (monitor_.observes)
    item.observed = monitor_.observe(moves.step(moves.size() - 1), known.last, memory(next));
  next[0] = known.shared;
  if (client) next[view(words).local(actor)] = known.local;
  settle(next, item.observed);
}

void RaceGraph::emit_unknown(std::span<const Word> words, Choice choice, Moves& moves) {
  Race::State next = unpacked(words);
  const Step& step = moves.steps_.emplace_back(race_.step(next, choice));
  const bool client = choice.actor < planned_;
  const bool last = client && next.operation[choice.actor] ==
                                  race_.plan().scripts[choice.actor].operations.size();
  Observed observed;
  scratch_.assign(words.begin(), words.end());
  if (monitor_.observes) observed = monitor_.observe(step, last, memory(scratch_));
  std::vector<Word> packed;
  pack(next, scratch_, choice.actor, packed);
  settle(packed, observed);
  moves.items_.push_back({.begin = moves.words_.size(),
                          .words = packed.size(),
                          .actor = step.actor,
                          .owner = step.owner,
                          .step = &step,
                          .observed = observed});
  moves.words_.insert(moves.words_.end(), packed.begin(), packed.end());
}

// What the choice leads to, whatever the other clients do; unless it starts or ends a task.
RaceGraph::Known RaceGraph::learn(std::span<const Word> words, Choice choice) {
  Race::State next = unpacked(words);
  Known known{.choice = choice, .step = race_.step(next, choice)};
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
    known.local = number(local_of(next, choice.actor));
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

const RaceGraph::KnownMoves& RaceGraph::moves_of(std::span<const Word> words, Actor actor) {
  const std::uint64_t parts = std::uint64_t{words[0]} << 32 | words[view(words).local(actor)];
  KnownMoves*& known = moves_[parts];
  if (known != nullptr) return *known;
  known = &moves_kept_.emplace_back();
  KnownMoves& learnt = *known;
  Race::Choices usual, lossy;
  race_.add_client_choices(unpacked(words), actor, usual);
  race_.add_losses(unpacked(words), actor, lossy);
  for (const Choice choice : usual) learnt.usual.push_back(learn(words, choice));
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
