#include "tests/races/verdict_of.hpp"

#include "sim/core/assert.hpp"
#include "sim/core/stream.hpp"
#include "sim/search/enumerate.hpp"
#include "tests/races/in_time.hpp"

namespace cacherace::test {
namespace {

constexpr std::uint64_t first_schedules = 20'000;
constexpr std::uint64_t walks = 20'000;
constexpr std::uint64_t schedules_max = 5'000'000;

// Judges one history after another.
class Visit {
 public:
  Visit(const judge::Property& property, std::uint64_t limit)
      : property_(property), limit_(limit) {}

  // Whether to go on.
  bool operator()(const History& history) {
    const auto judgement = property_.judge(history, limit_);
    arose_ |= judgement.arose;
    if (!judgement.finding) return true;
    outcome_ = {.verdict = Verdict::violated, .counterexample = history};
    return false;
  }

  bool violated() const { return outcome_.verdict == Verdict::violated; }
  Outcome exhausted() const {
    return {.verdict = arose_ ? Verdict::proven : Verdict::vacuous, .counterexample = {}};
  }
  const Outcome& outcome() const { return outcome_; }

 private:
  const judge::Property& property_;
  std::uint64_t limit_;
  bool arose_ = false;
  Outcome outcome_;
};

// Executions of which each step is drawn.
template <typename Model>
void walk(const Model& model, Visit& visit) {
  Words words(1, 0, Purpose::request);
  for (std::uint64_t i = 0; i < walks; ++i) {
    auto state = model.initial();
    History history;
    for (auto choices = model.pending(state); !choices.empty(); choices = model.pending(state))
      history.steps.push_back(model.step(state, choices[words.below(choices.size())]));
    history.finals = model.finals(state);
    if (!visit(history)) return;
  }
}

// Where the enumeration takes long, a violation is looked for at random before it goes on.
template <typename Model>
Outcome explore_model(const Model& model, Visit visit) {
  const auto some = search::enumerate(model, {.schedules_max = first_schedules}, visit);
  if (visit.violated()) return visit.outcome();
  if (some.exhausted()) return visit.exhausted();
  walk(model, visit);
  if (visit.violated()) return visit.outcome();
  const auto all = search::enumerate(model, {.schedules_max = schedules_max}, visit);
  if (visit.violated()) return visit.outcome();
  SIM_ASSERT(all.exhausted());
  return visit.exhausted();
}

}  // namespace

Outcome explore(const engine::Race& race, bool in_time, const judge::Property& property,
                std::uint64_t limit) {
  if (in_time) return explore_model(InTime(race), Visit(property, limit));
  return explore_model(race, Visit(property, limit));
}

std::optional<Outcome> explore(const ListedStrategy& listed, const Anomaly& anomaly) {
  const auto strategy = composed(listed);
  if (!concerns(anomaly, strategy)) return std::nullopt;
  return explore(engine::Race(anomaly.plan, strategy), listed.in_time, *anomaly.property,
                 anomaly.property->limit);
}

}  // namespace cacherace::test
