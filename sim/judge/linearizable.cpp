// Linearizability (Herlihy and Wing 1990) of each row as a register, in the order of its versions.
//
// The versions fix the order of the writes, so there is nothing to search: a history is
// linearizable in that order if, and only if, no two operations contradict each other, one of them
// over before the other began.

#include <fmt/format.h>

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

}  // namespace

const Property linearizable{.name = "linearizable", .judge = judge, .explain = explain};

}  // namespace cacherace::judge
