// Session guarantees (Terry et al. 1994): what one client may expect of its own reads and writes.

#include <fmt/format.h>

#include "sim/judge/property.hpp"

namespace cacherace::judge {
namespace {

bool answers_read(const Step& step) { return step.completes && step.serves == OperationKind::read; }

// Looks at each completed read together with the latest earlier step of the same client and key
// that `promises` a version, and reports the first read that answers with less. `promise` gives the
// version, or nothing.
template <typename Promise>
Judgement judge_session(const History& history, Promise promise) {
  Judgement judgement;
  const auto& steps = history.steps;
  for (std::size_t now = 0; now < steps.size(); ++now) {
    if (!answers_read(steps[now])) continue;
    for (std::size_t before = now; before-- > 0;) {
      const auto promised = promise(steps[before]);
      if (steps[before].actor != steps[now].actor || !promised ||
          steps[before].effect.key != steps[now].effect.key)
        continue;
      judgement.arose = true;
      if (steps[now].answer < *promised && !judgement.finding)
        judgement.finding = Finding{.key = steps[now].effect.key,
                                    .decisive = now,
                                    .earlier = before,
                                    .kept = steps[now].answer,
                                    .current = *promised};
    }
  }
  return judgement;
}

Judgement judge_own_writes(const History& history) {
  return judge_session(history, [](const Step& step) -> std::optional<Version> {
    if (step.effect.kind != EffectKind::db_write) return std::nullopt;
    return step.reply.version;
  });
}

Judgement judge_own_reads(const History& history) {
  return judge_session(history, [](const Step& step) -> std::optional<Version> {
    if (!answers_read(step)) return std::nullopt;
    return step.answer;
  });
}

std::string version_text(Version version) {
  return version == 0 ? "no row" : fmt::format("v{}", version);
}

std::string explain_own_writes(const History& history, const Finding& finding, const Names& names) {
  return fmt::format("{} reads {} of {}, although it committed v{} itself in step {}.",
                     names.clients[history.steps[finding.decisive].actor],
                     version_text(finding.kept), names.keys[finding.key], finding.current,
                     *finding.earlier + 1);
}

std::string explain_own_reads(const History& history, const Finding& finding, const Names& names) {
  return fmt::format("{} reads {} of {}, although it had read v{} in step {}.",
                     names.clients[history.steps[finding.decisive].actor],
                     version_text(finding.kept), names.keys[finding.key], finding.current,
                     *finding.earlier + 1);
}

}  // namespace

const Property read_your_writes{
    .name = "read-your-writes", .judge = judge_own_writes, .explain = explain_own_writes};

const Property monotonic_reads{
    .name = "monotonic-reads", .judge = judge_own_reads, .explain = explain_own_reads};

}  // namespace cacherace::judge
