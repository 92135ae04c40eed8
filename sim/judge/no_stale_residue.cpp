#include <fmt/format.h>

#include "sim/core/assert.hpp"
#include "sim/judge/property.hpp"

namespace cacherace::judge {
namespace {

// The last step of that kind on that key, at or before `end`.
std::optional<std::size_t> last(const History& history, EffectKind kind, Key key) {
  for (std::size_t i = history.steps.size(); i-- > 0;) {
    const Effect& effect = history.steps[i].effect;
    if (effect.kind == kind && effect.key == key) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> commit_of(const History& history, Key key, Version version) {
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    if (step.effect.kind == EffectKind::db_write && step.effect.key == key &&
        step.reply.version == version)
      return i;
  }
  return std::nullopt;
}

// The entry went wrong when it was stored, if it was old by then; else at the commit that overtook
// it.
Finding stale_entry(const History& history, Key key, const FinalKey& final_key) {
  const auto stored = last(history, EffectKind::cache_set, key);
  const auto overtaken = commit_of(history, key, final_key.cached_version + 1);
  SIM_ASSERT(overtaken);
  const bool old_when_stored = stored && *stored > *overtaken;
  return {.key = key,
          .decisive = old_when_stored ? *stored : *overtaken,
          .earlier = old_when_stored ? overtaken : std::nullopt,
          .kept = final_key.cached_version,
          .current = final_key.row_version};
}

Judgement judge(const History& history) {
  Judgement judgement;
  for (Key key = 0; key < history.finals.size(); ++key) {
    const FinalKey& final_key = history.finals[key];
    if (!final_key.cached || !last(history, EffectKind::db_write, key)) continue;
    judgement.arose = true;
    if (final_key.cached_version < final_key.row_version && !judgement.finding)
      judgement.finding = stale_entry(history, key, final_key);
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const Step& decisive = history.steps[finding.decisive];
  const std::string& who = names.clients[decisive.actor];
  const std::string& key = names.keys[finding.key];
  const std::string after = fmt::format("the cache keeps v{} of {} while the database holds v{}",
                                        finding.kept, key, finding.current);
  if (finding.earlier) {
    const Step& commit = history.steps[*finding.earlier];
    return fmt::format("{} stores v{}, which {} had already replaced in step {}: {}.", who,
                       finding.kept, names.clients[commit.actor], *finding.earlier + 1, after);
  }
  return fmt::format("{} commits v{}, and nothing removes the entry any more: {}.", who,
                     decisive.reply.version, after);
}

}  // namespace

const Property no_stale_residue{.name = "no-stale-residue", .judge = judge, .explain = explain};

}  // namespace cacherace::judge
