#pragma once
// Exhaustive search over states and clocks: of each state, the zones of clock readings with which
// it is reached.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/monitor.hpp"
#include "sim/search/claims.hpp"
#include "sim/search/explore.hpp"
#include "sim/search/state_table.hpp"
#include "sim/search/zone_set.hpp"

namespace cacherace::search {

/// What one execution measured the most: `unbounded` where there is no end to it.
struct Worst {
  Bound value = 0;
  std::vector<std::size_t> moves;  // of the execution up to there, by index at each state
};

/// The longest difference of two readings that is counted, in nanoseconds: some 36 years. Sums of a
/// few of them are still bounds.
inline constexpr Bound horizon = Bound{1} << 60;

struct TimedExplored : Explored {
  std::uint64_t zones = 0;
  bool too_long = false;  // ended where readings may differ by more than the horizon
  Worst worst;            // of a property that measures time
  std::optional<std::vector<std::size_t>> violation;  // the moves up to the first one
};

/// A graph of packed states with clocks: its moves are bound to readings, and time passes until
/// some clock reads its latest. Breadth first. A zone is kept if no other zone of its state
/// contains it, and each one that is kept is expanded once. Exact: a state and its readings are
/// reached here if, and only if, some execution reaches them, since no zone is ever widened; it
/// ends because executions do.
template <typename Graph>
class TimedExploration {
 public:
  /// `limit`: a property that measures time is violated by more than that.
  TimedExploration(Graph& graph, const StateBudget& budget, bool to_the_end, Bound limit)
      : graph_(graph), budget_(budget), to_the_end_(to_the_end), limit_(limit) {}

  TimedExplored run() {
    begin();
    std::uint32_t layer_end = 1;
    for (std::uint32_t now = 0; now < nodes_.size() && !explored_.stopped; ++now) {
      if (!may_go_on()) break;
      if (now == layer_end) {
        layer_end = static_cast<std::uint32_t>(nodes_.size());
        explored_.stopped |= ++explored_.depth == depth_max;
      }
      // Unless another zone of its state has covered it.
      if (zones_[nodes_[now].state].copy(now, zone_)) expand(now);
    }
    measure();
    if (explored_.worst.value > 0) explored_.worst.moves = way_to(worst_.first, worst_.second);
    return explored_;
  }

 private:
  struct Node {
    std::uint32_t state, parent, move;
  };
  using Clocks = std::vector<typename Graph::Clock>;
  static constexpr std::uint32_t depth_max = 500'000;  // nobody can look at a longer execution

  void begin() {
    const auto start = graph_.start();
    states_.add(start.state);
    const Clocks& clocks = graph_.clocks(start.state);
    Zone zone = Zone::of_any_age(clocks.size());
    std::vector<Bound> latest;
    for (std::size_t i = 0; i < clocks.size(); ++i) {
      latest.push_back(bound_of(clocks[i].latest));
      const Bound most = clocks[i].any_age ? latest.back() : 0;
      SIM_ASSERT(most == unbounded || zone.at_most(i, most));
    }
    SIM_ASSERT(zone.pass(latest));
    zones_.emplace_back();
    add_node(0, 0, 0, zone);
    note(start.observed, 0, std::nullopt);
  }

  static Bound bound_of(Duration duration) {
    return duration == Duration::max() ? unbounded : duration.count();
  }

  static std::size_t index_of(const Clocks& clocks, ClockId id) {
    for (std::size_t i = 0; i < clocks.size(); ++i)
      if (clocks[i].id == id) return i;
    return Zone::is_new;
  }

  // With the readings of `zone_`.
  void expand(std::uint32_t now) {
    states_.copy(nodes_[now].state, state_);
    clocks_ = graph_.clocks(state_);
    graph_.expand(state_, moves_);
    if (moves_.size() == 0) note(graph_.end(state_), now, std::nullopt);
    for (std::size_t move = 0; move < moves_.size() && !explored_.stopped; ++move) take(now, move);
    tried_ += moves_.size();
  }

  void take(std::uint32_t now, std::size_t move) {
    before_ = zone_;
    for (const auto& [guard, earliest, latest] : moves_.guards(move)) {
      const std::size_t clock = index_of(clocks_, guard);
      SIM_ASSERT(clock != Zone::is_new);
      if (!before_.at_least(clock, earliest.count())) return;
      if (!before_.at_most(clock, bound_of(latest))) return;
    }
    const auto next = moves_.next(move);
    const auto restarts = moves_.restarts(move);
    from_.clear();
    latest_.clear();
    for (const auto& clock : graph_.clocks(next)) {
      const bool again = std::find(restarts.begin(), restarts.end(), clock.id) != restarts.end();
      from_.push_back(again ? Zone::is_new : index_of(clocks_, clock.id));
      latest_.push_back(bound_of(clock.latest));
    }
    after_.take_clocks(before_, from_);
    if (!after_.pass(latest_)) return;
    ++explored_.transitions;
    if (!after_.is_within(horizon)) {
      explored_.stopped = explored_.too_long = true;
      return;
    }
    ask(now, move);
    note(moves_.observed(move), now, move);
    if (is_full(next)) {
      explored_.stopped = true;
      return;
    }
    const std::uint32_t state = states_.add(next).number;
    if (state == zones_.size()) zones_.emplace_back();
    add_node(state, now, static_cast<std::uint32_t>(move), after_);
  }

