#include "sim/harness/counterexample/repeated_looks.hpp"

#include <map>
#include <tuple>

namespace cacherace::harness {
namespace {

// It changes nothing, and its client may go on to wait.
bool is_in_vain(const Step& step) {
  if (step.turn != Turn::taken || step.completes) return false;
  const EffectKind kind = step.effect.kind;
  if (kind == EffectKind::cache_lock) return !step.reply.found;
  if (kind == EffectKind::cache_lease_get) return step.reply.refused;
  return kind == EffectKind::wait || (only_reads(kind) && party(kind) != Party::database);
}

// Which steps belong to a look that led to the next wait.
std::vector<bool> in_vain(const std::vector<Step>& steps) {
  std::vector<bool> looks(steps.size());
  std::map<Actor, std::vector<std::size_t>> since_wait;  // of those who look
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const auto known = since_wait.find(step.actor);
    if (!is_in_vain(step)) {
      if (known != since_wait.end()) since_wait.erase(known);
    } else if (step.effect.kind == EffectKind::wait) {
      if (known != since_wait.end())
        for (const std::size_t look : known->second) looks[look] = true;
      since_wait[step.actor] = {i};
    } else if (known != since_wait.end()) {
      known->second.push_back(i);
    }
  }
  return looks;
}

}  // namespace

std::vector<std::optional<std::size_t>> repeated_looks(const std::vector<Step>& steps) {
  std::vector<std::optional<std::size_t>> repeats(steps.size());
  const auto looks = in_vain(steps);
  // Of the stretch of looks at hand: who did what, and where first.
  std::multimap<std::tuple<Actor, EffectKind, Key>, std::size_t> first;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!looks[i]) {
      first.clear();
      continue;
    }
    const Step& step = steps[i];
    const std::tuple who{step.actor, step.effect.kind, step.effect.key};
    const auto [from, to] = first.equal_range(who);
    for (auto known = from; known != to && !repeats[i]; ++known)
      if (steps[known->second].reply == step.reply) repeats[i] = known->second;
    if (!repeats[i]) first.emplace(who, i);
  }
  return repeats;
}

}  // namespace cacherace::harness
