// Linearizability (Herlihy and Wing 1990) of each row as a register, in the order of its versions.
//
// The versions fix the order of the writes, so there is nothing to search: a history is
// linearizable in that order if, and only if, no two operations contradict each other, one of them
// over before the other began.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property.hpp"
#include "sim/judge/steps.hpp"

namespace cacherace::judge {
namespace {

// An operation that was over before step `began`, and read or wrote a newer version.
std::optional<std::size_t> newer_before(const History& history, std::size_t began, Key row,
                                        Version version) {
  for (std::size_t i = 0; i < began; ++i) {
    const Step& step = history.steps[i];
    if ((answers_read(step) || acknowledges_write(step)) && row_of(history, step) == row &&
        step.answer > version)
      return i;
  }
  return std::nullopt;
}

// The first step of the write of a version, if that comes after step `end`.
std::optional<std::size_t> written_after(const History& history, std::size_t end, Key row,
                                         Version version) {
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    if (!writes(step) || step.reply.version != version || row_of(history, step) != row) continue;
    const std::size_t began = by_client(step) ? invocation(history, i) : i;
    if (began <= end) return std::nullopt;
    return began;
  }
  return std::nullopt;
}

bool is_written(const History& history, Key row) {
  for (const Step& step : history.steps)
    if (writes(step) && row_of(history, step) == row) return true;
  return false;
}

Judgement judge(const History& history, std::uint64_t) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    const Step& read = history.steps[now];
    if (!answers_read(read)) continue;
    const Key row = row_of(history, read);
    if (!is_written(history, row)) continue;
    judgement.arose = true;
    if (judgement.finding) continue;
    if (const auto before = newer_before(history, invocation(history, now), row, read.answer))
      judgement.finding = Finding{.key = read.effect.key,
                                  .decisive = now,
                                  .earlier = before,
                                  .kept = read.answer,
                                  .current = history.steps[*before].answer};
    else if (const auto after = written_after(history, now, row, read.answer))
      judgement.finding = Finding{.key = read.effect.key,
                                  .decisive = *after,
                                  .earlier = now,
                                  .kept = read.answer,
                                  .current = read.answer};
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const std::size_t earlier = *finding.earlier;
  const std::string& who = names.who[finding.decisive];
  const std::string& key = names.keys[finding.key];
  if (history.steps[finding.decisive].serves != OperationKind::read)
    return fmt::format("{} begins to write v{} of {}, which {} read before, in step {}.", who,
                       finding.kept, key, names.who[earlier], earlier + 1);
  const bool same = same_actor(history.steps[finding.decisive], history.steps[earlier]);
  return fmt::format("{} reads {} of {}, although {} had {} v{} {}, in step {}.", who,
                     version_text(finding.kept), key, same ? "it" : names.who[earlier],
                     answers_read(history.steps[earlier]) ? "read" : "written", finding.current,
                     same ? "before" : "before it began", earlier + 1);
}

// Remembers, by row, the newest version of the operations that are over and the newest that is
// written; and by client, the newest version of the operations that were over when its own began.
class Register : public Monitor {
 public:
  explicit Register(const Rows& rows) : rows_(rows) {
    shared_words = 3 * rows.count();
    actor_words = 1;
    observes = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (step.actor >= replica_actor && !writes(step)) return {};
    Observed observed;
    const Key row = rows_.of(step.effect.key);
    Word& over = memory.shared[3 * row];  // versions count from 1 here
    Word& written = memory.shared[3 * row + 1];
    Word& was_read = memory.shared[3 * row + 2];
    if (by_client(step)) {
      Word& floor = memory.of(step.actor)[0];  // 0: its next operation has not begun
      if (floor == 0) floor = over + 1;
      if (answers_read(step)) {
        observed = {.arose = written > 0,
                    .violated = step.answer + 1 < floor - 1 ||
                                step.answer > std::max(written, rows_.start[row])};
        was_read = 1;
      }
      if (answers_read(step) || acknowledges_write(step)) over = std::max(over, step.answer + 1);
      if (step.completes || step.turn == Turn::crashed) floor = 0;
    }
    if (writes(step)) {
      written = std::max(written, step.reply.version);
      observed.arose |= was_read > 0;
    }
    return observed;
  }

 private:
  Rows rows_;
};

}  // namespace

const Property linearizable{
    .name = "linearizable",
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Register>(rows);
    }};

}  // namespace cacherace::judge
