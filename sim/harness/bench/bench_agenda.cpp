// What it costs to find out what is next, among many: every actor has one pending moment, and when
// it comes, draws the next.

#include <fmt/format.h>

#include <functional>
#include <queue>

#include "sim/core/assert.hpp"
#include "sim/core/digest.hpp"
#include "sim/core/fetch_ahead.hpp"
#include "sim/engine/clock/agenda.hpp"
#include "sim/harness/bench/bench_parts.hpp"

namespace cacherace::harness {
namespace {

using engine::RunActor;

struct Actor {
  std::uint64_t random = 0;
  std::uint64_t events = 0;

  // Marsaglia 2003: a cheap generator, so that what is measured is the agenda.
  std::uint64_t draw() {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random;
  }
};

std::vector<Actor> some_actors(RunActor count) {
  std::vector<Actor> actors(count);
  for (RunActor i = 0; i < count; ++i) actors[i].random = (i + 1) * 0x9e3779b97f4a7c15U;
  return actors;
}

// Up to a millisecond later.
Duration gap(std::uint64_t word) { return Duration(static_cast<std::int64_t>(word >> 44)); }
std::uint32_t tie(std::uint64_t word) { return static_cast<std::uint32_t>(word); }

struct ByAgenda {
  std::vector<Actor> actors;
  engine::Agenda agenda;
  Digest order;

  explicit ByAgenda(RunActor count) : actors(some_actors(count)), agenda(count) {
    for (RunActor actor = 0; actor < count; ++actor) set(actor, start_of_time);
  }
  void set(RunActor actor, SimTime from) {
    const std::uint64_t word = actors[actor].draw();
    agenda.set(actor, from + gap(word), tie(word));
  }
  void run(std::uint64_t events) {
    while (events-- > 0) {
      const RunActor actor = agenda.next();
      const SimTime now = agenda.next_time();
      order.add(static_cast<std::uint64_t>(now.time_since_epoch().count()));
      ++actors[actor].events;
      set(actor, now);
      fetch_ahead(&actors[std::min<std::size_t>(agenda.soon(), actors.size() - 1)]);
    }
  }
};

class ByFunctions {
 public:
  Digest order;

  explicit ByFunctions(RunActor count) : actors_(some_actors(count)) {
    for (RunActor actor = 0; actor < count; ++actor) set(actor, start_of_time);
  }
  void run(std::uint64_t events) {
    while (events-- > 0) {
      // The function is moved out before its entry goes: the order does not depend on it.
      const auto act = std::move(const_cast<Event&>(queue_.top()).act);
      now_ = queue_.top().at;
      queue_.pop();
      act();
    }
  }

 private:
  struct Event {
    SimTime at;
    std::uint32_t tie;
    std::function<void()> act;
    bool operator>(const Event& other) const {
      return at > other.at || (at == other.at && tie > other.tie);
    }
  };

  void set(RunActor actor, SimTime from) {
    const std::uint64_t word = actors_[actor].draw();
    queue_.push({from + gap(word), tie(word), [this, actor] { act(actor); }});
  }
  void act(RunActor actor) {
    order.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
    ++actors_[actor].events;
    set(actor, now_);
  }

  std::vector<Actor> actors_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  SimTime now_ = start_of_time;
};

struct Timed {
  double ns = 0, peer_ns = 0;
};

template <typename Engine>
double ns_per_event(Engine& engine, std::uint64_t events, const std::function<double()>& seconds) {
  const double start = seconds();
  engine.run(events);
  return (seconds() - start) * 1e9 / static_cast<double>(events);
}

}  // namespace

std::vector<report::Bench::Agenda> bench_agenda(const BenchRounds& rounds) {
  std::vector<report::Bench::Agenda> results;
  const std::uint64_t events = rounds.options.quick ? 300'000 : 2'000'000;
  for (const RunActor pending : {100U, 10'000U, 1'000'000U}) {
    const auto timed = rounds.run(
        fmt::format("agenda, {} pending moments", pending), [&]() -> std::optional<Timed> {
          ByAgenda ours(pending);
          ByFunctions peer(pending);
          const Timed round{ns_per_event(ours, events, rounds.options.seconds),
                            ns_per_event(peer, events, rounds.options.seconds)};
          SIM_ASSERT(ours.order.value() == peer.order.value());
          return round;
        });
    if (timed.empty()) break;
    results.push_back(
        {.pending = pending,
         .ns_per_event = median_of(timed, [](const Timed& t) { return t.ns; }),
         .peer_ns_per_event = median_of(timed, [](const Timed& t) { return t.peer_ns; }),
         .ratio = median_of(timed, [](const Timed& t) { return t.peer_ns / t.ns; })});
  }
  return results;
}

}  // namespace cacherace::harness
