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
#include "sim/search/claims.hpp"
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
    const Span& span = *now_.span(move);
    return plus(plus(zone.ahead(place_of(span.from), place_of(span.to)), span.more.count()),
                bound_of(span.reply_max));
  }

  /// What a move claims, as far as it can hold, shows; nothing where time forbids it.
  Observed claimed(std::size_t move) const {
    Zone zone = zone_;
    if (now_.claims(move).empty() || !wait_for(move, zone)) return {};
    return graph_.hold(MostClaims(zone, places_of(now_.claims(move))).count());
  }

  /// What is asked of the times of a move: as much as it can measure, and as many of its claims as
  /// hold at once. Where what it measures has no bound, it is a second more than the least, and
  /// than `more_than`.
  struct Worst {
    std::optional<Bound> more_than;
  };

  /// False, and nothing has changed, when time forbids the move.
  bool try_move(std::size_t move, std::optional<Worst> worst = {}) {
    if (!try_one(move, worst)) return false;
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
  using Running = Timetable::Running;
  using AtLeast = Timetable::AtLeast;
  static constexpr Bound a_second = 1'000'000'000;
  static constexpr ClockId since_worst = ~ClockId{0};  // of its own: since the move of the worst

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
    for (const auto& [guard, earliest, latest] : now_.guards(move)) {
      if (!zone.at_least(index_of(guard), earliest.count())) return false;
      if (!zone.at_most(index_of(guard), bound_of(latest))) return false;
    }
    const auto held = held_back_.find(now_.step(move).actor);
    return held == held_back_.end() || crashes(move) ||
           zone.at_least(index_of(since_worst), no_sooner(move, held->second));
  }

  bool crashes(std::size_t move) const { return now_.step(move).turn == Turn::crashed; }
  // A reply that comes no sooner than `reply` after the worst move; in any case it takes `least`.
  struct HeldBack {
    Bound reply, least;
  };
  // How long after the worst move the client that waits for it can go on.
  Bound no_sooner(std::size_t move, const HeldBack& held) const {
    const auto guards = now_.guards(move);
    const Bound earliest = guards.empty() ? 0 : guards.front().earliest.count();  // its own clock's
    return held.reply +
           std::max(earliest - held.least, Bound{now_.step(move).around.issued.count()});
  }

  std::vector<Running> running() const {
    std::vector<Running> clocks;
    for (const auto& [id, clock] : clocks_) clocks.push_back(clock);
    return clocks;
  }

  // Moment `later` comes at most so much after moment `earlier`.
  static void add_at_most(std::vector<AtLeast>& bounds, std::size_t later, std::size_t earlier,
                          Bound bound) {
    if (bound != unbounded) bounds.push_back({earlier, later, -bound});
  }

  std::vector<MostClaims::Of> places_of(std::span<const Claim> claims) const {
    std::vector<MostClaims::Of> places;
    for (const Claim& claim : claims)
      places.push_back({.ahead = place_of(claim.ahead),
                        .behind = place_of(claim.behind),
                        .at_most = bound_of(claim.at_most)});
    return places;
  }

  bool try_one(std::size_t move, const std::optional<Worst>& worst) {
    Zone zone = zone_;
    if (!wait_for(move, zone)) return false;
    std::vector<AtLeast> bounds;
    if (worst) hold_worst(zone, move, *worst, bounds);
    const auto next = now_.next(move);
    auto runs = graph_.clocks(next);
    if (worst || !held_back_.empty()) runs.push_back({since_worst, Duration::max()});
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
    steps_.push_back(now_.step(move));
    for (const auto& [guard, earliest, at_most] : now_.guards(move)) {
      bounds.push_back({step, clocks_.at(guard).start, earliest.count()});
      add_at_most(bounds, step, clocks_.at(guard).start, bound_of(at_most));
    }
    if (const auto held = held_back_.find(steps_.back().actor);
        !worst && held != held_back_.end()) {
      if (!crashes(move))
        bounds.push_back({step, clocks_.at(since_worst).start, no_sooner(move, held->second)});
      held_back_.erase(held);
    }
    timetable_.add_step(running(), bounds);
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

  // Only readings at which the span is as long as it can be, and as many claims hold as can.
  void hold_worst(Zone& zone, std::size_t move, const Worst& worst, std::vector<AtLeast>& bounds) {
    const auto moment = [&](ClockId id) {
      return id == no_clock ? steps_.size() : clocks_.at(id).start;
    };
    // What is ahead started so much earlier, at most.
    const auto hold = [&](ClockId ahead, ClockId behind, Bound at_most) {
      SIM_ASSERT(zone.keep(place_of(ahead), place_of(behind), at_most));
      add_at_most(bounds, moment(behind), moment(ahead), at_most);
    };
    const Actor actor = now_.step(move).actor;
    if (const auto& span = now_.span(move); span && worst.more_than) {
      const Bound more_than = *worst.more_than;
      Bound most = zone.ahead(place_of(span->from), place_of(span->to));
      if (most == unbounded)
        most = std::max({Bound{0}, -zone.ahead(place_of(span->to), place_of(span->from)),
                         more_than - span->more.count()}) +
               a_second;
      hold(span->to, span->from, -most);
      const Bound least = span->reply_min.count();
      const Bound reply = span->reply_max == Duration::max() ? least + more_than + a_second
                                                             : span->reply_max.count();
      if (reply > least) held_back_[actor] = {.reply = reply, .least = least};
    }
    const auto claims = now_.claims(move);
    if (claims.empty()) return;
    const auto places = places_of(claims);
    const MostClaims most(zone, places);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      if (!most.held()[i]) continue;
      if (claims[i].at_most != Duration::max())
        hold(claims[i].ahead, claims[i].behind, claims[i].at_most.count());
      if (const auto& waits = claims[i].waits_for_reply)
        held_back_[waits->actor] = {.reply = 0, .least = waits->reply_min.count()};
    }
  }

  Graph& graph_;
  std::vector<Word> state_;
  Zone zone_;
  std::vector<ClockId> order_;  // of the zone's clocks
  std::map<ClockId, Running> clocks_;
  typename Graph::Moves now_;
  std::vector<Step> steps_;
  Timetable timetable_;
  std::map<Actor, HeldBack> held_back_;  // by client, until it goes on
};

/// The moves, of which the last one is the worst, and what follows. Nothing when `go_on`, which is
/// asked once in a while, says no. Requires that time allows them. See WitnessOf.
template <typename Graph>
std::optional<Witness> witness(Graph& graph, const std::vector<std::size_t>& moves,
                               std::optional<Bound> more_than, const std::function<bool()>& go_on) {
  WitnessOf<Graph> found(graph);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    SIM_ASSERT(i + 1 == moves.size() ? found.try_move(moves[i], {{more_than}})
                                     : found.try_move(moves[i]));
    if ((i + 1) % Timetable::steps_between == 0 && !go_on()) return std::nullopt;
  }
  return found.finish(go_on);
}

}  // namespace cacherace::search
