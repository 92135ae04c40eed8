#pragma once
// From the moves of an execution to its steps and their times.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/history.hpp"
#include "sim/core/monitor.hpp"
#include "sim/search/timetable.hpp"
#include "sim/search/zone.hpp"

namespace cacherace::search {

/// An execution, and when each of its steps takes effect: nanoseconds since the first one.
struct Witness {
  std::vector<Step> steps;
  std::vector<Bound> times;
  std::vector<Word> last;  // the state after them
};

/// Performs the moves of an execution in a graph with clocks, as far as time allows them, and gives
/// every step a time, as round as the bounds allow. O(clocks³) a move, then and in the end.
template <typename Graph>
class WitnessOf {
 public:
  explicit WitnessOf(Graph& graph) : graph_(graph) { begin(); }

  /// The moves of the current state; none when the execution is complete.
  const typename Graph::Moves& moves() const { return now_; }

  /// What a move measures at the most, if time allows it; nothing where it measures nothing.
  std::optional<Bound> most(std::size_t move) const {
    Zone zone = zone_;
    if (!now_.span(move) || !wait_for(move, zone)) return std::nullopt;
    const auto& [from, to, more] = *now_.span(move);
    return plus(zone.ahead(index_of(from), place_of(to)), more.count());
  }

  /// False, and nothing has changed, when time forbids the move. With `more_than`, it measures the
  /// most that it can; where that has no bound, a second more than the least, and than `more_than`.
  bool try_move(std::size_t move, std::optional<Bound> more_than = {}) {
    if (!try_one(move, more_than)) return false;
    graph_.expand(state_, now_);
    return true;
  }

  /// Goes on with the first moves that time allows until the execution is complete. Nothing when
  /// `go_on` says no.
  std::optional<Witness> finish(const std::function<bool()>& go_on) {
    while (now_.size() > 0) {
      std::size_t move = 0;
      while (!try_move(move)) SIM_ASSERT(++move < now_.size());
      if (steps_.size() % Timetable::steps_between == 0 && !go_on()) return std::nullopt;
    }
    auto times = timetable_.round_times(running(), go_on);
    if (!times) return std::nullopt;
    Witness found{.steps = {}, .times = *std::move(times), .last = std::move(state_)};
    found.steps = std::move(steps_);
    return found;
  }

 private:
  static constexpr Bound worse = 1'000'000'000;
  using Running = Timetable::Running;
  using AtLeast = Timetable::AtLeast;

  void begin() {
    auto start = graph_.start();
    state_ = std::move(start.state);
    const auto clocks = graph_.clocks(state_);
    zone_ = Zone::of_any_age(clocks.size());
    std::vector<Bound> latest;
    for (std::size_t i = 0; i < clocks.size(); ++i) {
      latest.push_back(bound_of(clocks[i].latest));
      order_.push_back(clocks[i].id);
      const Bound most = clocks[i].any_age ? latest.back() : 0;
      SIM_ASSERT(most == unbounded || zone_.at_most(i, most));
      clocks_[clocks[i].id] = {Timetable::before_all(i), latest.back()};
    }
    SIM_ASSERT(zone_.pass(latest));
    graph_.expand(state_, now_);
  }

  static Bound bound_of(Duration duration) {
    return duration == Duration::max() ? unbounded : duration.count();
  }
  std::size_t index_of(ClockId id) const {
    const auto found = std::find(order_.begin(), order_.end(), id);
    return found == order_.end() ? Zone::is_new : static_cast<std::size_t>(found - order_.begin());
  }

  std::size_t place_of(ClockId id) const { return id == no_clock ? Zone::no_clock : index_of(id); }

  // Only readings with which the move is possible; false for none.
  bool wait_for(std::size_t move, Zone& zone) const {
    const auto& [guard, earliest] = now_.guard(move);
    return guard == no_clock || zone.at_least(index_of(guard), earliest.count());
  }

  std::vector<Running> running() const {
    std::vector<Running> clocks;
    for (const auto& [id, clock] : clocks_) clocks.push_back(clock);
    return clocks;
  }

  bool try_one(std::size_t move, std::optional<Bound> more_than) {
    Zone zone = zone_;
    if (!wait_for(move, zone)) return false;
    std::vector<AtLeast> at_least;
    if (more_than) at_least.push_back(hold_worst(zone, *now_.span(move), *more_than));
    const auto next = now_.next(move);
    const auto runs = graph_.clocks(next);
    const auto restarts = now_.restarts(move);
    std::vector<std::size_t> from;
    std::vector<Bound> latest;
    std::vector<bool> starts;
    for (const auto& clock : runs) {
      const bool again = std::find(restarts.begin(), restarts.end(), clock.id) != restarts.end();
      from.push_back(again ? Zone::is_new : index_of(clock.id));
      starts.push_back(from.back() == Zone::is_new);
      latest.push_back(bound_of(clock.latest));
    }
    Zone after;
    after.take_clocks(zone, from);
    if (!after.pass(latest)) return false;

    const std::size_t step = steps_.size();
    if (const auto& [guard, earliest] = now_.guard(move); guard != no_clock)
      at_least.push_back({step, clocks_.at(guard).start, earliest.count()});
    steps_.push_back(now_.step(move));
    timetable_.add_step(running(), at_least);
    std::map<ClockId, Running> now_running;
    order_.clear();
    for (std::size_t i = 0; i < runs.size(); ++i) {
      now_running[runs[i].id] = {starts[i] ? step : clocks_.at(runs[i].id).start, latest[i]};
      order_.push_back(runs[i].id);
    }
    clocks_ = std::move(now_running);
    state_.assign(next.begin(), next.end());
    zone_ = std::move(after);
    return true;
  }

  // Only readings at which the span is as long as it can be.
  AtLeast hold_worst(Zone& zone, const Span& span, Bound more_than) {
    const std::size_t from = index_of(span.from);
    const std::size_t to = place_of(span.to);
    Bound most = zone.ahead(from, to);
    if (most == unbounded)
      most = std::max({Bound{0}, -zone.ahead(to, from), more_than - span.more.count()}) + worse;
    SIM_ASSERT(zone.keep(to, from, -most));
    const std::size_t until = span.to == no_clock ? steps_.size() : clocks_.at(span.to).start;
    return {until, clocks_.at(span.from).start, most};
  }

  Graph& graph_;
  std::vector<Word> state_;
  Zone zone_;
  std::vector<ClockId> order_;  // of the zone's clocks
  std::map<ClockId, Running> clocks_;
  typename Graph::Moves now_;
  std::vector<Step> steps_;
  Timetable timetable_;
};

/// The moves, of which the last one measures the most that it can when `more_than` is given, and
/// what follows. Nothing when `go_on`, which is asked once in a while, says no. Requires that time
/// allows them. See WitnessOf.
template <typename Graph>
std::optional<Witness> witness(Graph& graph, const std::vector<std::size_t>& moves,
                               std::optional<Bound> more_than, const std::function<bool()>& go_on) {
  WitnessOf<Graph> found(graph);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    SIM_ASSERT(found.try_move(moves[i], i + 1 == moves.size() ? more_than : std::nullopt));
    if ((i + 1) % Timetable::steps_between == 0 && !go_on()) return std::nullopt;
  }
  return found.finish(go_on);
}

}  // namespace cacherace::search
