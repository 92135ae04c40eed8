// What a read returns, against what was written by then.

#include <fmt/format.h>

#include "sim/judge/property.hpp"
#include "sim/judge/steps.hpp"

namespace cacherace::judge {
namespace {

// The step at which the version came into being, wherever in the history that is; none for a
// version that stood at the start.
std::optional<std::size_t> origin(const History& history, Key row, Version version) {
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    if (writes(step) && step.reply.version == version && row_of(history, step) == row) return i;
  }
  return std::nullopt;
}

bool written_before(const History& history, std::size_t end, Key row, Version version) {
  for (std::size_t i = 0; i <= end; ++i) {
    const Step& step = history.steps[i];
    if ((commits(step) || queues(step)) && step.reply.version == version &&
        row_of(history, step) == row)
      return true;
  }
  return false;
}

bool one_has_begun(const History& history, std::size_t end, Key row) {
  for (std::size_t i = 0; i <= end; ++i)
    if (begins(history.steps[i]) && row_of(history, history.steps[i]) == row) return true;
  return false;
}

Judgement judge(const History& history, std::uint64_t) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    const Step& read = history.steps[now];
    if (!answers_read(read)) continue;
    const Key row = row_of(history, read);
    if (!one_has_begun(history, now, row)) continue;
    judgement.arose = true;
    if (judgement.finding) continue;
    const auto began = origin(history, row, read.answer);
    if (began && !written_before(history, now, row, read.answer))
      judgement.finding =
          Finding{.key = read.effect.key, .decisive = now, .earlier = began, .kept = read.answer};
  }
  return judgement;
}

std::optional<std::size_t> commit_after(const History& history, const Finding& finding) {
  const Key row = row_of(history, finding.key);
  for (std::size_t i = finding.decisive + 1; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    if (commits(step) && step.reply.version == finding.kept && row_of(history, step) == row)
      return i;
  }
  return std::nullopt;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const auto commit = commit_after(history, finding);
  return fmt::format(
      "{} reads v{} of {}, which {} began to write in step {} and {}.", names.who[finding.decisive],
      finding.kept, names.keys[finding.key], names.who[*finding.earlier], *finding.earlier + 1,
      commit ? fmt::format("commits only in step {}", *commit + 1) : std::string("never commits"));
}

// Remembers, by row, which versions are written, and whether any came into being before it was.
class Written : public Monitor {
 public:
  explicit Written(const Rows& rows) : rows_(rows) {
    shared_words = rows.count() * VersionSet::words_for(rows);
    observes = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    constexpr Version any_began = 0;  // no version is 0
    const Key row = rows_.of(step.effect.key);
    VersionSet written(memory.shared, rows_, row);
    if (begins(step)) written.add(any_began);
    if (commits(step) || queues(step)) written.add(step.reply.version);
    if (!answers_read(step)) return {};
    const bool arose = written.has(any_began);
    return {.arose = arose,
            .violated = arose && step.answer > rows_.start[row] && !written.has(step.answer)};
  }

 private:
  Rows rows_;
};

}  // namespace

const Property no_dirty_reads{
    .name = "no-dirty-reads",
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Written>(rows);
    }};

}  // namespace cacherace::judge
