// Session guarantees (Terry et al. 1994): what one client may expect of its own reads and writes.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// Looks at each completed read together with the latest earlier step of the same client and key
// that promises a version, and reports the first read that answers with less. `promises` says
// whether a client's step promises one to a read, and `promise` which.
template <typename Promises, typename Promise>
Judgement judge_session(const History& history, Promises promises, Promise promise) {
  Judgement judgement;
  const auto& steps = history.steps;
  for (std::size_t now = 0; now < steps.size(); ++now) {
    if (!answers_read(steps[now])) continue;
    for (std::size_t before = now; before-- > 0;) {
      const Step& step = steps[before];
      if (step.actor != steps[now].actor || !promises(step, steps[now])) continue;
      judgement.arose = true;
      if (steps[now].answer < promise(step) && !judgement.finding)
        judgement.finding = Finding{.key = steps[now].effect.key,
                                    .decisive = now,
                                    .earlier = before,
                                    .kept = steps[now].answer,
                                    .current = promise(step)};
    }
  }
  return judgement;
}

// A client's next read begins when its write is over, so the promise of a commit counts as that of
// its acknowledgement; and what write-behind has queued counts as written.
Judgement judge_own_writes(const History& history, std::uint64_t) {
  return judge_session(
      history,
      [&](const Step& step, const Step& read) {
        return (commits(step) || queues(step)) && row_of(history, step) == row_of(history, read);
      },
      [](const Step& step) { return step.reply.version; });
}

Judgement judge_own_reads(const History& history, std::uint64_t) {
  return judge_session(
      history,
      [](const Step& step, const Step& read) {
        return answers_read(step) && step.effect.key == read.effect.key;
      },
      [](const Step& step) { return step.answer; });
}

std::string explain_own_writes(const History& history, const Finding& finding, const Names& names) {
  return fmt::format("{} reads {} of {}, although it {} v{} itself in step {}.",
                     names.who[finding.decisive], version_text(finding.kept),
                     names.keys[finding.key],
                     queues(history.steps[*finding.earlier]) ? "queued" : "committed",
                     finding.current, *finding.earlier + 1);
}

std::string explain_own_reads(const History&, const Finding& finding, const Names& names) {
  return fmt::format("{} reads {} of {}, although it had read v{} in step {}.",
                     names.who[finding.decisive], version_text(finding.kept),
                     names.keys[finding.key], finding.current, *finding.earlier + 1);
}

// Remembers, by client, what it was promised: of each row, or of each key. A client that is done
// is promised nothing more.
class Promises : public Monitor {
 public:
  Promises(const Rows& rows, bool of_writes) : rows_(rows), of_writes_(of_writes) {
    actor_words = of_writes ? rows.count() : rows.keys;
    observes = true;
  }

  Observed observe(const Step& step, bool last, Memory memory) const override {
    if (!by_client(step)) return {};
    Observed observed;
    const auto promised = memory.of(step.actor);
    if (answers_read(step)) {
      const Word least = promised[of_writes_ ? rows_.of(step.effect.key) : step.effect.key];
      observed = {.arose = least > 0, .violated = step.answer + 1 < least};
    }
    promise(step, promised);
    if (last) std::fill(promised.begin(), promised.end(), 0);
    return observed;
  }

 private:
  // Versions count from 1 here: to have read that there is no row is a promise, too.
  void promise(const Step& step, std::span<Word> promised) const {
    if (of_writes_ && (commits(step) || queues(step))) {
      Word& least = promised[rows_.of(step.effect.key)];
      least = std::max(least, step.reply.version + 1);
    } else if (!of_writes_ && answers_read(step)) {
      Word& least = promised[step.effect.key];
      least = std::max(least, step.answer + 1);
    }
  }

  Rows rows_;
  bool of_writes_;
};

}  // namespace

const Property read_your_writes{
    .id = PropertyId::read_your_writes,
    .judge = judge_own_writes,
    .explain = explain_own_writes,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Promises>(rows, true);
    }};

const Property monotonic_reads{
    .id = PropertyId::monotonic_reads,
    .judge = judge_own_reads,
    .explain = explain_own_reads,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Promises>(rows, false);
    }};

}  // namespace cacherace::judge
