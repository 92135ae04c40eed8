#include "sim/engine/race/realign.hpp"

#include <optional>
#include <utility>

#include "sim/core/stream.hpp"
#include "sim/engine/race/schedule.hpp"

namespace cacherace::engine {
namespace {

constexpr std::size_t ahead_max = 50;  // steps of a client that may stand in the way
constexpr std::size_t drawn_max = 10'000;

bool is_fault(Choice choice) { return choice.kind >= Choice::Kind::crash; }

class Realignment {
 public:
  Realignment(const Race& race, const std::vector<Label>& schedule, const TryChoice& try_choice)
      : race_(race), schedule_(schedule), try_choice_(try_choice), state_(race.initial()) {}

  Realigned run(std::uint64_t seed) {
    for (std::size_t i = 0; i < schedule_.size(); ++i) {
      if (take(schedule_[i]) || (clear_the_way(i) && take(schedule_[i])))
        ++result_.matched;
      else
        ++result_.skipped;
    }
    Words words(seed, 0, Purpose::schedule);
    while (result_.drawn < drawn_max && draw(words)) ++result_.drawn;
    if (race_.pending(state_).empty()) result_.history.finals = race_.finals(state_);
    return std::move(result_);
  }

 private:
  bool take(std::size_t index, Choice choice) {
    if (!try_choice_(index)) return false;
    result_.choices.push_back(index);
    result_.history.steps.push_back(race_.step(state_, choice));
    return true;
  }

  bool take(const Label& wanted) {
    const auto choices = race_.pending(state_);
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (same_pending(race_.label(state_, choices[i]), wanted)) return take(i, choices[i]);
    return false;
  }

  // What the client of that name is about to do.
  std::optional<std::size_t> next_of(const Race::State& state, const std::string& client) const {
    const auto choices = race_.pending(state);
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (choices[i].kind == Choice::Kind::take && race_.label(state, choices[i]).client == client)
        return i;
    return std::nullopt;
  }

  // How many steps its client has to take, alone, until the step is pending.
  std::optional<std::size_t> steps_before(const Label& wanted) const {
    Race::State state = state_;
    for (std::size_t steps = 0; steps <= ahead_max; ++steps) {
      const auto choices = race_.pending(state);
      for (const Choice choice : choices)
        if (same_pending(race_.label(state, choice), wanted)) return steps;
      const auto next = next_of(state, wanted.client);
      if (!next) return std::nullopt;
      race_.step(state, choices[*next]);
    }
    return std::nullopt;
  }

  // How many steps of the client have to be skipped until the schedule has its next one.
  std::optional<std::size_t> skips_before(std::size_t from) const {
    const std::string& client = schedule_[from].client;
    const auto next = next_of(state_, client);
    if (!next) return std::nullopt;
    const Label pending = race_.label(state_, race_.pending(state_)[*next]);
    std::size_t skips = 0;
    for (std::size_t i = from; i < schedule_.size(); ++i) {
      if (schedule_[i].client != client) continue;
      if (same_pending(schedule_[i], pending)) return skips;
      ++skips;
    }
    return std::nullopt;
  }

  // Performs what stands before a step, unless there is less to skip instead.
  bool clear_the_way(std::size_t index) {
    const Label& wanted = schedule_[index];
    const auto steps = steps_before(wanted);
    const auto skips = skips_before(index);
    if (!steps || (skips && *skips < *steps)) return false;
    for (std::size_t i = 0; i < *steps; ++i) {
      const auto next = next_of(state_, wanted.client);
      if (!next || !take(*next, race_.pending(state_)[*next])) return false;
      ++result_.added;
    }
    return true;
  }

  // False when nothing is left that may happen by itself.
  bool draw(Words& words) {
    const auto choices = race_.pending(state_);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (!is_fault(choices[i])) open.push_back(i);
    while (!open.empty()) {
      const std::size_t drawn = words.below(open.size());
      if (take(open[drawn], choices[open[drawn]])) return true;
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(drawn));
    }
    return false;
  }

  const Race& race_;
  const std::vector<Label>& schedule_;
  const TryChoice& try_choice_;
  Race::State state_;
  Realigned result_;
};

}  // namespace

Realigned realign(const Race& race, const std::vector<Label>& schedule, std::uint64_t seed,
                  const TryChoice& try_choice) {
  return Realignment(race, schedule, try_choice).run(seed);
}

}  // namespace cacherace::engine
