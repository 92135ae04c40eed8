// What is left in the caches without a TTL.

#include <fmt/format.h>

#include "sim/core/assert.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

// Puts an entry or a lock there that has no TTL.
bool leaves_eternal(const Step& step, Key key) {
  if (step.effect.key != key || !step.happened()) return false;
  const bool locks = step.effect.kind == EffectKind::cache_lock && step.reply.found;
  return (stores(step) || locks) && step.effect.ttl == Duration::max();
}

Judgement judge(const History& history, std::uint64_t) {
  SIM_ASSERT(!history.steps.empty());
  Judgement judgement;
  for (Key key = 0; key < history.finals.size(); ++key) {
    judgement.arose |= history.finals[key].left;
    if (!history.finals[key].eternal || judgement.finding) continue;
    std::size_t last = history.steps.size();
    while (last > 0 && !leaves_eternal(history.steps[last - 1], key)) --last;
    const bool from_start = last == 0;
    judgement.finding =
        Finding{.key = key, .decisive = from_start ? history.steps.size() - 1 : last - 1};
  }
  return judgement;
}

std::string explain(const History& history, const Finding& finding, const Names& names) {
  const Step& step = history.steps[finding.decisive];
  const std::string& who = names.who[finding.decisive];
  const std::string& key = names.keys[finding.key];
  if (!leaves_eternal(step, finding.key))
    return fmt::format("The entry of {} was there at the start, without a TTL, and still is.", key);
  if (step.effect.kind == EffectKind::cache_lock)
    return fmt::format("{} takes the lock of {}, which has no TTL, and nobody releases it.", who,
                       key);
  return fmt::format("{} stores {} of {} without a TTL, and nothing gives it one or removes it.",
                     who, version_text(stored_version(step)), key);
}

class Left : public Monitor {
 public:
  Left() { judges_end = true; }

  Observed end(const std::vector<FinalKey>& finals, Memory) const override {
    Observed observed;
    for (const FinalKey& key : finals) observed.add({.arose = key.left, .violated = key.eternal});
    return observed;
  }
};

}  // namespace

const Property every_key_expires{
    .id = PropertyId::every_key_expires,
    .judge = judge,
    .explain = explain,
    .monitor = [](const Rows&, std::uint64_t) -> std::unique_ptr<Monitor> {
      return std::make_unique<Left>();
    }};

}  // namespace cacherace::judge
