#include "sim/harness/search/search.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <utility>

#include "sim/core/duration_text.hpp"
#include "sim/engine/race/race_timing.hpp"
#include "sim/harness/counterexample/counterexample.hpp"
#include "sim/harness/explore/symmetry.hpp"
#include "sim/harness/input/expectations.hpp"
#include "sim/harness/input/selection.hpp"
#include "sim/harness/search/smallest_race.hpp"
#include "sim/harness/search/visit.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

// Asks whether to go on, one thread at a time; a no is final.
class Gate {
 public:
  explicit Gate(const SearchOptions& options) : options_(options) {}

  bool operator()(const SearchProgress& now) {
    const std::scoped_lock lock(mutex_);
    if (going_ == Going::on) going_ = options_.go_on(now);
    return going_ == Going::on;
  }
  bool interrupted() const { return going_ == Going::interrupted; }

 private:
  const SearchOptions& options_;
  std::mutex mutex_;
  std::atomic<Going> going_{Going::on};
};

Verdict verdict_of(const Seen& seen) {
  if (seen.violation) return Verdict::violated;
  if (!seen.result.exhausted) return Verdict::clean_so_far;
  return seen.arose ? Verdict::proven : Verdict::vacuous;
}

// Visits the race under every strategy, then shrinks what violates. What can be done at the same
// time is a task of its own; no task depends on how the others fare.
class Search {
 public:
  Search(const scenario::Scenario& scenario, const SearchOptions& options)
      : scenario_(scenario),
        options_(options),
        plan_(engine::plan(scenario)),
        gate_(options),
        memory_(options.bytes_max) {
    for (const auto& settings : selected(scenario, options.strategies)) {
      OfStrategy of{.strategy = strategy::compose(settings, scenario.clients.retries),
                    .questions = {},
                    .seen = {}};
      of.questions = questions_of(scenario, of.strategy, options.properties, options.of_the_goal);
      of.seen.resize(of.questions.size());
      strategies_.push_back(std::move(of));
    }
  }

  void run(SearchOutcome& outcome) {
    if (options_.mode != SearchMode::exhaustive)
      for (auto& of : strategies_) draw_sample(of);
    else if (options_.count || options_.reduction == Reduction::none)
      share_out(strategies_.size(),
                [&](std::size_t i, Share& share) { visit_all_schedules(strategies_[i], share); });
    for_each_question([&](OfStrategy& of, std::size_t i, Share& share) {
      if (!of.seen[i]) visit_all_states(of, i, share);
    });
    for_each_question([&](OfStrategy& of, std::size_t i, Share& share) { conclude(of, i, share); });
    outcome.put_off = options_.memory != nullptr && options_.memory->put_off();
    if (!outcome.put_off) collect(outcome);
  }

 private:
  using Share = SharedMemory::Share;

  // A strategy, and by question what was seen of it; nothing where an interruption came first.
  struct OfStrategy {
    strategy::Strategy strategy;
    std::vector<Question> questions;
    struct Outcome {
      Seen seen;
      std::optional<report::CounterexampleFile> file;
    };
    std::vector<std::optional<Outcome>> seen;
  };

  // A task that is put off has changed nothing, and is called once more.
  void for_each_question(const std::function<void(OfStrategy&, std::size_t, Share&)>& task) {
    std::vector<std::pair<OfStrategy*, std::size_t>> all;
    for (auto& of : strategies_)
      for (std::size_t i = 0; i < of.questions.size(); ++i) all.emplace_back(&of, i);
    share_out(all.size(),
              [&](std::size_t i, Share& share) { task(*all[i].first, all[i].second, share); });
  }

  void share_out(std::size_t count, const std::function<void(std::size_t, Share&)>& task) {
    if (options_.memory == nullptr) return share_memory(memory_, count, options_.jobs, task);
    for (std::size_t i = 0; i < count && !options_.memory->put_off(); ++i) {
      task(i, *options_.memory);
      options_.memory->give_back();
    }
  }

  GoOn go_on(const OfStrategy& of, std::string_view property, bool shrinking) {
    return [this, &of, property, shrinking](SearchProgress now) {
      now.strategy = of.strategy.name;
      now.property = property;
      now.shrinking = shrinking;
      return gate_(now);
    };
  }

  // The same, within its share of the memory.
  GoOn go_on(const OfStrategy& of, std::string_view property, bool shrinking, Share& share) {
    return [ask = go_on(of, property, shrinking), &share](const SearchProgress& now) {
      return share.take(now.bytes) && ask(now);
    };
  }

