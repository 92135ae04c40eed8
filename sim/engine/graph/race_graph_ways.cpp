// From packed states back to those of the race, and from a way through them to an execution.

#include <utility>

#include "sim/core/assert.hpp"
#include "sim/engine/graph/race_graph.hpp"

namespace cacherace::engine {

Race::State RaceGraph::unpack(std::span<const Word> words) const {
  const Shared& shared = shareds_.by_number[words[0]];
  Race::State state{.world = shared.world,
                    .operation = {},
                    .tasks = {},
                    .expiring = shared.expiring,
                    .faults = shared.faults};
  const View at = view(words);
  state.world.clients.reserve(at.actors + 1);
  for (std::size_t actor = 0; actor < at.actors; ++actor) {
    const Local& part = local(words, actor);
    state.world.clients.push_back(part.client);
    if (actor < planned_) {
      state.operation.push_back(part.operation);
    } else {
      state.tasks.push_back(part.task);
      state.tasks.back().owner = static_cast<Actor>(words[at.owner(actor - planned_)]);
    }
  }
  return state;
}

std::size_t RaceGraph::busy_tasks(std::span<const Word> words) const {
  std::size_t count = 0;
  for (std::size_t actor = planned_; actor < view(words).actors; ++actor)
    count += static_cast<std::size_t>(local(words, actor).client.busy());
  return count;
}

// The words of the same state as they are where places are not kept.
std::vector<Word> RaceGraph::canonical(std::span<const Word> words) {
  std::vector<Word> out(words.begin(), words.end());
  if (options_.keeps_places || options_.timing != nullptr || race_.coupled()) return out;
  const View at = view(words);
  std::vector<std::size_t> kept;
  for (std::size_t actor = 0; actor < at.actors; ++actor)
    if (actor < planned_ || local(words, actor).client.busy()) kept.push_back(actor);
  out.assign({words[0], static_cast<Word>(kept.size())});
  for (const std::size_t actor : kept) out.push_back(words[at.local(actor)]);
  for (const std::size_t actor : kept)
    if (actor >= planned_) out.push_back(words[at.owner(actor - planned_)]);
  const auto append = [&](std::size_t from, std::size_t count) {
    const auto part = words.subspan(from, count);
    out.insert(out.end(), part.begin(), part.end());
  };
  for (const std::size_t actor : kept)
    append(at.memory() + actor * monitor_.actor_words, monitor_.actor_words);
  const std::size_t shared = at.memory() + at.actors * monitor_.actor_words;
  append(shared, words.size() - shared);
  make_canonical(out);
  return out;
}

std::vector<std::size_t> RaceGraph::choices_along(std::span<const std::vector<Word>> way) {
  SIM_ASSERT(!way.empty());
  keeps_places_ = true;
  std::vector<std::size_t> choices;
  std::vector<Word> now = start().state;
  Moves moves;
  for (std::size_t i = 1; i < way.size(); ++i) {
    expand(now, moves);
    std::size_t taken = moves.size();
    for (std::size_t move = 0; move < moves.size(); ++move) {
      if (canonical(moves.next(move)) != way[i]) continue;
      const bool decides = i + 1 == way.size() && moves.observed(move).violated;
      if (taken == moves.size() || decides) taken = move;
      if (decides) break;
    }
    SIM_ASSERT(taken < moves.size());
    choices.push_back(taken);
    now.assign(moves.next(taken).begin(), moves.next(taken).end());
  }
  keeps_places_ = options_.keeps_places;
  return choices;
}

}  // namespace cacherace::engine
