// Who holds the lock of a key, as far as the holders know.

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// A command that comes late asks for nobody: its client has gone on without it.
bool asks(const Step& step) {
  return step.effect.kind == EffectKind::cache_lock && step.happened() && step.task != Task::late;
}

// The holder is done with what the lock is for. When its unlock is lost or late, the lock lives on
// without a holder.
bool ends_hold(const Step& step, const Step& lock) {
  if (step.turn == Turn::crashed)  // its own, or that of the client whose task it is
    return step.actor == lock.actor || step.actor == lock.owner;
  const bool unlocks = step.effect.kind == EffectKind::cache_unlock ||
                       step.effect.kind == EffectKind::cache_unlock_any;
  return same_actor(step, lock) &&
         ((unlocks && step.effect.key == lock.effect.key) || step.completes);
}

// The lock that somebody asks for is not free: it stands, or another believes to hold it.
Judgement judge(const History& history, std::uint64_t) {
  Judgement judgement;
  const auto& steps = history.steps;
  std::vector<std::size_t> held;  // the steps at which locks were taken whose holders are not done
  for (std::size_t now = 0; now < steps.size(); ++now) {
    const Step& step = steps[now];
    if (asks(step)) {
      judgement.arose |= !step.reply.found;
      for (const std::size_t before : held) {
        if (steps[before].effect.key != step.effect.key || same_actor(steps[before], step))
          continue;
        judgement.arose = true;
        if (!judgement.finding && step.reply.found)
          judgement.finding = Finding{.key = step.effect.key, .decisive = now, .earlier = before};
      }
    }
    std::erase_if(held, [&](std::size_t lock) { return ends_hold(step, steps[lock]); });
    if (asks(step) && step.reply.found) held.push_back(now);
  }
  return judgement;
}

std::string explain(const History&, const Finding& finding, const Names& names) {
  return fmt::format("{} takes the lock of {}, although {} took it in step {} and is not done.",
                     names.who[finding.decisive], names.keys[finding.key],
                     names.who[*finding.earlier], *finding.earlier + 1);
}

// Remembers, by actor, which locks it believes to hold.
class Holders : public Monitor {
 public:
  explicit Holders(const Rows& rows) {
    actor_words = (rows.keys + 31) / 32;
    observes = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (step.actor >= replica_actor) return {};
    Observed observed;
    const auto held = memory.of(step.actor);
    const std::size_t word = step.effect.key / 32;
    const Word bit = Word{1} << step.effect.key % 32;
    if (asks(step)) {
      bool another = false;
      for (Actor actor = 0; actor < memory.actor_count(); ++actor)
        another |= actor != step.actor && (memory.of(actor)[word] & bit) != 0;
      observed = {.arose = another || !step.reply.found, .violated = another && step.reply.found};
      if (step.reply.found) held[word] |= bit;
    }
    if (step.effect.kind == EffectKind::cache_unlock ||
        step.effect.kind == EffectKind::cache_unlock_any)
      held[word] &= ~bit;
    if (step.completes || step.turn == Turn::crashed) std::fill(held.begin(), held.end(), 0);
    return observed;
  }
};

}  // namespace

const Property mutual_exclusion{
    .id = PropertyId::mutual_exclusion,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Holders>(rows);
    }};

}  // namespace cacherace::judge
