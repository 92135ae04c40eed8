// How long an operation waits for another's load, or for a lock.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/core/duration_text.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

bool waits(EffectKind kind) { return kind == EffectKind::wait || kind == EffectKind::flight_wait; }

bool waits(const Step& step) {
  return by_client(step) && step.happened() && waits(step.effect.kind);
}

constexpr std::size_t none = ~std::size_t{0};

// By step: its actor's steps before and after it, and the first one with which its operation
// waited.
struct Neighbours {
  std::vector<std::size_t> before, after, first_wait;
};

Neighbours neighbours(const History& history) {
  const auto& steps = history.steps;
  Neighbours found{.before = std::vector(steps.size(), none),
                   .after = std::vector(steps.size(), none),
                   .first_wait = std::vector(steps.size(), none)};
  std::map<std::tuple<Actor, Actor, Task>, std::size_t> last;
  std::map<std::pair<Actor, std::uint16_t>, std::size_t> waited;
  for (std::size_t now = 0; now < steps.size(); ++now) {
    const Step& step = steps[now];
    auto& before = last.try_emplace({step.actor, step.owner, step.task}, none).first->second;
    found.before[now] = before;
    if (before != none) found.after[before] = now;
    before = now;
    if (waits(step)) waited.try_emplace({step.actor, step.operation}, now);
    if (!by_client(step)) continue;
    const auto first = waited.find({step.actor, step.operation});
    found.first_wait[now] = first == waited.end() ? now : first->second;
  }
  return found;
}

// Who joins a flight waits from there on; who is to look again, from when it begins to.
SimTime began_to_wait(const History& history, const Neighbours& near, std::size_t now) {
  const std::size_t first = near.first_wait[now];
  const Step& step = history.steps[first];
  if (step.effect.kind == EffectKind::wait) return step.at - step.effect.after;
  const std::size_t joined = near.before[first];
  return joined != none ? history.steps[joined].at : step.at;
}

// Until the reply that ends it; where that may take any time, for longer than the limit.
Duration wait_until(const History& history, const Neighbours& near, std::size_t now,
                    std::uint64_t limit) {
  constexpr Duration longer = std::chrono::seconds(1);
  const std::size_t next = near.after[now];
  SimTime end = history.steps[now].replied_by();
  if (next != none && history.steps[next].turn != Turn::crashed)
    end = std::min(end, history.steps[next].issued());
  const SimTime began = began_to_wait(history, near, now);
  if (end != never) return end - began;
  return history.steps[now].replied_from() - began +
         later(start_of_time, Duration(static_cast<std::int64_t>(limit))).time_since_epoch() +
         longer;
}

Judgement judge(const History& history, std::uint64_t limit) {
  Judgement judgement;
  const Neighbours near = neighbours(history);
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    judgement.arose |= waits(history.steps[now]);
    if (!by_client(history.steps[now]) || !history.steps[now].stops_waiting) continue;
    const auto measured = static_cast<std::uint64_t>(wait_until(history, near, now, limit).count());
    if (measured > judgement.measured && measured > limit)
      judgement.finding = Finding{
          .key = history.steps[now].effect.key, .decisive = now, .earlier = near.first_wait[now]};
    judgement.measured = std::max(judgement.measured, measured);
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const Duration waited = wait_until(history, neighbours(history), finding.decisive, wait.limit);
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

const Property wait{.id = PropertyId::wait,
                    .judge = judge,
                    .explain = explain,
                    .monitor = [](const Rows&, std::uint64_t) -> std::unique_ptr<Monitor> {
                      return std::make_unique<Waiters>();
                    }};

}  // namespace cacherace::judge
