// How long an operation waits for another's load, or for a lock.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/judge/property.hpp"
#include "sim/judge/steps.hpp"

namespace cacherace::judge {
namespace {

bool waits(EffectKind kind) { return kind == EffectKind::wait || kind == EffectKind::flight_wait; }

bool waits(const Step& step) {
  return by_client(step) && step.happened() && waits(step.effect.kind);
}

// The first step with which the operation of step `now` waited.
std::size_t first_wait(const History& history, std::size_t now) {
  const auto& steps = history.steps;
  std::size_t first = now;
  for (std::size_t i = now + 1; i-- > 0;)
    if (waits(steps[i]) && steps[i].actor == steps[now].actor &&
        steps[i].operation == steps[now].operation)
      first = i;
  return first;
}

std::optional<std::size_t> neighbour(const History& history, std::size_t of, bool after) {
  const auto& steps = history.steps;
  for (std::size_t i = after ? of + 1 : of - 1; i < steps.size(); after ? ++i : --i)
    if (same_actor(steps[i], steps[of])) return i;
  return std::nullopt;
}

// Who joins a flight waits from there on; who is to look again, from when it begins to.
SimTime began_to_wait(const History& history, std::size_t now) {
  const std::size_t first = first_wait(history, now);
  const Step& step = history.steps[first];
  if (step.effect.kind == EffectKind::wait) return step.at - step.effect.after;
  const auto joined = neighbour(history, first, false);
  return joined ? history.steps[*joined].at : step.at;
}

// Until the reply that ends it; where that may take any time, for longer than the limit.
Duration wait_until(const History& history, std::size_t now, std::uint64_t limit) {
  constexpr Duration longer = std::chrono::seconds(1);
  const auto next = neighbour(history, now, true);
  SimTime end = history.steps[now].replied_by();
  if (next && history.steps[*next].turn != Turn::crashed)
    end = std::min(end, history.steps[*next].issued());
  const SimTime began = began_to_wait(history, now);
  if (end != never) return end - began;
  return history.steps[now].replied_from() - began +
         later(start_of_time, Duration(static_cast<std::int64_t>(limit))).time_since_epoch() +
         longer;
}

Judgement judge(const History& history, std::uint64_t limit) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    judgement.arose |= waits(history.steps[now]);
    if (!by_client(history.steps[now]) || !history.steps[now].stops_waiting) continue;
    const auto measured = static_cast<std::uint64_t>(wait_until(history, now, limit).count());
    if (measured > judgement.measured && measured > limit)
      judgement.finding = Finding{.key = history.steps[now].effect.key,
                                  .decisive = now,
                                  .earlier = first_wait(history, now)};
    judgement.measured = std::max(judgement.measured, measured);
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const Duration waited = wait_until(history, finding.decisive, wait.limit);
  return fmt::format("{} waits {} for {}: from before step {} until the reply to step {} is there.",
                     names.who[finding.decisive], duration_text(waited), names.keys[finding.key],
                     *finding.earlier + 1, finding.decisive + 1);
}

// Remembers, by client, that it waits: for a flight from the step on with which it joined, else
// from the first look that it waited for, and how long that was. So it has a clock.
class Waiters : public Monitor {
 public:
  Waiters() {
    actor_words = 3;
    observes = looks = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (!by_client(step)) return {};
    const auto own = memory.of(step.actor);
    if (step.effect.kind == EffectKind::wait && step.happened() && own[0] == 0) {
      const auto before = static_cast<std::uint64_t>(step.effect.after.count());
      own[0] = 1;
      own[1] = static_cast<Word>(before >> 32);
      own[2] = static_cast<Word>(before);
    }
    if (step.stops_waiting || step.completes || step.turn == Turn::crashed)
      std::fill(own.begin(), own.end(), 0);
    return {.arose = waits(step)};
  }

  Observed look(std::span<const Pending> pending, Memory memory) const override {
    for (Actor actor = 0; actor < pending.size(); ++actor)
      if (pending[actor].effect != nullptr && pending[actor].task == Task::none &&
          pending[actor].effect->kind == EffectKind::flight_wait)
        memory.of(actor)[0] = 1;
    return {};
  }

  void clocks(Memory memory, std::vector<ClockId>& running) const override {
    for (Actor actor = 0; actor < memory.actor_count(); ++actor)
      if (memory.of(actor)[0] != 0) running.push_back(waiting_clock(actor));
  }

  std::optional<Span> measure(const Step& step, Memory memory) const override {
    if (!by_client(step) || !step.stops_waiting) return std::nullopt;
    const auto own = memory.of(step.actor);
    const std::uint64_t before = std::uint64_t{own[1]} << 32 | own[2];
    const bool first = own[0] == 0;  // with the only look that it waited for
    return Span{.from = first ? no_clock : waiting_clock(step.actor),
                .more = first ? step.effect.after : Duration(static_cast<std::int64_t>(before)),
                .reply_min = step.around.replied_min,
                .reply_max = step.around.replied_max};
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
