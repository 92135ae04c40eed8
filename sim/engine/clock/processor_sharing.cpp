#include "sim/engine/clock/processor_sharing.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::engine {
namespace {

constexpr int fraction_bits = 32;

Uint128 count(Duration time) { return static_cast<std::uint64_t>(time.count()); }

}  // namespace

void ProcessorSharing::advance(SimTime now) {
  const Uint128 passed = count(now - at_) << fraction_bits;
  at_ = now;
  if (served_.empty()) return;
  const std::size_t sharers = std::max<std::size_t>(served_.size(), processors_);
  service_ += passed * processors_ / sharers;
}

void ProcessorSharing::begin(std::uint32_t actor, Duration work, std::uint32_t tie, SimTime now) {
  advance(now);
  served_.push({.ends = service_ + (count(work) << fraction_bits),
                .tie = tie,
                .number = number_++,
                .actor = actor});
}

std::optional<ProcessorSharing::Next> ProcessorSharing::next(SimTime now) {
  if (served_.empty()) return std::nullopt;
  advance(now);
  const Served& first = served_.top();
  const Uint128 left = first.ends > service_ ? first.ends - service_ : 0;
  const std::size_t sharers = std::max<std::size_t>(served_.size(), processors_);
  const Uint128 unit = Uint128{processors_} << fraction_bits;
  const Uint128 after = (left * sharers + unit - 1) / unit;
  const Uint128 most = count(Duration::max());
  return Next{.actor = first.actor,
              .tie = first.tie,
              .after = Duration(static_cast<std::int64_t>(std::min(after, most)))};
}

void ProcessorSharing::set_processors(std::uint32_t processors, SimTime now) {
  advance(now);
  processors_ = processors;
}

void ProcessorSharing::end(SimTime now) {
  SIM_ASSERT(!served_.empty());
  advance(now);
  service_ = std::max(service_, served_.top().ends);
  served_.pop();
}

}  // namespace cacherace::engine