  // Time is more than an order: what depends on it is left to the search of states.
  template <typename Visit>
  void visit_untimed(OfStrategy& of, Visit visit) {
    std::vector<Question> questions;
    for (const auto& question : of.questions)
      if (!question.timing) questions.push_back(question);
    if (questions.empty() || gate_.interrupted()) return;
    options_.log({.what = of.strategy.name});
    auto seen = visit(engine::Race(plan_, of.strategy), questions);
    if (seen.empty()) return options_.log({.what = of.strategy.name, .outcome = put_off});
    options_.log({.what = of.strategy.name,
                  .outcome = report::visited_text(seen.front().result) + "; no reduction",
                  .amount = seen.front().result.transitions,
                  .unit = "steps"});
    std::size_t next = 0;
    for (std::size_t i = 0; i < of.questions.size(); ++i)
      if (!of.questions[i].timing) of.seen[i] = {.seen = std::move(seen[next++]), .file = {}};
  }

  void visit_all_schedules(OfStrategy& of, Share& share) {
    visit_untimed(of, [&](const engine::Race& race, const std::vector<Question>& questions) {
      auto seen = visit_schedules(race, questions, options_, go_on(of, "", false, share));
      if (share.put_off()) seen.clear();
      return seen;
    });
  }

  // Its executions are shared among the threads.
  void draw_sample(OfStrategy& of) {
    visit_untimed(of, [&](const engine::Race& race, const std::vector<Question>& questions) {
      return visit_sample(race, questions, options_, scenario_.seed, go_on(of, "", false));
    });
  }

  void visit_all_states(OfStrategy& of, std::size_t i, Share& share) {
    if (gate_.interrupted()) return;
    const auto& question = of.questions[i];
    const auto race = race_of(plan_, of.strategy, question);
    const auto what = fmt::format("{} {}", of.strategy.name, question.property->name);
    options_.log({.what = what});
    auto seen =
        visit_states(race, question, options_, go_on(of, question.property->name, false, share));
    if (share.put_off()) return options_.log({.what = what, .outcome = put_off});
    of.seen[i] = {.seen = std::move(seen), .file = {}};
    log_states(what, race, question, of.seen[i]->seen);
  }

  void log_states(const std::string& what, const engine::Race& race, const Question& question,
                  const Seen& seen) {
    const auto& visited = std::get<report::States>(seen.result.visited);
    const bool asked = options_.reduction == Reduction::all;
    options_.log({.what = what,
                  .outcome = fmt::format(
                      "{}, {}; {}", name(verdict_of(seen)), report::visited_text(seen.result),
                      symmetry_in_words(race, question, asked, visited.symmetry)),
                  .amount = visited.states,
                  .unit = "states"});
  }

  void conclude(OfStrategy& of, std::size_t i, Share& share) {
    if (!of.seen[i]) return;
    auto& [seen, file] = *of.seen[i];
    seen.result.verdict = verdict_of(seen);
    if (auto& worst = seen.result.worst)
      worst->so_far = !seen.result.exhausted && !worst->unbounded;
    if (!seen.violation) return;
    Question question = of.questions[i];
    // The race is shrunk for as long as the worst stays as bad.
    if (question.property->timed) question.more_than = seen.worst - 1;
    SmallestRace smallest{.plan = plan_, .violation = *seen.violation};
    if (options_.shrink) {
      const auto what =
          fmt::format("{} {}, the smallest", of.strategy.name, question.property->name);
      options_.log({.what = what});
      const auto ask = go_on(of, question.property->name, true, share);
      smallest = smallest_race(plan_, of.strategy, question, std::move(smallest.violation),
                               state_budget(options_, ask));
      if (share.put_off()) return options_.log({.what = what, .outcome = put_off});
      options_.log({.what = what,
                    .outcome = report::counted(smallest.violation.history.steps.size(), "step")});
    }
    auto shown = describe_smallest(smallest, of.strategy, question);
    file = counterexample_file(scenario_, of.strategy.name, smallest.plan, question.property->name,
                               shown);
    seen.result.counterexample = std::move(shown);
  }

  void collect(SearchOutcome& outcome) {
    outcome.result.complete = !gate_.interrupted();
    for (auto& of : strategies_) {
      report::StrategyResult result;
      result.strategy = of.strategy.name;
      for (auto& seen : of.seen) {
        if (!seen) continue;
        if (seen->seen.too_long)
          outcome.result.notes.push_back(fmt::format(
              "{}, {}: an execution may last more than 36 years, the longest time that the search "
              "can count: it stopped there",
              result.strategy, seen->seen.result.name));
        result.properties.push_back(std::move(seen->seen.result));
        if (seen->file) outcome.counterexamples.push_back(std::move(*seen->file));
      }
      if (!result.properties.empty()) outcome.result.results.push_back(std::move(result));
    }
  }

