#include <algorithm>
#include <utility>

#include "sim/harness/fuzz/race_variant.hpp"
#include "sim/harness/fuzz/round_duration.hpp"

namespace cacherace::harness {
namespace {

using scenario::CountRange;
using scenario::DurationRange;
using scenario::Faults;

std::uint64_t draw(const CountRange& range, const Dice& dice, unsigned percent) {
  const std::uint64_t width = range.max - range.min;
  return range.min + dice(0, (width * percent + 99) / 100);
}

// An end of the range every fourth time; else each order of magnitude is as likely as another.
Duration draw(const DurationRange& range, const Dice& dice) {
  constexpr std::uint64_t one_in = 8;
  constexpr int magnitudes_max = 4;  // of a range that begins at 0
  const auto drawn = dice(0, one_in - 1);
  if (drawn == 0 || range.max == Duration::zero()) return range.min;
  if (drawn == 1) return range.max;
  const int last = magnitude(range.max);
  const int first =
      range.min > Duration::zero() ? magnitude(range.min) : std::max(0, last - magnitudes_max + 1);
  const auto chosen =
      static_cast<int>(dice(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last)));
  const Duration from = std::max(range.min, of_magnitude(chosen));
  const Duration to = std::min(range.max, of_magnitude(chosen + 1) - Duration{1});
  const Duration value{
      dice(static_cast<std::uint64_t>(from.count()), static_cast<std::uint64_t>(to.count()))};
  return std::max(range.min, rounded_down(value, 2));
}

Faults draw_faults(const scenario::Vary& vary, const Dice& dice, unsigned percent) {
  Faults faults;
  for (auto fault :
       {&Faults::crash, &Faults::evict, &Faults::lose, &Faults::flush, &Faults::cache_restart})
    faults.*fault = static_cast<std::uint32_t>(
        draw(CountRange{vary.faults_min.*fault, vary.faults_max.*fault}, dice, percent));
  return faults;
}

// One value for a duration that the scenario states, two for a range.
DurationRange draw_duration(const DurationRange& within, const DurationRange& stated,
                            const Dice& dice) {
  const Duration first = draw(within, dice);
  if (stated.min == stated.max) return {first, first};
  const Duration second = draw(within, dice);
  return {std::min(first, second), std::max(first, second)};
}

}  // namespace

Variant draw_variant(const VariantSpace& space, const Dice& dice, unsigned percent) {
  Variant variant;
  variant.rows = draw(space.vary.keys, dice, percent);
  variant.clients.resize(draw(space.vary.clients, dice, percent));
  for (auto& operations : variant.clients) {
    operations.resize(draw(space.vary.operations, dice, percent));
    for (auto& [kind, row] : operations) {
      kind = dice(0, space.kinds.size() - 1);
      row = dice(0, variant.rows - 1);
    }
  }
  variant.faults = draw_faults(space.vary, dice, percent);
  for (std::size_t i = 0; i < space.durations.size(); ++i)
    variant.durations.push_back(
        draw_duration(space.vary.durations[i].within, space.durations[i], dice));
  return variant;
}

}  // namespace cacherace::harness
