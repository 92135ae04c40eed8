// States that are equal but for who is who.

#include <algorithm>
#include <array>

#include "sim/engine/graph/race_graph.hpp"

namespace cacherace::engine {
namespace {

// Sorts rows of words, each made of one word from each of some columns and of a tail; `tie_less`
// orders those that are alike. Returns the order in which the rows were; nothing when they were
// sorted.
template <typename TieLess>
std::vector<std::size_t> sort_rows(std::span<Word> words, std::span<const std::size_t> members,
                                   std::span<const std::size_t> columns, std::size_t tail,
                                   std::size_t tail_words, TieLess tie_less) {
  const auto less = [&](std::size_t a, std::size_t b) {
    for (const std::size_t column : columns)
      if (words[column + a] != words[column + b]) return words[column + a] < words[column + b];
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(tail + a * tail_words);
    const auto second = words.begin() + static_cast<std::ptrdiff_t>(tail + b * tail_words);
    const auto length = static_cast<std::ptrdiff_t>(tail_words);
    if (!std::equal(first, first + length, second))
      return std::lexicographical_compare(first, first + length, second, second + length);
    return tie_less(a, b);
  };
  if (std::is_sorted(members.begin(), members.end(), less)) return {};
  std::vector<std::size_t> order(members.begin(), members.end());
  // Rows that are alike keep their order.
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return less(a, b) || (!less(b, a) && a < b); });
  const std::vector<Word> copy(words.begin(), words.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const std::size_t column : columns) words[column + members[i]] = copy[column + order[i]];
    for (std::size_t word = 0; word < tail_words; ++word)
      words[tail + members[i] * tail_words + word] = copy[tail + order[i] * tail_words + word];
  }
  return order;
}

}  // namespace

// The words of the client's tasks, whatever places they have.
std::vector<std::vector<Word>> RaceGraph::tasks_of(std::span<const Word> words,
                                                   std::size_t client) const {
  const View at = view(words);
  std::vector<std::vector<Word>> tasks;
  for (std::size_t task = 0; task < at.tasks; ++task) {
    if (words[at.owner(task)] != client) continue;
    auto& own = tasks.emplace_back(1, words[at.local(planned_ + task)]);
    const auto memory =
        words.subspan(at.memory() + (planned_ + task) * monitor_.actor_words, monitor_.actor_words);
    own.insert(own.end(), memory.begin(), memory.end());
  }
  std::sort(tasks.begin(), tasks.end());
  return tasks;
}

// Clients that do the same stand in the order of their words and of those of their tasks, and so do
// tasks. So states that are equal but for who is who have the same words.
void RaceGraph::make_canonical(std::span<Word> words) {
  const View at = view(words);
  const std::size_t own = at.local(0);
  if (symmetric_)
    for (const auto& members : classes_) {
      const std::vector<std::size_t> places(members.begin(), members.end());
      const auto order = sort_rows(words, places, std::array{own}, at.memory(),
                                   monitor_.actor_words, [&](std::size_t a, std::size_t b) {
                                     return at.tasks > 0 && tasks_of(words, a) < tasks_of(words, b);
                                   });
      if (order.empty()) continue;
      for (std::size_t task = 0; task < at.tasks; ++task) {
        Word& owner = words[at.owner(task)];
        const auto was = std::find(order.begin(), order.end(), owner);
        if (was != order.end())
          owner = static_cast<Word>(places[static_cast<std::size_t>(was - order.begin())]);
      }
    }
  if (race_.coupled() || at.tasks < 2) return;
  std::vector<std::size_t> places;
  for (std::size_t task = 0; task < at.tasks; ++task) places.push_back(planned_ + task);
  sort_rows(words, places, std::array{at.owner(0) - planned_, own}, at.memory(),
            monitor_.actor_words, [](std::size_t, std::size_t) { return false; });
}

}  // namespace cacherace::engine
