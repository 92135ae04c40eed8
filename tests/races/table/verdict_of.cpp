#include "tests/races/table/verdict_of.hpp"

#include "sim/core/assert.hpp"
#include "sim/core/stream.hpp"
#include "sim/harness/counterexample/counterexample.hpp"
#include "sim/report/text/text.hpp"
#include "sim/search/enumerate.hpp"
#include "tests/races/table/in_time.hpp"
#include "tests/races/table/scenario_of.hpp"

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
    outcome_.verdict = Verdict::violated;
    outcome_.counterexample = history;
    outcome_.finding = judgement.finding;
    return false;
  }

  bool violated() const { return outcome_.verdict == Verdict::violated; }
  Outcome exhausted() const {
    Outcome outcome;
    outcome.verdict = arose_ ? Verdict::proven : Verdict::vacuous;
    return outcome;
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
  auto outcome = in_time ? explore_model(InTime(race), Visit(property, limit))
                         : explore_model(race, Visit(property, limit));
  outcome.property = &property;
  outcome.race = std::make_shared<const engine::Race>(race);
  return outcome;
}

std::optional<Outcome> explore(const ListedStrategy& listed, const Anomaly& anomaly) {
  const auto strategy = composed(listed);
  if (!concerns(anomaly, strategy)) return std::nullopt;
  auto outcome = explore(engine::Race(anomaly.plan, strategy), listed.in_time, *anomaly.property,
                         anomaly.property->limit);
  outcome.listed = &listed;
  return outcome;
}

Evidence evidence_of(const Outcome& outcome) {
  Evidence evidence{.story = "there is no counterexample",
                    .scenario = outcome.listed != nullptr
                                    ? scenario_of(*outcome.listed, outcome.race->plan())
                                    : "",
                    .property = std::string(outcome.property->name),
                    .saved = ""};
  if (outcome.finding) {
    const auto shown = harness::describe_counterexample(*outcome.race, *outcome.counterexample,
                                                        *outcome.finding, *outcome.property);
    evidence.story = report::interleaving(shown, {}) + report::decisive_sentence(shown);
  }
  if (outcome.listed == nullptr)
    evidence.story += "\nNo scenario can say it: the strategy is one of the test's own.";
  else if (outcome.listed->in_time)
    evidence.story +=
        "\nHere timers are longer than anything that clients do. The scenario cannot say that: its "
        "search visits more schedules.";
  return evidence;
}

}  // namespace cacherace::test
