// Linearizability (Herlihy and Wing 1990) of each row as a register, in the order of its versions.
//
// The versions fix the order of the writes, so there is nothing to search: a history is
// linearizable in that order if, and only if, no two operations contradict each other, one of them
// over before the other began.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// An operation that was over before the one that began with step `began`, and read or wrote a newer
// version. Where time counts, its reply has to be there before that one's first command is issued.
std::optional<std::size_t> newer_before(const History& history, std::size_t began, Key row,
                                        Version version) {
  const SimTime invoked = history.steps[began].issued();
  for (std::size_t i = 0; i < began; ++i) {
    const Step& step = history.steps[i];
    if ((answers_read(step) || acknowledges_write(step)) && row_of(history, step) == row &&
        step.answer > version && step.replied_from() <= invoked)
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
    judgement.arose |= is_written(history, row);
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
    if (by_client(step)) {
      const Key row = rows_.of(subject(step));
      Word& over = memory.shared[3 * row];  // versions count from 1 here
      const Word written = memory.shared[3 * row + 1];
      Word& was_read = memory.shared[3 * row + 2];
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
      const Key row = rows_.of(step.effect.key);
      Word& written = memory.shared[3 * row + 1];
      written = std::max(written, step.reply.version);
      observed.arose |= memory.shared[3 * row + 2] > 0;
    }
    return observed;
  }

 private:
  Rows rows_;
};

// The same where time counts: an operation may be over before another one is invoked if the times
// leave room for a reply and a command between them. Remembers, by row and by how long replies
// take, which versions belong to operations that are over, each with a clock; and by client, which
// of them were over when its own read began, with a clock as well.
class RegisterInTime : public Monitor {
 public:
  explicit RegisterInTime(const Rows& rows)
      : rows_(rows), kinds_(static_cast<std::uint32_t>(rows.replies.size())) {
    shared_words = 2 * rows.count() + rows.count() * kinds_ * VersionSet::words_for(rows);
    actor_words = 1 + kinds_ * VersionSet::words_for(rows);
    observes = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (step.actor >= replica_actor && !writes(step)) return {};
    Observed observed;
    const Key row = rows_.of(step.effect.key);  // its own, where it completes
    Word& written = memory.shared[2 * row];     // versions count from 1 here
    Word& was_read = memory.shared[2 * row + 1];
    if (by_client(step)) {
      if (answers_read(step)) {
        observed = {.arose = written > 0,
                    .violated = step.answer > std::max(written, rows_.start[row])};
        was_read = 1;
      }
      begin(step, memory);
      note_over(step, memory);
    }
    if (writes(step)) {
      written = std::max(written, step.reply.version);
      observed.arose |= was_read > 0;
    }
    return observed;
  }

  void clocks(Memory memory, std::vector<ClockId>& running) const override {
    for (Key row = 0; row < rows_.count(); ++row)
      for (std::uint32_t kind = 0; kind < kinds_; ++kind)
        over(memory, row, kind).for_each([&](Version version) {
          running.push_back(over_clock(row, kind, version));
        });
    for (Actor actor = 0; actor < memory.actor_count(); ++actor)
      if (const Word began = memory.of(actor)[0]; began == at_cache || began == elsewhere)
        running.push_back(operation_clock(actor));
  }

  void claims(const Step& step, Memory memory, std::vector<Claim>& all) const override {
    if (!by_client(step) || !answers_read(step)) return;
    const Key row = rows_.of(step.effect.key);
    const Word began = memory.of(step.actor)[0];
    const bool now = began == not_yet;
    const Duration lead =
        (now ? began_with(step) : began) == at_cache ? rows_.cache_lead : Duration{0};
    for (std::uint32_t kind = 0; kind < kinds_; ++kind) {
      const auto before = now ? over(memory, row, kind) : over_before(memory, step.actor, kind);
      before.for_each([&](Version version) {
        if (version <= step.answer) return;
        all.push_back({.ahead = now ? no_clock : operation_clock(step.actor),
                       .behind = over_clock(row, kind, version),
                       .at_most = -(rows_.replies[kind] + lead)});
      });
    }
  }

  Observed hold(std::size_t claims) const override { return {.violated = claims > 0}; }

 private:
  enum Began : Word { not_yet, at_cache, elsewhere, unopposed };

  static Word began_with(const Step& step) {
    return party(step.effect.kind) == Party::cache ? at_cache : elsewhere;
  }

  // A read that begins after others were over: its clock starts with its first step.
  void begin(const Step& step, Memory memory) const {
    const auto own = memory.of(step.actor);
    if (step.completes || step.turn == Turn::crashed) {
      std::fill(own.begin(), own.end(), 0);
    } else if (own[0] == not_yet && step.serves == OperationKind::read) {
      own[0] = unopposed;
      const Key row = rows_.of(subject(step));
      for (std::uint32_t kind = 0; kind < kinds_; ++kind) {
        auto before = over_before(memory, step.actor, kind);
        over(memory, row, kind).for_each([&](Version version) {
          before.add(version);
          own[0] = began_with(step);
        });
      }
    }
  }

  // Nobody can contradict an operation that met the version that was there at the start.
  void note_over(const Step& step, Memory memory) const {
    if (!answers_read(step) && !acknowledges_write(step)) return;
    const Key row = rows_.of(step.effect.key);
    if (step.answer <= rows_.start[row]) return;
    over(memory, row, rows_.reply_of(step)).add(step.answer);
  }

  VersionSet over(Memory memory, Key row, std::uint32_t kind) const {
    return {memory.shared.subspan(2 * rows_.count()), rows_, row * kinds_ + kind};
  }
  VersionSet over_before(Memory memory, Actor actor, std::uint32_t kind) const {
    return {memory.of(actor).subspan(1), rows_, kind};
  }
  ClockId over_clock(Key row, std::uint32_t kind, Version version) const {
    return numbered_clock((row * kinds_ + kind) * (rows_.newest + 1) + version);
  }

  Rows rows_;
  std::uint32_t kinds_;
};

}  // namespace

const Property linearizable{
    .id = PropertyId::linearizable,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      if (rows.in_time) return std::make_unique<RegisterInTime>(rows);
      return std::make_unique<Register>(rows);
    }};

}  // namespace cacherace::judge
