#pragma once
// When the operations of an open flow arrive.

#include <cstdint>

#include "sim/core/stream.hpp"
#include "sim/core/units.hpp"
#include "sim/engine/arrivals/request_source.hpp"
#include "sim/scenario/traffic.hpp"

namespace cacherace::engine {

/// Where a look for the next operation has ended.
struct Arrival {
  SimTime at;
  bool found = true;  // false: nothing arrives before `at`, and there is more to look at
};

/// The arrivals of one flow, one after another; their spacing is drawn by integer arithmetic.
///
/// Bursty: a Poisson flow of the flow's rate whose time is squeezed into the on phases, so that it
/// holds on average over on and off. Diurnal: a Poisson flow of the peak's rate, of which each
/// arrival is kept with the probability of its hour (thinning: Lewis, Shedler 1979).
class ArrivalTimes {
 public:
  /// Arrivals of a window from `from` on. `stream` names the flow in the streams: the operations of
  /// the flow are called `stream`, `stream` + 1 and so on.
  ArrivalTimes(const scenario::OpenLoop& load, SimTime from, SimTime to, std::uint64_t seed,
               std::uint64_t stream);

  /// The moment of the next operation, at or after `to` when there is none in the window. `random`
  /// is the operation's draw for its arrival. O(1) on average over a day or a burst; a look is
  /// never long, and ends early rather.
  Arrival next(const Draw& random);
  /// Goes on with a look that has ended early.
  Arrival look_on();

 private:
  Arrival look_in_bursts(const scenario::BurstyArrivals& bursts);
  void skip_phases(const scenario::BurstyArrivals& bursts);
  void draw_phase(const scenario::BurstyArrivals& bursts);
  Arrival look_at_day(const scenario::DiurnalArrivals& day);

  scenario::OpenLoop load_;
  SimTime from_, to_;
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t count_ = 0;  // arrivals so far, and the one that is looked for
  SimTime last_;             // the last arrival; in bursts, as if its flow had been steady
  // Of a bursty flow.
  std::uint64_t phases_ = 0;  // off phases so far
  Duration off_{};            // how long they took
  Duration on_until_{};       // when the on phase ends, off phases left out
  Duration on_{};             // when the operation arrives, off phases left out
  // Of a diurnal flow.
  Draw random_;                // of the candidate
  std::uint32_t attempt_ = 0;  // its number
};

/// The rate of a diurnal flow as a share of its peak's, in 32.32 fixed point, so long after its
/// start: lowest at the start of each period, highest in its middle. O(1).
std::uint64_t share_of_peak(const scenario::DiurnalArrivals& day, Duration since);

/// When a request of a trace with times arrives whose flow begins at `from`: somewhere in its part
/// of its second, which its companions share evenly and in order; `word` says where. O(1).
SimTime replayed(const scenario::Trace& trace, SimTime from, const Request& request,
                 std::uint64_t word);

}  // namespace cacherace::engine
