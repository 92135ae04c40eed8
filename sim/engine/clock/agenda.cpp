#include "sim/engine/clock/agenda.hpp"

#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/fetch_ahead.hpp"

namespace cacherace::engine {
namespace {

// The smaller one, by masks: compilers turn a minimum of 128 bits into a branch, which nobody can
// predict.
Uint128 earlier(Uint128 a, Uint128 b) {
  const auto low = [](Uint128 x) { return static_cast<std::uint64_t>(x); };
  const auto high = [](Uint128 x) { return static_cast<std::uint64_t>(x >> 64); };
  const std::uint64_t mask = -std::uint64_t{a < b};
  const std::uint64_t chosen_high = high(b) ^ ((high(a) ^ high(b)) & mask);
  const std::uint64_t chosen_low = low(b) ^ ((low(a) ^ low(b)) & mask);
  return Uint128{chosen_high} << 64 | chosen_low;
}

// The matches of the tournament's fourth round from the end. Whoever wins one of them is next
// within some dozens of moments.
constexpr std::size_t deep_begin = 1 + 4 + 16;
constexpr std::size_t deep_end = deep_begin + 64;
constexpr int rounds_ahead = 4;  // rounds near the leaves are seldom in the cache

}  // namespace

void Agenda::grow(RunActor actors) {
  const std::size_t wanted = (std::size_t{actors} + fan - 1) / fan;
  if (wanted > leaves_ * (fan - 1) + 1)
    add_rounds(wanted);
  else if (leaves_ + wanted > matches_.size())
    matches_.resize(leaves_ + wanted);
}

// All that is pending plays again.
void Agenda::add_rounds(std::size_t wanted) {
  const auto known = std::exchange(matches_, {});
  const std::size_t known_leaves = leaves_;
  while (wanted > leaves_ * (fan - 1) + 1) leaves_ = leaves_ * fan + 1;
  matches_.resize(leaves_ + wanted);
  first_ = idle;
  for (std::size_t match = known_leaves; match < known.size(); ++match)
    for (const Moment moment : known[match].moments)
      if (time_of(moment) != never)
        set(actor_of(moment), time_of(moment), static_cast<std::uint32_t>(moment >> 32));
}

void Agenda::set(RunActor actor, SimTime at, std::uint32_t tie) {
  SIM_ASSERT(leaf_of(actor) < matches_.size() && at >= start_of_time);
  const auto time = static_cast<std::uint64_t>((at - start_of_time).count());
  Moment winner = Moment{time} << 64 | std::uint64_t{tie} << 32 | actor;
  std::size_t match = leaf_of(actor);
  std::size_t place = actor % fan;
  for (;;) {
    Moment* moments = matches_[match].moments;
    moments[place] = winner;
    const Moment rival =
        earlier(earlier(moments[place ^ 1], moments[place ^ 2]), moments[place ^ 3]);
    winner = earlier(rival, winner);
    if (match == 0) break;
    if (deep_begin <= match && match < deep_end) {
      soon_ = actor_of(winner);
      look_ahead();
    }
    place = (match - 1) % fan;
    match = (match - 1) / fan;
  }
  first_ = winner;
}

// Whoever is next has a new moment then.
void Agenda::look_ahead() {
  std::size_t match = leaf_of(soon_);
  for (int round = 0; round < rounds_ahead && match < matches_.size(); ++round) {
    fetch_ahead(&matches_[match]);
    match = (match - 1) / fan;
  }
}

}  // namespace cacherace::engine
