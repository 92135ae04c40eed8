// What a read returns, against what was written by then.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

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

// Whether the version is written before the read responds. Without times its response comes right
// after its last step; with them it takes its reply, at the least.
bool written_before(const History& history, std::size_t read, Key row, Version version) {
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    if ((commits(step) || queues(step)) && step.reply.version == version &&
        row_of(history, step) == row)
      return i <= read || (history.in_time && step.at < history.steps[read].replied_from());
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

// The same where time counts: a version may still be committed before the response. Remembers, by
// row and by how long replies take, which versions were read before they were written, each with a
// clock.
class WrittenInTime : public Monitor {
 public:
  explicit WrittenInTime(const Rows& rows)
      : rows_(rows), kinds_(static_cast<std::uint32_t>(rows.replies.size())) {
    shared_words = rows.count() * (1 + kinds_) * VersionSet::words_for(rows);
    observes = judges_end = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    constexpr Version any_began = 0;  // no version is 0
    const Key row = rows_.of(step.effect.key);
    VersionSet written(memory.shared, rows_, row);
    if (begins(step)) written.add(any_began);
    if (commits(step) || queues(step)) {
      written.add(step.reply.version);
      for (std::uint32_t kind = 0; kind < kinds_; ++kind)
        dirty(memory, row, kind).remove(step.reply.version);
    }
    if (!answers_read(step)) return {};
    const bool arose = written.has(any_began);
    if (arose && step.answer > rows_.start[row] && !written.has(step.answer))
      dirty(memory, row, rows_.reply_of(step)).add(step.answer);
    return {.arose = arose};
  }

  void clocks(Memory memory, std::vector<ClockId>& running) const override {
    for (Key row = 0; row < rows_.count(); ++row)
      for (std::uint32_t kind = 0; kind < kinds_; ++kind)
        dirty(memory, row, kind).for_each([&](Version version) {
          running.push_back(read_clock(row, kind, version));
        });
  }

  void claims(const Step& step, Memory memory, std::vector<Claim>& all) const override {
    if (!commits(step) && !queues(step)) return;
    const Key row = rows_.of(step.effect.key);
    for (std::uint32_t kind = 0; kind < kinds_; ++kind)
      if (dirty(memory, row, kind).has(step.reply.version))
        all.push_back(
            {.behind = read_clock(row, kind, step.reply.version), .at_most = -rows_.replies[kind]});
  }

  Observed hold(std::size_t claims) const override { return {.violated = claims > 0}; }

  /// What was never written.
  Observed end(const std::vector<FinalKey>&, Memory memory) const override {
    const auto dirty = memory.shared.subspan(rows_.count() * VersionSet::words_for(rows_));
    return {.violated =
                std::any_of(dirty.begin(), dirty.end(), [](Word word) { return word != 0; })};
  }

 private:
  VersionSet dirty(Memory memory, Key row, std::uint32_t kind) const {
    return {memory.shared, rows_, rows_.count() + row * kinds_ + kind};
  }
  ClockId read_clock(Key row, std::uint32_t kind, Version version) const {
    return numbered_clock((row * kinds_ + kind) * (rows_.newest + 1) + version);
  }

  Rows rows_;
  std::uint32_t kinds_;
};

}  // namespace

const Property no_dirty_reads{
    .id = PropertyId::no_dirty_reads,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      if (rows.in_time) return std::make_unique<WrittenInTime>(rows);
      return std::make_unique<Written>(rows);
    }};

}  // namespace cacherace::judge
