#include "sim/judge/property/property.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::judge {

std::uint32_t Rows::reply_of(const Step& step) const {
  const auto found = std::find(replies.begin(), replies.end(), step.around.replied_min);
  SIM_ASSERT(found != replies.end());
  return static_cast<std::uint32_t>(found - replies.begin());
}

std::vector<const Property*> untimed_properties() {
  std::vector properties(all_properties.begin(), all_properties.end());
  std::erase_if(properties, [](const Property* property) { return property->timed; });
  return properties;
}

std::vector<const Property*> default_properties() {
  return {&no_stale_residue, &read_your_writes, &monotonic_reads};
}

const Property* find_property(std::string_view name) {
  for (const Property* property : all_properties)
    if (property->name == name) return property;
  return nullptr;
}

Judgement judge_history(const Property& property, const History& history, std::uint64_t limit) {
  const bool scripted = std::any_of(history.steps.begin(), history.steps.end(),
                                    [](const Step& step) { return step.node != 0; });
  if (!scripted) return property.judge(history, limit);
  History effects{.steps = {}, .finals = history.finals, .in_time = history.in_time};
  std::vector<std::size_t> step_of;
  for (std::size_t i = 0; i < history.steps.size(); ++i)
    each_effect(history.steps[i], [&](const Step& effect) {
      effects.steps.push_back(effect);
      step_of.push_back(i);
    });
  Judgement judgement = property.judge(effects, limit);
  if (auto& finding = judgement.finding) {
    finding->decisive = step_of[finding->decisive];
    if (finding->earlier) finding->earlier = step_of[*finding->earlier];
  }
  return judgement;
}

}  // namespace cacherace::judge
