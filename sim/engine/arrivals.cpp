#include "sim/engine/arrivals.hpp"

#include <algorithm>

#include "sim/core/fixed.hpp"
#include "sim/engine/sample.hpp"

namespace cacherace::engine {
namespace {

using scenario::BurstyArrivals;
using scenario::DiurnalArrivals;

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
  const auto cycle = static_cast<std::uint64_t>((bursts->on + bursts->off).count());
  const bool begins_off =
      bursts->phases == BurstyArrivals::Phases::exponential &&
      multiply_high(start.first, cycle) >= static_cast<std::uint64_t>(bursts->on.count());
  if (begins_off) off_ = phase(*bursts, bursts->off, start.second);
  on_until_ = phase(*bursts, bursts->on, lengths.first);
}

SimTime ArrivalTimes::next(const Draw& random) {
  ++count_;
  if (const auto* bursts = std::get_if<BurstyArrivals>(&load_.arrivals))
    return next_in_bursts(*bursts, random.first);
  if (const auto* day = std::get_if<DiurnalArrivals>(&load_.arrivals))
    return last_ = next_of_day(*day, random);
  if (std::holds_alternative<scenario::ConstantArrivals>(load_.arrivals))
    return later(from_, constant_gaps(load_.rate, count_));
  return last_ = later(last_, poisson_gap(load_.rate, random.first));
}

SimTime ArrivalTimes::next_in_bursts(const BurstyArrivals& bursts, std::uint64_t word) {
  last_ = later(last_, poisson_gap(load_.rate, word));
  const Duration on{multiply_divide((last_ - from_).count(), bursts.on.count(),
                                    (bursts.on + bursts.off).count())};
  while (on >= on_until_) {
    if (later(from_, on_until_ + off_) >= to_) return to_;
    off_ += phase(bursts, bursts.off, draw(seed_, stream_, Purpose::phase, phases_ + 1).second);
    ++phases_;
    on_until_ += phase(bursts, bursts.on, draw(seed_, stream_, Purpose::phase, phases_ + 1).first);
  }
  return later(later(from_, on), off_);
}

SimTime ArrivalTimes::next_of_day(const DiurnalArrivals& day, Draw random) {
  const Rate peak = rate_at_peak(load_, day);
  SimTime candidate = last_;
  for (std::uint32_t attempt = 1;; ++attempt) {
    candidate = later(candidate, poisson_gap(peak, random.first));
    if (candidate >= to_ || random.second >> 32 < share_of_peak(day, candidate - from_))
      return candidate;
    random = draw(seed_, stream_ + count_ - 1, Purpose::arrival, attempt);
  }
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
