// What is left in the caches in the end.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

bool commits_row(const History& history, std::size_t i, Key row) {
  return commits(history.steps[i]) && row_of(history, history.steps[i]) == row;
}

// The step from which on the row is no longer at that version: the first that commits a newer one,
// or else the last that commits an older one over it. Nothing for a version that is in no row,
// ever.
std::optional<std::size_t> overtaking(const History& history, Key row, Version version) {
  for (std::size_t i = 0; i < history.steps.size(); ++i)
    if (commits_row(history, i, row) && history.steps[i].reply.version > version) return i;
  std::optional<std::size_t> committed, overwritten;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    if (!commits_row(history, i, row)) continue;
    const bool itself = history.steps[i].reply.version == version;
    if (itself) committed = i;
    if (!itself && committed && !overwritten) overwritten = i;
  }
  return overwritten;
}

// The last step that stores that version of the key.
std::optional<std::size_t> last_store(const History& history, Key key, Version version) {
  for (std::size_t i = history.steps.size(); i-- > 0;) {
    const Step& step = history.steps[i];
    if ((stores(step) || remembers(step)) && step.effect.key == key &&
        stored_version(step) == version)
      return i;
  }
  return std::nullopt;
}

// The last step that stores anything at all: one value of a script may hold several rows.
std::size_t last_store_of_script(const History& history) {
  for (std::size_t i = history.steps.size(); i-- > 0;)
    if (!history.steps[i].effect.value.is_nil() && history.steps[i].happened()) return i;
  return history.steps.size() - 1;
}

// The copy went wrong when it was stored, if it was old by then; else at the commit that overtook
// it.
Finding stale_copy(const History& history, Key key, Version version) {
  const FinalKey& final_key = history.finals[key];
  const auto stored = last_store(history, key, version);
  const auto overtaken = overtaking(history, final_key.row, version);
  if (!stored && !overtaken)
    return {.key = key,
            .decisive = last_store_of_script(history),
            .kept = version,
            .current = final_key.row_version};
  const bool old_when_stored = stored && (!overtaken || *stored > *overtaken);
  return {.key = key,
          .decisive = old_when_stored ? *stored : *overtaken,
          .earlier = old_when_stored ? overtaken : std::nullopt,
          .kept = version,
          .current = final_key.row_version};
}

bool committed(const History& history, Key row) {
  for (std::size_t i = 0; i < history.steps.size(); ++i)
    if (commits_row(history, i, row)) return true;
  return false;
}

bool differs(const FinalKey& key) { return key.cached && key.cached_version != key.row_version; }
bool differs_for_good(const FinalKey& key) {
  return key.kept_for_good && key.kept_version != key.row_version;
}

Judgement judge_residue(const History& history, std::uint64_t) {
  Judgement judgement;
  for (Key key = 0; key < history.finals.size(); ++key) {
    const FinalKey& final_key = history.finals[key];
    judgement.arose |=
        differs(final_key) || (final_key.cached && committed(history, final_key.row));
    if (differs(final_key) && !judgement.finding)
      judgement.finding = stale_copy(history, key, final_key.cached_version);
  }
  return judgement;
}

Judgement judge_healing(const History& history, std::uint64_t) {
  Judgement judgement;
  for (Key key = 0; key < history.finals.size(); ++key) {
    const FinalKey& final_key = history.finals[key];
    judgement.arose |=
        differs(final_key) || (final_key.cached && committed(history, final_key.row));
    if (differs_for_good(final_key) && !judgement.finding)
      judgement.finding = stale_copy(history, key, final_key.kept_version);
  }
  return judgement;
}

std::string how_it_came(const History& history, const Finding& finding, const Names& names) {
  const std::string& who = names.who[finding.decisive];
  if (finding.earlier)
    return fmt::format("{} stores {}, which {} had already replaced in step {}", who,
                       version_text(finding.kept), names.who[*finding.earlier],
                       *finding.earlier + 1);
  if (!commits(history.steps[finding.decisive]))
    return fmt::format("{} stores {}, which is never committed", who, version_text(finding.kept));
  return fmt::format("{} commits v{}, and nothing removes the entry any more", who,
                     history.steps[finding.decisive].reply.version);
}

// Where the copy is, as far as the decisive step says.
std::string_view where(const History& history, const Finding& finding) {
  const Step& step = history.steps[finding.decisive];
  const bool in_memory =
      remembers(step) || std::any_of(step.inner.begin(), step.inner.end(), remembers);
  return in_memory ? "the memory of its process" : "the cache";
}

std::string explain_residue(const History& history, const Finding& finding, const Names& names) {
  return fmt::format("{}: {} keeps {} of {} while the database holds v{}.",
                     how_it_came(history, finding, names), where(history, finding),
                     version_text(finding.kept), names.keys[finding.key], finding.current);
}

std::string explain_healing(const History& history, const Finding& finding, const Names& names) {
  return fmt::format("{}: {} keeps {} of {} for good, without a TTL, while the database holds v{}.",
                     how_it_came(history, finding, names), where(history, finding),
                     version_text(finding.kept), names.keys[finding.key], finding.current);
}

// What is left says it all: a row that is no longer at its first version was committed.
class Residue : public Monitor {
 public:
  Residue(const Rows& rows, bool for_good) : rows_(rows), for_good_(for_good) { judges_end = true; }

  Observed end(const std::vector<FinalKey>& finals, Memory) const override {
    Observed observed;
    for (const FinalKey& key : finals) {
      const bool committed = key.row_version != rows_.start[key.row];
      observed.arose |= differs(key) || (key.cached && committed);
      observed.violated |= for_good_ ? differs_for_good(key) : differs(key);
    }
    return observed;
  }

 private:
  Rows rows_;
  bool for_good_;
};

}  // namespace

const Property no_stale_residue{
    .id = PropertyId::no_stale_residue,
    .judge = judge_residue,
    .explain = explain_residue,
    .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Residue>(rows, false);
    }};

const Property heals{.id = PropertyId::heals,
                     .judge = judge_healing,
                     .explain = explain_healing,
                     .monitor = [](const Rows& rows, std::uint64_t) -> std::unique_ptr<Monitor> {
                       return std::make_unique<Residue>(rows, true);
                     }};

}  // namespace cacherace::judge
