// How old a read's answer is: since when it had been overwritten when the read was invoked.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// The commit, before step `now`, of the first version that is newer than the answer.
std::optional<std::size_t> overtaking(const History& history, std::size_t now) {
  std::optional<std::size_t> first;
  const auto& steps = history.steps;
  for (std::size_t i = 0; i < now; ++i)
    if (commits(steps[i]) && row_of(history, steps[i]) == row_of(history, steps[now]) &&
        steps[i].reply.version > steps[now].answer &&
        (!first || steps[i].reply.version < steps[*first].reply.version))
      first = i;
  return first;
}

Duration staleness_of(const History& history, std::size_t now, std::size_t commit) {
  return history.steps[invocation(history, now)].issued() - history.steps[commit].at;
}

Judgement judge(const History& history, std::uint64_t limit) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    if (!answers_read(history.steps[now])) continue;
    for (std::size_t i = 0; i < now; ++i)
      judgement.arose |= commits(history.steps[i]) &&
                         row_of(history, history.steps[i]) == row_of(history, history.steps[now]);
    const auto commit = overtaking(history, now);
    if (!commit) continue;
    const Duration stale = staleness_of(history, now, *commit);
    if (stale <= Duration{0}) continue;
    const auto measured = static_cast<std::uint64_t>(stale.count());
    if (measured > judgement.measured && measured > limit)
      judgement.finding = Finding{.key = history.steps[now].effect.key,
                                  .decisive = now,
                                  .earlier = commit,
                                  .kept = history.steps[now].answer,
                                  .current = history.steps[*commit].reply.version};
    judgement.measured = std::max(judgement.measured, measured);
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const Duration stale = staleness_of(history, finding.decisive, *finding.earlier);
  return fmt::format(
      "{} reads {} of {}, which {} had replaced in step {}, {} before the read was invoked.",
      names.who[finding.decisive], version_text(finding.kept), names.keys[finding.key],
      names.who[*finding.earlier], *finding.earlier + 1, duration_text(stale));
}

// Remembers, by row, which versions are committed, and by client, whether its operation has begun
// and with what: each has a clock.
class Ages : public Monitor {
 public:
  enum Began : Word { not_yet, at_cache, elsewhere };

  explicit Ages(const Rows& rows) : rows_(rows) {
    shared_words = rows.count() * VersionSet::words_for(rows);
    actor_words = 1;
    observes = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    Observed observed;
    const Key row = rows_.of(step.effect.key);
    if (answers_read(step)) {
      const auto committed = committed_of(memory, row);
      observed.arose = committed.next(0) < committed.end();
    }
    if (by_client(step)) {
      Word& began = memory.of(step.actor)[0];
      if (began == not_yet) began = began_with(step);
      if (step.completes || step.turn == Turn::crashed) began = not_yet;
    }
    if (commits(step)) committed_of(memory, row).add(step.reply.version);
    return observed;
  }

  void clocks(Memory memory, std::vector<ClockId>& running) const override {
    for (Key row = 0; row < rows_.count(); ++row) {
      const auto committed = committed_of(memory, row);
      for (Version version = committed.next(0); version < committed.end();
           version = committed.next(version + 1))
        running.push_back(commit_clock(row, version));
    }
    for (Actor actor = 0; actor < memory.actor_count(); ++actor)
      if (memory.of(actor)[0] != not_yet) running.push_back(operation_clock(actor));
  }

  std::optional<Span> measure(const Step& step, Memory memory) const override {
    if (!answers_read(step)) return std::nullopt;
    const Key row = rows_.of(step.effect.key);
    const auto committed = committed_of(memory, row);
    const Version first = committed.next(step.answer + 1);
    if (first == committed.end()) return std::nullopt;
    const Word began = memory.of(step.actor)[0];
    const Word kind = began == not_yet ? began_with(step) : began;
    return Span{.from = commit_clock(row, first),
                .to = began == not_yet ? no_clock : operation_clock(step.actor),
                .more = kind == at_cache ? -rows_.cache_lead : Duration{0}};
  }

 private:
  static Word began_with(const Step& step) {
    return party(step.effect.kind) == Party::cache ? at_cache : elsewhere;
  }
  VersionSet committed_of(Memory memory, Key row) const { return {memory.shared, rows_, row}; }

  Rows rows_;
};

}  // namespace

const Property staleness{
    .id = PropertyId::staleness,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Ages>(rows);
    }};

}  // namespace cacherace::judge
