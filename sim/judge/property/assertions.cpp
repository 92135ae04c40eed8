// What a script asserts of itself.

#include <fmt/format.h>

#include <algorithm>

#include "sim/judge/property/property.hpp"
#include "sim/judge/property/steps.hpp"

namespace cacherace::judge {
namespace {

bool breaks(const Step& step) {
  return std::any_of(step.told.begin(), step.told.end(), tells_of_broken_assertion);
}

Judgement judge(const History& history, std::uint64_t) {
  Judgement judgement;
  for (std::size_t now = 0; now < history.steps.size(); ++now) {
    const Step& step = history.steps[now];
    judgement.arose |= step.node != 0;
    if (breaks(step) && !judgement.finding)
      judgement.finding = Finding{.key = subject(step), .decisive = now};
  }
  return judgement;
}

std::string explain(const History&, const Finding& finding, const Names& names) {
  return fmt::format("An assertion of the script does not hold when {} goes on after step {}.",
                     names.who[finding.decisive], finding.decisive + 1);
}

class Assertions : public Monitor {
 public:
  Assertions() { observes = true; }
  Observed observe(const Step& step, bool, Memory) const override {
    return {.arose = step.node != 0, .violated = breaks(step)};
  }
};

}  // namespace

const Property assertions{.id = PropertyId::assertions,
                          .judge = judge,
                          .explain = explain,
                          .monitor = [](const Rows&, std::uint64_t) -> std::unique_ptr<Monitor> {
                            return std::make_unique<Assertions>();
                          }};

}  // namespace cacherace::judge
