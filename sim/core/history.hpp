#pragma once
// The record of one execution of a race, from which properties are judged.

#include <cstdint>
#include <vector>

#include "sim/core/effect.hpp"

namespace cacherace {

/// Who takes a step: a client or a background task by its index, or one of those below.
using Actor = std::uint16_t;
inline constexpr Actor clock_actor = 0xffff;    // expires entries
inline constexpr Actor fault_actor = 0xfffe;    // evicts, flushes, restarts
inline constexpr Actor replica_actor = 0xfffd;  // applies commits

/// What became of an effect.
enum class Turn : std::uint8_t {
  taken,     // it happened
  branched,  // it happened, with the other outcome: early, a false positive, giving up
  lost,      // it never happens, and its client gets no answer
  delayed,   // it happens later, and its client gets no answer
  crashed,   // its client died before it
};

/// How long before a step its command was issued, at the least, and how long after it the reply
/// came.
struct Around {
  Duration issued{};
  Duration replied_min{}, replied_max{};  // max(): any time later

  bool operator==(const Around&) const = default;
};

/// One effect of one actor, within one of its operations.
struct Step {
  Actor actor = 0;
  Actor owner = 0;              // of a task: the client that started it
  Task task = Task::none;       // what the actor is at, when it is a task
  std::uint16_t number = 0;     // of a task: tells it from others of its kind and owner, from 1
  std::uint16_t operation = 0;  // index among the client's operations
  OperationKind serves = OperationKind::read;
  Turn turn = Turn::taken;
  Effect effect{};
  Reply reply{};
  bool stops_waiting = false;  // with its reply, its operation has waited for others long enough
  Key subject = 0;             // of a client's step: the key that its operation is about
  // Of a script.
  std::vector<Step> inner{};          // at the same moment, after it
  std::uint32_t node = 0;             // where it stood, as a number of the race; 0: of no script
  std::vector<std::uint32_t> told{};  // what it told beside its effect, likewise
  bool says_nothing = false;          // it completes, and what it returns is no version of its key
  // Where time counts.
  SimTime at{};  // when it took effect
  Around around;
  std::uint8_t timers = 0;  // entries with a TTL that it stored
  bool completes = false;   // the operation responds after this step
  bool failed = false;      // and without an answer
  Version answer = 0;  // of a read that completes: the version returned, 0 for no row; of a write
                       // that completes: the version written

  /// At the latest.
  SimTime issued() const { return at - around.issued; }
  /// At the earliest, and at the latest.
  SimTime replied_from() const { return at + around.replied_min; }
  SimTime replied_by() const {
    return around.replied_max == Duration::max() ? never : later(at, around.replied_max);
  }
  /// The same, whenever it is.
  Step at_any_time() const {
    Step step = *this;
    step.at = {};
    step.around = {};
    return step;
  }

  bool happened() const { return turn == Turn::taken || turn == Turn::branched; }
  bool operator==(const Step&) const = default;
};

/// One of the numbers in `Step::told`.
inline bool tells_of_broken_assertion(std::uint32_t told) { return told % 2 == 1; }

/// The step as properties see it, one effect after the other. What a script does at one moment is
/// several effects, and its response comes after them, as a step that is about the operation's key.
template <typename Visit>
void each_effect(const Step& step, Visit visit) {
  const bool responds = step.completes && step.effect.key != step.subject;
  if (step.node == 0 || (step.inner.empty() && !responds)) return visit(step);
  const auto visit_one = [&](const Step& one) {
    Step effect = one;
    effect.inner.clear();
    effect.around = step.around;
    effect.at = step.at;
    if (!one.completes || one.effect.key == one.subject) return visit(effect);
    effect.completes = false;
    visit(effect);
    Step response = one;
    response.around = step.around;
    response.at = step.at;
    response.effect = {.kind = EffectKind::choose, .key = one.subject};
    response.reply = {};
    visit(response);
  };
  visit_one(step);
  for (const Step& inner : step.inner) visit_one(inner);
}

/// What is left of one key when every client is done.
struct FinalKey {
  bool cached = false;         // readers find a copy
  Version cached_version = 0;  // of the oldest copy
  Version row_version = 0;
  bool eternal = false;        // an entry or a lock of it never expires
  bool left = false;           // an entry or a lock of it is there, found by readers or not
  bool kept_for_good = false;  // a copy that readers find never expires
  Version kept_version = 0;    // of the oldest of those
  Key row = 0;                 // the key itself, or the one that it is derived from

  bool operator==(const FinalKey&) const = default;
};

struct History {
  std::vector<Step> steps;       // in the order in which they took effect
  std::vector<FinalKey> finals;  // by key; empty until the execution is complete
  bool in_time = false;          // its steps have times, which latencies allow
};

/// Steps at which another actor goes on than at the step before.
inline std::size_t context_switches(const std::vector<Step>& steps) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) count += steps[i].actor != steps[i - 1].actor;
  return count;
}

}  // namespace cacherace
