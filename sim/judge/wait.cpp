// How long an operation waits for another's load, or for a lock.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/core/duration_text.hpp"
#include "sim/judge/property.hpp"
#include "sim/judge/steps.hpp"

namespace cacherace::judge {
namespace {

bool waits(EffectKind kind) { return kind == EffectKind::wait || kind == EffectKind::flight_wait; }

bool ends_a_wait(const Step& step) {
  return by_client(step) && step.happened() && waits(step.effect.kind);
}

Judgement judge(const History& history, std::uint64_t limit) {
  Judgement judgement;
  // Of an operation that waits: the step after which it waited for the first time. Of a client: its
  // last step.
  std::map<std::pair<Actor, std::uint16_t>, std::size_t> began;
  std::map<Actor, std::size_t> last;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    const Step& step = history.steps[now];
    if (!by_client(step)) continue;
    const std::size_t before = last.try_emplace(step.actor, now).first->second;
    last[step.actor] = now;
    if (!waits(step.effect.kind)) continue;
    const std::size_t since = began.try_emplace({step.actor, step.operation}, before).first->second;
    if (!ends_a_wait(step)) continue;
    judgement.arose = true;
    const auto measured = static_cast<std::uint64_t>((step.at - history.steps[since].at).count());
    if (measured > judgement.measured && measured > limit)
      judgement.finding = Finding{.key = step.effect.key, .decisive = now, .earlier = since};
    judgement.measured = std::max(judgement.measured, measured);
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  return fmt::format(
      "{} has waited for {} since step {}: {}.", names.who[finding.decisive],
      names.keys[finding.key], *finding.earlier + 1,
      duration_text(history.steps[finding.decisive].at - history.steps[*finding.earlier].at));
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