  // `after_` in that state would be one more than the budget allows.
  bool is_full(std::span<const Word> state) {
    if (nodes_.size() == nodes_max) return true;
    if (explored_.zones < budget_.states_max) return false;
    const auto known = states_.find(state);
    return !known || zones_[*known].grows_by(after_);
  }

  // What the move measures at the most, and with which execution.
  void ask(std::uint32_t now, std::size_t move) {
    ask_claims(now, move);
    const auto& span = moves_.span(move);
    if (!span) return;
    const Bound value =
        plus(plus(before_.ahead(place_of(span->from), place_of(span->to)), span->more.count()),
             bound_of(span->reply_max));
    if (value > explored_.worst.value) {
      explored_.worst.value = value;
      worst_ = {now, move};
      explored_.stopped |= value == unbounded;  // nothing is worse
    }
    note({.arose = true, .violated = value > limit_}, now, move);
  }

  void ask_claims(std::uint32_t now, std::size_t move) {
    const auto claims = moves_.claims(move);
    if (claims.empty()) return;
    asked_.clear();
    for (const Claim& claim : claims)
      asked_.push_back({.ahead = place_of(claim.ahead),
                        .behind = place_of(claim.behind),
                        .at_most = bound_of(claim.at_most)});
    note(graph_.hold(MostClaims(before_, asked_).count()), now, move);
  }

  std::size_t place_of(ClockId id) const {
    if (id == no_clock) return Zone::no_clock;
    const std::size_t clock = index_of(clocks_, id);
    SIM_ASSERT(clock != Zone::is_new);
    return clock;
  }

  void add_node(std::uint32_t state, std::uint32_t parent, std::uint32_t move, const Zone& zone) {
    ZoneSet& known = zones_[state];
    explored_.zones -= known.size();
    zone_bytes_ -= known.bytes();
    if (known.add(zone, static_cast<std::uint32_t>(nodes_.size())))
      nodes_.push_back({.state = state, .parent = parent, .move = move});
    explored_.zones += known.size();
    zone_bytes_ += known.bytes();
    explored_.stopped |= bytes() > budget_.bytes_max;
  }

  void note(const Observed& observed, std::uint32_t node, std::optional<std::size_t> move) {
    explored_.observed.add(observed);
    if (!observed.violated) return;
    if (!explored_.violation) explored_.violation = way_to(node, move);
    explored_.stopped |= !to_the_end_;
  }

  std::vector<std::size_t> way_to(std::uint32_t node, std::optional<std::size_t> move) const {
    std::vector<std::size_t> way;
    if (move) way.push_back(*move);
    for (; node != 0; node = nodes_[node].parent) way.push_back(nodes_[node].move);
    std::reverse(way.begin(), way.end());
    return way;
  }

  std::uint64_t bytes() const {
    return states_.bytes() + zone_bytes_ + zones_.capacity() * sizeof(ZoneSet) +
           nodes_.capacity() * sizeof(Node) + graph_.bytes();
  }

  void measure() {
    explored_.states = states_.size();
    explored_.bytes = bytes();
  }

  bool may_go_on() {
    if (tried_ < ask_at_) return true;
    ask_at_ = tried_ + moves_between_asking;
    measure();
    explored_.stopped |= explored_.bytes > budget_.bytes_max || !budget_.go_on(explored_);
    return !explored_.stopped;
  }

  static constexpr std::uint64_t moves_between_asking = 256;  // each may take a while
  static constexpr std::size_t nodes_max = ~std::uint32_t{0};

  Graph& graph_;
  const StateBudget& budget_;
  bool to_the_end_;
  Bound limit_;
  StateTable states_;
  std::vector<ZoneSet> zones_;  // by state, numbered as their nodes
  std::vector<Node> nodes_;
  std::uint64_t zone_bytes_ = 0;
  std::pair<std::uint32_t, std::size_t> worst_;  // the node and move that measure the most
  std::uint64_t tried_ = 0, ask_at_ = 0;         // moves
  // Of the node that is expanded, and of the move that is taken.
  std::vector<Word> state_;
  Clocks clocks_;
  Zone zone_, before_, after_;
  std::vector<std::size_t> from_;
  std::vector<Bound> latest_;
  std::vector<MostClaims::Of> asked_;
  typename Graph::Moves moves_;
  TimedExplored explored_;
};

/// See TimedExploration.
template <typename Graph>
TimedExplored explore_timed(Graph& graph, const StateBudget& budget, bool to_the_end,
                            Bound limit = 0) {
  return TimedExploration<Graph>(graph, budget, to_the_end, limit).run();
}

}  // namespace cacherace::search
