// What clients were told is written, against the rows in the end.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// The step that lost the version: one that took it from the queue, or that committed an older
// version over it; else the one that acknowledged it.
std::size_t loss(const History& history, std::size_t acknowledged, Key row) {
  const auto& steps = history.steps;
  const Version version = steps[acknowledged].answer;
  std::size_t written = acknowledged;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if ((commits(steps[i]) || queues(steps[i])) && steps[i].reply.version == version &&
        row_of(history, steps[i]) == row)
      written = i;
  for (std::size_t i = written + 1; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const bool drops = step.happened() && step.reply.lost_writes > 0 &&
                       (touches_all(step.effect.kind) || row_of(history, step) == row);
    const bool overwrites =
        commits(step) && row_of(history, step) == row && step.reply.version < version;
    if (drops || overwrites) return i;
  }
  return acknowledged;
}

Judgement judge(const History& history, std::uint64_t) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    const Step& step = history.steps[now];
    if (!acknowledges_write(step)) continue;
    judgement.arose = true;
    const Key row = row_of(history, step);
    const Version left = history.finals[row].row_version;
    if (left < step.answer && !judgement.finding)
      judgement.finding = Finding{.key = row,
                                  .decisive = loss(history, now, row),
                                  .earlier = now,
                                  .kept = left,
                                  .current = step.answer};
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const std::size_t told = *finding.earlier;
  const std::string& who = names.who[finding.decisive];
  const std::string& key = names.keys[finding.key];
  const std::string after = fmt::format("the database is left with {}", version_text(finding.kept));
  if (finding.decisive == told)
    return fmt::format(
        "{} is told that v{} of {} is written, but it never reaches the database: {}.", who,
        finding.current, key, after);
  const Step& decisive = history.steps[finding.decisive];
  const std::string loses =
      commits(decisive)
          ? fmt::format("commits v{} of {} over v{}", decisive.reply.version, key, finding.current)
          : fmt::format("drops v{} of {} from the queue", finding.current, key);
  return fmt::format("{} {}, which {} is told is written in step {}: {}.", who, loses,
                     names.who[told], told + 1, after);
}

// Remembers, by row, the newest version that was acknowledged.
class Acknowledged : public Monitor {
 public:
  explicit Acknowledged(const Rows& rows) : rows_(rows) {
    shared_words = rows.count();
    observes = judges_end = true;
  }

  Observed observe(const Step& step, bool, Memory memory) const override {
    if (!acknowledges_write(step)) return {};
    Word& newest = memory.shared[rows_.of(step.effect.key)];
    newest = std::max(newest, step.answer);
    return {.arose = true};
  }

  Observed end(const std::vector<FinalKey>& finals, Memory memory) const override {
    Observed observed;
    for (Key row = 0; row < rows_.count(); ++row)
      observed.violated |= finals[row].row_version < memory.shared[row];
    return observed;
  }

 private:
  Rows rows_;
};

}  // namespace

const Property no_lost_writes{
    .id = PropertyId::no_lost_writes,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Acknowledged>(rows);
    }};

}  // namespace cacherace::judge
