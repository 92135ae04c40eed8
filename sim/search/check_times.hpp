#pragma once
// Whether the steps of an execution can take effect when they are said to.

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "sim/core/history.hpp"
#include "sim/core/monitor.hpp"

namespace cacherace::search {

/// The first step, by index, that comes too early or too late, and the moment that bounds it.
struct Impossible {
  std::size_t step = 0;
  bool too_early = false;
  Duration bound{};
};

/// Performs steps in a graph with clocks; `times`, of each, count from the first one. Nothing when
/// all bounds are met. Requires that the steps are those of an execution. O(steps · clocks ·
/// moves).
template <typename Graph>
std::optional<Impossible> check_times(Graph& graph, const std::vector<Step>& steps,
                                      const std::vector<Duration>& times) {
  auto state = graph.start().state;
  std::map<ClockId, Duration> started;
  std::vector<ClockId> of_any_age;  // started some time before the first step
  for (const auto& clock : graph.clocks(state))
    if (clock.any_age) of_any_age.push_back(clock.id);
  typename Graph::Moves moves;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Duration now = times[i];
    if (i > 0 && now < times[i - 1]) return Impossible{i, true, times[i - 1]};
    const auto since = [&](ClockId id) {
      const auto found = started.find(id);
      return found == started.end() ? Duration{0} : found->second;
    };
    for (const auto& clock : graph.clocks(state))
      if (clock.latest != Duration::max() && now - since(clock.id) > clock.latest)
        return Impossible{i, false, since(clock.id) + clock.latest};
    graph.expand(state, moves);
    const auto bound = [&](std::size_t move) -> std::optional<Impossible> {
      for (const auto& [guard, earliest, latest] : moves.guards(move)) {
        if (std::find(of_any_age.begin(), of_any_age.end(), guard) != of_any_age.end()) continue;
        if (now - since(guard) < earliest) return Impossible{i, true, since(guard) + earliest};
        if (latest != Duration::max() && now - since(guard) > latest)
          return Impossible{i, false, since(guard) + latest};
      }
      return std::nullopt;
    };
    // Of the moves of one choice that are possible now, the last one leaves others the most time.
    const Step wanted = steps[i].at_any_time();
    std::optional<std::size_t> first, last;
    for (std::size_t move = 0; move < moves.size(); ++move) {
      if (!(moves.step(move).at_any_time() == wanted)) continue;
      if (first && moves.choice(move) != moves.choice(*first)) break;
      if (!first) first = move;
      if (!bound(move)) last = move;
    }
    if (!first) return Impossible{i, true, now};
    if (!last) return bound(*first);
    const std::size_t taken = *last;
    const auto next = moves.next(taken);
    const auto restarts = moves.restarts(taken);
    std::map<ClockId, Duration> running;
    for (const auto& clock : graph.clocks(next)) {
      const bool again = std::find(restarts.begin(), restarts.end(), clock.id) != restarts.end();
      const auto known = started.find(clock.id);
      const bool warm =
          !again && known == started.end() &&
          std::find(of_any_age.begin(), of_any_age.end(), clock.id) != of_any_age.end();
      if (warm) continue;
      std::erase(of_any_age, clock.id);
      running[clock.id] = again || known == started.end() ? now : known->second;
    }
    started = std::move(running);
    state.assign(next.begin(), next.end());
  }
  return std::nullopt;
}

}  // namespace cacherace::search
