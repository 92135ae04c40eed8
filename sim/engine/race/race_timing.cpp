#include "sim/engine/race/race_timing.hpp"

#include <algorithm>

namespace cacherace::engine {
namespace {

Gap exactly(Duration time) { return {time, time}; }

// A statement that reads is performed when its service starts.
bool reads(EffectKind kind) { return kind == EffectKind::db_read || kind == EffectKind::db_block; }

}  // namespace

Gap ends_of(const scenario::Latency& latency) {
  if (const auto* fixed = std::get_if<scenario::Constant>(&latency))
    return {fixed->value, fixed->value};
  if (const auto* range = std::get_if<scenario::Uniform>(&latency)) return {range->min, range->max};
  if (const auto* memoryless = std::get_if<scenario::Exponential>(&latency))
    return {Duration{0}, memoryless->max.value_or(Duration::max())};
  return {Duration{0}, std::get<scenario::Lognormal>(latency).max.value_or(Duration::max())};
}

Gap operator+(const Gap& a, const Gap& b) {
  const bool ends = a.latest < Duration::max() - b.latest && b.latest != Duration::max();
  return {a.earliest + b.earliest, ends ? a.latest + b.latest : Duration::max()};
}

RaceTiming::RaceTiming(const scenario::Scenario& scenario, const strategy::Strategy& strategy)
    : bounded_(true),
      read_(ends_of(scenario.database.read)),
      write_(ends_of(scenario.database.write)),
      lag_(ends_of(scenario.database.replicas.lag)),
      pause_{Duration{0}, scenario.race.pause_max},
      timeout_(scenario.clients.timeout),
      strategy_(strategy) {
  const Gap cache = ends_of(scenario.cache.latency);
  const auto rest = [](Duration latency) {
    return latency == Duration::max() ? latency : latency - latency / 2;
  };
  const auto half = [](Duration latency) {
    return latency == Duration::max() ? latency : latency / 2;
  };
  cache_out_ = {half(cache.earliest), half(cache.latest)};
  cache_back_ = {rest(cache.earliest), rest(cache.latest)};
}

RaceTiming RaceTiming::unbounded() { return {}; }

Gap RaceTiming::head(EffectKind kind) const {
  if (!bounded_) return {};
  switch (party(kind)) {
    case Party::process:
      return exactly(Duration{0});
    case Party::cache:
      return cache_out_;
    case Party::database:
      return reads(kind) ? exactly(Duration{0}) : write_;
  }
  return {};
}

Gap RaceTiming::tail(const Step& step) const {
  if (!bounded_) return {};
  const EffectKind kind = step.effect.kind;
  if (step.happened()) {
    if (party(kind) == Party::cache) return cache_back_;
    return reads(kind) ? read_ : exactly(Duration{0});
  }
  // The timeout runs from the issue; without one, nobody knows when the client gives up.
  if (!timeout_) return {};
  const Gap sent = head(kind);
  const Duration earliest =
      sent.latest > *timeout_ ? Duration{0} : Duration(*timeout_ - sent.latest);
  return {earliest, std::max(Duration{0}, Duration(*timeout_ - sent.earliest))};
}

Gap RaceTiming::once_freed(EffectKind kind) const {
  const Gap way = head(kind);
  return kind == EffectKind::db_begin ? Gap{Duration{0}, way.latest} : way;
}

Around RaceTiming::around(const Step& step) const {
  const Gap replied = tail(step);
  return {.issued = head(step.effect.kind).earliest,
          .replied_min = replied.earliest,
          .replied_max = replied.latest};
}

std::vector<Duration> RaceTiming::shortest_replies() const {
  std::vector<Duration> replies;
  for (const Turn turn : {Turn::taken, Turn::lost})
    for (const EffectKind kind :
         {EffectKind::wait, EffectKind::cache_get, EffectKind::db_read, EffectKind::db_write}) {
      Step step{.turn = turn};
      step.effect.kind = kind;
      replies.push_back(tail(step).earliest);
    }
  std::sort(replies.begin(), replies.end());
  replies.erase(std::unique(replies.begin(), replies.end()), replies.end());
  return replies;
}

Gap RaceTiming::within(const Step& last, const world::Client& client) const {
  if (!bounded_) return {};
  if (client.task == Task::late) return {};
  const Effect& next = client.pending;
  const Gap until_issue = tail(last) + pause_;
  if (next.kind == EffectKind::wait) return until_issue + exactly(next.after);
  if (strategy_.make_script) return until_issue + exactly(next.after) + head(next.kind);
  return until_issue + head(next.kind);
}

Gap RaceTiming::between(const Step& last, const world::Client& client) const {
  if (!bounded_) return {};
  const Gap asleep = exactly(strategy_.make_script ? client.pending.after : Duration{0});
  return {(tail(last) + asleep + head(client.pending.kind)).earliest, Duration::max()};
}

// A late command comes whenever it likes.
Gap RaceTiming::until_task(const Step& cause, const world::Client& task, bool durable) const {
  if (!bounded_ || task.task == Task::late) return {};
  const Gap asleep = exactly(strategy_.make_script ? task.pending.after : Duration{0});
  const Gap begins = tail(cause) + ends_of(strategy_.delay_of(task.task)) + asleep;
  return (durable ? begins : begins + pause_) + head(task.pending.kind);
}

}  // namespace cacherace::engine
