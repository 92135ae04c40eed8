// How long an operation waits for another's load, or for a lock.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/judge/property.hpp"
#include "sim/judge/steps.hpp"

namespace cacherace::judge {
namespace {

bool waits(EffectKind kind) { return kind == EffectKind::wait || kind == EffectKind::flight_wait; }

bool ends_a_wait(const Step& step) {
  return by_client(step) && step.happened() && waits(step.effect.kind);
}

// The step after which the operation waited for the first time.
std::size_t began_to_wait(const History& history, std::size_t now) {
  const auto& steps = history.steps;
  std::size_t last = now;  // of the operation, before it waited
  for (std::size_t i = 0; i <= now; ++i) {
    const Step& step = steps[i];
    if (!by_client(step) || step.actor != steps[now].actor) continue;
    if (step.operation == steps[now].operation && waits(step.effect.kind)) return last;
    last = i;
  }
  return last;
}

Duration wait_until(const History& history, std::size_t now) {
  return history.steps[now].at - history.steps[began_to_wait(history, now)].at;
}

Judgement judge(const History& history, std::uint64_t limit) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    if (!ends_a_wait(history.steps[now])) continue;
    judgement.arose = true;
    const auto measured = static_cast<std::uint64_t>(wait_until(history, now).count());
    if (measured > judgement.measured && measured > limit)
      judgement.finding = Finding{.key = history.steps[now].effect.key,
                                  .decisive = now,
                                  .earlier = began_to_wait(history, now)};
    judgement.measured = std::max(judgement.measured, measured);
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  return fmt::format("{} has waited for {} since step {}: {}.", names.who[finding.decisive],
                     names.keys[finding.key], *finding.earlier + 1,
                     duration_text(wait_until(history, finding.decisive)));
}

// Remembers, by client, whether it has begun to wait: then it has a clock.
class Waiters : public Monitor {
 public:
  Waiters() {
    actor_words = 1;
    observes = looks = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (by_client(step) && (step.completes || step.turn == Turn::crashed))
      memory.of(step.actor)[0] = 0;
    return {.arose = ends_a_wait(step)};
  }

  Observed look(std::span<const Pending> pending, Memory memory) const override {
    for (Actor actor = 0; actor < pending.size(); ++actor)
      if (pending[actor].effect != nullptr && pending[actor].task == Task::none &&
          waits(pending[actor].effect->kind))
        memory.of(actor)[0] = 1;
    return {};
  }

  void clocks(Memory memory, std::vector<ClockId>& running) const override {
    for (Actor actor = 0; actor < memory.actor_count(); ++actor)
      if (memory.of(actor)[0] != 0) running.push_back(waiting_clock(actor));
  }

  std::optional<Span> measure(const Step& step, Memory) const override {
    if (!ends_a_wait(step)) return std::nullopt;
    return Span{.from = waiting_clock(step.actor)};
  }
};

}  // namespace

const Property wait{.name = "wait",
                    .judge = judge,
                    .explain = explain,
                    .monitor = [](const Rows&, std::uint64_t) -> std::unique_ptr<Monitor> {
                      return std::make_unique<Waiters>();
                    },
                    .measures = true,
                    .timed = true};

}  // namespace cacherace::judge
