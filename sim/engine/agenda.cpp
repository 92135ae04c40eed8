#include "sim/engine/agenda.hpp"

#include <algorithm>
#include <bit>

#include "sim/core/assert.hpp"

namespace cacherace::engine {

Agenda::Agenda(RunActor actors) { grow(actors); }

bool Agenda::before(RunActor a, RunActor b) const {
  const Moment& x = leaves_[a];
  const Moment& y = leaves_[b];
  return x.at < y.at || (x.at == y.at && (x.tie < y.tie || (x.tie == y.tie && a < b)));
}

void Agenda::grow(RunActor actors) {
  const auto wanted = std::bit_ceil(std::max<RunActor>(actors, 2));
  if (wanted <= leaves_.size()) return;
  leaves_.resize(wanted);
  rebuild();
}

void Agenda::rebuild() {
  const auto count = static_cast<RunActor>(leaves_.size());
  winners_.assign(count, 0);
  for (RunActor node = count - 1; node >= 1; --node) {
    const bool above_leaves = 2 * node >= count;
    const RunActor left = above_leaves ? 2 * node - count : winners_[2 * node];
    const RunActor right = above_leaves ? 2 * node + 1 - count : winners_[2 * node + 1];
    winners_[node] = before(right, left) ? right : left;
  }
}

void Agenda::set(RunActor actor, SimTime at, std::uint32_t tie) {
  const auto count = static_cast<RunActor>(leaves_.size());
  SIM_ASSERT(actor < count);
  leaves_[actor] = {at, tie};
  RunActor rival = actor ^ 1U;  // the sibling leaf
  RunActor winner = before(rival, actor) ? rival : actor;
  for (RunActor node = (actor + count) >> 1; node > 1; node >>= 1) {
    winners_[node] = winner;
    rival = winners_[node ^ 1U];
    winner = before(rival, winner) ? rival : winner;
  }
  winners_[1] = winner;
}

}  // namespace cacherace::engine
