#pragma once
// When things can happen in a race: the bounds that latencies and delays put on each gap.

#include "sim/core/history.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/strategy/strategy.hpp"

namespace cacherace::engine {

/// How long after one effect the next can come, at the earliest and at the latest.
struct Gap {
  Duration earliest{};
  Duration latest = Duration::max();  // max(): any time later
  bool operator==(const Gap&) const = default;
};

/// The shortest and the longest that a latency can be.
Gap ends_of(const scenario::Latency& latency);

/// One gap after the other.
Gap operator+(const Gap& a, const Gap& b);

/// A cache command takes effect in the middle of its latency, a database read when its service
/// starts, a write when its service ends; delays run from the reply before them. A client may pause
/// in each gap within an operation, and so may what lives in its process. Only the ends of a
/// latency's distribution count, and nobody queues for a server. O(1) per call.
class RaceTiming {
 public:
  /// As the scenario's latencies have it. Copies what it needs.
  RaceTiming(const scenario::Scenario& scenario, const strategy::Strategy& strategy);
  /// Any gap may take any time; only what has a TTL keeps it.
  static RaceTiming unbounded();

  bool bounded() const { return bounded_; }
  /// From issue to effect.
  Gap head(EffectKind kind) const;
  /// From effect to reply; of a command that got no answer, to the timeout.
  Gap tail(const Step& step) const;
  /// Until the client's next effect, in the same operation.
  Gap within(const Step& last, const world::Client& client) const;
  /// Until the first effect of the client's next operation, which begins whenever it likes.
  Gap between(const Step& last, const world::Client& client) const;
  /// Until the first effect of a task that the step has started.
  Gap until_task(const Step& cause, const world::Client& task, bool durable) const;
  /// From the step that frees a client that had to wait for another until its effect, if it is
  /// issued then. A transaction may have been on its way to its row before that was locked.
  Gap once_freed(EffectKind kind) const;
  /// Between issue and reply.
  Around around(const Step& step) const;
  /// The shortest ways from effect to reply, of all kinds of steps; each length once.
  std::vector<Duration> shortest_replies() const;
  /// From the effect of a read of the database to its reply.
  Gap reply_to_read() const { return read_; }
  /// What replicas lag behind.
  Gap lag() const { return lag_; }

 private:
  RaceTiming() = default;

  bool bounded_ = false;
  Gap cache_out_, cache_back_, read_, write_, lag_;
  Gap pause_;
  std::optional<Duration> timeout_;
  strategy::Strategy strategy_{};
};

}  // namespace cacherace::engine
