#include "sim/engine/graph/race_graph.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

namespace cacherace::engine {
void RaceGraph::Moves::clear() {
  words_used_ = 0;
  items_.clear();
  timed_.clear();
  claims_.clear();
  steps_.clear();
}

void RaceGraph::Moves::repeat(std::size_t i) {
  Item item = items_[i];
  const std::span<Word> words = add_words(item.words);
  std::copy_n(words_.begin() + static_cast<std::ptrdiff_t>(item.begin), item.words, words.begin());
  item.begin = static_cast<std::size_t>(words.data() - words_.data());
  items_.push_back(item);
  timed_.push_back(Timed(timed_[i]));
}

Step RaceGraph::Moves::step(std::size_t i) const {
  Step step = *items_[i].step;
  const auto name = [&](Step& one) {
    one.actor = items_[i].actor;
    one.owner = items_[i].owner;
  };
  name(step);
  for (Step& inner : step.inner) name(inner);
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
  std::vector<std::uint16_t> first;  // of each class
  for (std::uint16_t client = 0; client < planned_; ++client) {
    const auto alike = std::find_if(first.begin(), first.end(),
                                    [&](std::uint16_t other) { return race.alike(other, client); });
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

Word RaceGraph::number(const Shared& shared) {
  Digest digest;
  add(digest, shared.world, shared.expiring, shared.faults);
  const std::size_t before = shareds_.by_number.size();
  const Word known = shareds_.number(shared, digest.value());
  if (shareds_.by_number.size() > before) worlds_bytes_ += shared.world.bytes();
  return known;
}

Word RaceGraph::number(const Local& local) {
  Digest digest;
  add(digest, local.client);
  digest.add(std::uint64_t{local.operation} << 32 | local.script);
  digest.add(static_cast<std::uint64_t>(local.gap.earliest.count()));
  digest.add(local.freed ? static_cast<std::uint64_t>(local.freed->latest.count()) : 0);
  digest.add(std::uint64_t{local.looks} << 1 | static_cast<std::uint64_t>(local.runs));
  const Word known = locals_.number(local, digest.value());
  if (known == busy_.size()) busy_.push_back(local.client.busy() ? 1 : 0);
  return known;
}

std::uint64_t RaceGraph::bytes() const {
  constexpr std::uint64_t index = 64;  // what finding a part again takes
  return worlds_bytes_ + shareds_.by_number.size() * (sizeof(Shared) + index) +
         locals_.by_number.size() * (sizeof(Local) + index) + moves_known_ * sizeof(Known) +
         moves_.size() * (sizeof(KnownMoves) + index);
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
  words.push_back(number(shared));
  words.push_back(static_cast<Word>(kept.size()));
  for (const std::size_t actor : kept) {
    Local local = local_of(state, actor);
    if (options_.timing != nullptr) set_time(local, state, before, step, actor);
    // Most clients stand where they stood.
    const bool was_there = !before.empty() && actor < view(before).actors;
    const Word last = was_there ? before[view(before).local(actor)] : 0;
    words.push_back(was_there && locals_.by_number[last] == local ? last : number(local));
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

}  // namespace cacherace::engine