  const scenario::Scenario& scenario_;
  const SearchOptions& options_;
  static constexpr const char* put_off = "postponed until it has all the memory";

  engine::Plan plan_;
  Gate gate_;
  SharedMemory memory_;
  std::vector<OfStrategy> strategies_;
};

std::string in_words(const scenario::Race& race) {
  std::string text = "race of ";
  for (std::size_t i = 0; i < race.clients.size(); ++i) {
    const auto& client = race.clients[i];
    text += fmt::format("{}{} × {}", i == 0 ? "" : ", ", client.count, client.name);
  }
  return text;
}

// Who shares a process is not searched: the plan says it.
std::vector<std::string> notes_about_processes(const std::vector<scenario::Strategy>& strategies) {
  for (const auto& settings : strategies) {
    const auto layout = strategy::compose(settings).layout;
    const bool by_client = layout.local_caches || layout.flights;
    if (by_client && layout.processes > 1 &&
        !std::holds_alternative<scenario::ReadThrough>(settings.load))
      return {
          "the clients are placed in the processes in turn, in the order in which they are "
          "listed; a proof holds for that placement only"};
  }
  return {};
}

std::vector<std::string> notes_about(const scenario::Race& race, const SearchOptions& options) {
  const bool latencies = race.timing == scenario::Timing::latencies;
  if (latencies && (options.count || options.reduction == Reduction::none ||
                    options.mode != SearchMode::exhaustive))
    return {
        "schedules can be counted or drawn only in a race without time; with timing "
        "\"latencies\", states and clock readings are searched instead"};
  if (!latencies && race.pause_max > Duration{0})
    return {
        "\"pause_max\" has no effect with timing \"unbounded\", where a pause may take any time"};
  return {};
}

// A command that takes longer than the timeout is one that was lost or comes late.
std::vector<std::string> notes_about_timeouts(const scenario::Scenario& scenario) {
  if (scenario.race.timing != scenario::Timing::latencies || !scenario.clients.timeout) return {};
  const Duration timeout = *scenario.clients.timeout;
  const auto may_take_longer = [&](const scenario::Latency& latency) {
    return engine::ends_of(latency).latest > timeout;
  };
  if (!may_take_longer(scenario.cache.latency) && !may_take_longer(scenario.database.read) &&
      !may_take_longer(scenario.database.write))
    return {};
  return {fmt::format(
      "latencies may be longer than the timeout of {}, but this search assumes that every reply "
      "arrives in time, except those that the \"lose\" budget drops or delays",
      duration_text(timeout))};
}

// Who waits for a row.
std::vector<std::string> notes_about_queues(const scenario::Scenario& scenario,
                                            const std::vector<scenario::Strategy>& strategies) {
  if (scenario.race.timing != scenario::Timing::latencies) return {};
  for (const auto& settings : strategies) {
    const auto strategy = strategy::compose(settings);
    if (strategy.layout.transactions)
      return {
          "a transaction that waits for a locked row is assumed to get it at any moment within a "
          "write latency after the release: a worst case may be too long by that latency"};
  }
  return {};
}

}  // namespace

SearchOutcome search(const scenario::Scenario& scenario, const SearchOptions& options) {
  SearchOutcome outcome;
  auto& result = outcome.result;
  result = describe_scenario(scenario);
  result.kind = report::Result::Kind::search;
  result.timing = scenario.race.timing == scenario::Timing::latencies ? "latencies" : "unbounded";
  result.race = in_words(scenario.race);
  if (!describes(scenario, "race"))
    result.notes.push_back("the scenario describes no race: this is the default race");
  for (auto& note : notes_about(scenario.race, options)) result.notes.push_back(std::move(note));
  for (auto& note : notes_about_processes(selected(scenario, options.strategies)))
    result.notes.push_back(std::move(note));
  for (auto& note : notes_about_queues(scenario, selected(scenario, options.strategies)))
    result.notes.push_back(std::move(note));
  for (auto& note : notes_about_timeouts(scenario)) result.notes.push_back(std::move(note));
  Search(scenario, options).run(outcome);
  compare_expectations(scenario, result);
  compare_goal(scenario, result);
  return outcome;
}

}  // namespace cacherace::harness
