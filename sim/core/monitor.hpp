#pragma once
// What a search carries along to judge a property without the history: a few words per execution.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/history.hpp"

namespace cacherace {

using Word = std::uint32_t;

/// What one step, or one moment, or the end of an execution, showed of a property.
struct Observed {
  bool arose = false;  // the situation that the property is about came up
  bool violated = false;
  std::uint64_t measured = 0;  // of a property that measures

  void add(const Observed& other) {
    arose |= other.arose;
    violated |= other.violated;
    if (other.measured > measured) measured = other.measured;
  }
  bool operator==(const Observed&) const = default;
};

/// A clock that starts at some step and can be read at a later one, where a search knows time.
using ClockId = std::uint64_t;
inline constexpr ClockId no_clock = 0;
/// Since a version was committed, since an operation's first effect, since a client waits.
constexpr ClockId commit_clock(Key row, Version version) {
  return std::uint64_t{1} << 60 | std::uint64_t{row} << 32 | version;
}
constexpr ClockId operation_clock(Actor actor) { return std::uint64_t{2} << 60 | actor; }
constexpr ClockId waiting_clock(Actor actor) { return std::uint64_t{3} << 60 | actor; }
/// Since an operation or a query that a monitor has numbered was over, or was answered.
constexpr ClockId numbered_clock(Word number) { return std::uint64_t{7} << 60 | number; }

/// What a step measures in time: how long ago `from` started, at the step or when `to` started; and
/// so much longer or shorter. `no_clock`: at the step.
struct Span {
  ClockId from = no_clock;
  ClockId to = no_clock;
  Duration more{};
  /// It ends with the reply to the step, so long after it.
  Duration reply_min{}, reply_max{};
};

/// What may be so at a step, and is if the clocks read that: `ahead` is ahead of `behind` by at
/// most so much; `no_clock` reads 0.
struct Claim {
  ClockId ahead = no_clock;
  ClockId behind = no_clock;
  Duration at_most{};
  /// That client's reply is still to come then: what it does next comes no sooner than it can after
  /// a reply at that moment. `reply_min`: which it has to wait for after its last step in any case.
  struct Waits {
    Actor actor = 0;
    Duration reply_min{};
  };
  std::optional<Waits> waits_for_reply = {};
};

/// A property as a fold over the steps of an execution. What it has to remember is kept in words
/// that are all 0 at the start: some for the execution as a whole, and some for each actor, which
/// may change its number when clients that are alike are taken for each other. Equal words in equal
/// states of the world must mean that the property sees the same from there on.
class Monitor {
 public:
  virtual ~Monitor() = default;

  /// How many words it keeps.
  std::uint32_t shared_words = 0;
  std::uint32_t actor_words = 0;
  /// It wants to see each step.
  bool observes = false;
  /// It looks at what is pending at each moment.
  bool looks = false;
  /// It judges what is left when every client is done.
  bool judges_end = false;

  struct Memory {
    std::span<Word> shared;
    std::span<Word> actors;  // actor after actor
    std::uint32_t per_actor = 0;

    std::span<Word> of(Actor actor) const {
      return actors.subspan(std::size_t{actor} * per_actor, per_actor);
    }
    std::size_t actor_count() const { return per_actor == 0 ? 0 : actors.size() / per_actor; }
  };

  /// Takes a step into account. `last`: its actor has nothing more to do.
  virtual Observed observe(const Step&, bool /*last*/, Memory) const { return {}; }
  /// Between two steps. `pending`, by actor.
  struct Pending {
    const Effect* effect;  // what it does next; nullptr: nothing
    Task task;
  };
  virtual Observed look(std::span<const Pending>, Memory) const { return {}; }
  virtual Observed end(const std::vector<FinalKey>&, Memory) const { return {}; }

  /// Takes all effects of a step into account.
  Observed observe_all(const Step& step, bool last, Memory memory) const {
    if (step.node == 0) return observe(step, last, memory);
    Observed all;
    each_effect(step, [&](const Step& effect) {
      const bool ends = effect.completes || (last && step.inner.empty());
      all.add(observe(effect, last && ends, memory));
    });
    return all;
  }

  // Where it measures time.
  /// The clocks that run, each from the step on after which it is first named.
  virtual void clocks(Memory, std::vector<ClockId>&) const {}
  /// What a step measures; asked before it is observed.
  virtual std::optional<Span> measure(const Step&, Memory) const { return std::nullopt; }
  /// What may be so at a step; asked before it is observed. As many of the claims count as hold at
  /// once.
  virtual void claims(const Step&, Memory, std::vector<Claim>&) const {}
  /// What it shows that so many hold at once.
  virtual Observed hold(std::size_t /*claims*/) const { return {}; }
};

}  // namespace cacherace
