#include "sim/engine/arrivals/arrivals.hpp"

#include <algorithm>

#include "sim/core/checked_time.hpp"
#include "sim/core/fixed.hpp"
#include "sim/engine/arrivals/distributions.hpp"

namespace cacherace::engine {
namespace {

using scenario::BurstyArrivals;
using scenario::DiurnalArrivals;

// Phases or candidates that one look goes through.
constexpr int look_max = 4096;

Duration phase(const BurstyArrivals& bursts, Duration mean, std::uint64_t word) {
  // A phase takes time, so that nobody goes through phases for ever.
  return bursts.phases == BurstyArrivals::Phases::fixed
             ? mean
             : std::max(exponential(mean, word), Duration{1000});
}

Rate rate_at_peak(const scenario::OpenLoop& load, const DiurnalArrivals& day) {
  return {multiply_divide(load.rate.billionths, day.peak.billionths, Decimal::one)};
}

}  // namespace

ArrivalTimes::ArrivalTimes(const scenario::OpenLoop& load, SimTime from, SimTime to,
                           std::uint64_t seed, std::uint64_t stream)
    : load_(load), from_(from), to_(to), seed_(seed), stream_(stream), last_(from) {
  const auto* bursts = std::get_if<BurstyArrivals>(&load_.arrivals);
  if (bursts == nullptr) return;
  // Where phases are drawn, the flow is met at any moment of them; exponential phases have no
  // memory, so that what is left of one is as long as a whole one.
  const Draw start = draw(seed_, stream_, Purpose::phase, 0);
  const Draw lengths = draw(seed_, stream_, Purpose::phase, 1);
  const auto cycle = static_cast<std::uint64_t>(plus(bursts->on, bursts->off).count());
  const bool begins_off =
      bursts->phases == BurstyArrivals::Phases::exponential &&
      multiply_high(start.first, cycle) >= static_cast<std::uint64_t>(bursts->on.count());
  if (begins_off) off_ = phase(*bursts, bursts->off, start.second);
  on_until_ = phase(*bursts, bursts->on, lengths.first);
}

Arrival ArrivalTimes::next(const Draw& random) {
  ++count_;
  if (std::holds_alternative<scenario::ConstantArrivals>(load_.arrivals))
    return {later(from_, constant_gaps(load_.rate, count_))};
  if (std::holds_alternative<DiurnalArrivals>(load_.arrivals)) {
    random_ = random;
    attempt_ = 0;
    return look_on();
  }
  last_ = later(last_, poisson_gap(load_.rate, random.first));
  if (const auto* bursts = std::get_if<BurstyArrivals>(&load_.arrivals)) {
    on_ = Duration(multiply_divide((last_ - from_).count(), bursts->on.count(),
                                   plus(bursts->on, bursts->off).count()));
    return look_on();
  }
  return {last_};
}

Arrival ArrivalTimes::look_on() {
  if (const auto* bursts = std::get_if<BurstyArrivals>(&load_.arrivals))
    return look_in_bursts(*bursts);
  return look_at_day(std::get<DiurnalArrivals>(load_.arrivals));
}

Arrival ArrivalTimes::look_in_bursts(const BurstyArrivals& bursts) {
  if (bursts.phases == BurstyArrivals::Phases::fixed) skip_phases(bursts);
  for (int phases = 0; on_ >= on_until_; ++phases) {
    const SimTime end_of_phase = later(from_, plus(on_until_, off_));
    if (end_of_phase >= to_) return {to_};
    if (phases == look_max) return {.at = end_of_phase, .found = false};
    draw_phase(bursts);
  }
  return {later(later(from_, on_), off_)};
}

// Phases of fixed length need no draw: all but the last are skipped at once.
void ArrivalTimes::skip_phases(const BurstyArrivals& bursts) {
  if (on_ < on_until_) return;
  const auto count = static_cast<std::uint64_t>((on_ - on_until_) / bursts.on);
  phases_ += count;
  off_ = plus(off_, times(count, bursts.off));
  on_until_ += times(count, bursts.on);
}

void ArrivalTimes::draw_phase(const BurstyArrivals& bursts) {
  constexpr int index_bits = 32;
  const auto draw_next = [&] {
    return draw(seed_, stream_ + ((phases_ + 1) >> index_bits), Purpose::phase,
                static_cast<std::uint32_t>(phases_ + 1));
  };
  off_ = plus(off_, phase(bursts, bursts.off, draw_next().second));
  ++phases_;
  on_until_ = plus(on_until_, phase(bursts, bursts.on, draw_next().first));
}

// Thinning: `last_` is the last candidate.
Arrival ArrivalTimes::look_at_day(const DiurnalArrivals& day) {
  const Rate peak = rate_at_peak(load_, day);
  for (int candidates = 0; candidates < look_max; ++candidates) {
    last_ = later(last_, poisson_gap(peak, random_.first));
    if (last_ >= to_ || random_.second >> 32 < share_of_peak(day, last_ - from_)) return {last_};
    random_ = draw(seed_, stream_ + count_ - 1, Purpose::arrival, ++attempt_);
  }
  return {.at = last_, .found = false};
}

std::uint64_t share_of_peak(const DiurnalArrivals& day, Duration since) {
  // The rate over its mean is 1 - swing * cos(2 pi x), x of a period after its start.
  const Q32 x = multiply_divide((since % day.period).count(), q32_one, day.period.count());
  const Q32 swing = multiply_divide(day.peak.billionths - Decimal::one, q32_one, Decimal::one);
  const Q32 over_mean = q32_one - multiply_q32(swing, cosine_of_turn(x));
  return static_cast<std::uint64_t>(
      multiply_divide(std::max<Q32>(over_mean, 0), q32_one, q32_one + swing));
}

SimTime replayed(const scenario::Trace& trace, SimTime from, const Request& request,
                 std::uint64_t word) {
  constexpr std::uint64_t second = 1'000'000'000;
  const auto within = static_cast<std::uint64_t>(
      (Uint128{request.index} * second + multiply_high(word, second)) / request.count);
  const Int128 recorded = Int128{request.second} * second + within;
  const Int128 since = recorded * Decimal::one / trace.speed.billionths;
  constexpr Int128 longest = Duration::max().count();
  return later(from, Duration(static_cast<std::int64_t>(std::min(since, longest))));
}

}  // namespace cacherace::engine
