// A sample of a race's executions. It is drawn in parts of fixed size, each execution by its
// number, so that the threads that share the parts change nothing.

#include <algorithm>
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <utility>

#include "sim/core/digest.hpp"
#include "sim/engine/race/race_digest.hpp"
#include "sim/harness/search/visit.hpp"
#include "sim/harness/work/in_parallel.hpp"
#include "sim/search/sample.hpp"

namespace cacherace::harness {
namespace {

constexpr std::uint64_t executions_max = 10'000;
constexpr std::uint64_t executions_of_part = 256;  // at most
constexpr std::uint64_t parts_at_once = 64;        // at most; as many as keep threads busy

using Digests = boost::unordered_flat_set<std::uint64_t>;

std::uint64_t bytes_of(const Digests& digests) {
  // While it grows, there is also the one of half the size.
  return digests.bucket_count() * (sizeof(std::uint64_t) + 1) * 3 / 2;
}

// What one execution has shown.
struct Drawn {
  bool complete = false;
  std::uint64_t steps = 0;
  std::vector<std::uint64_t> states;  // that no earlier execution of its part was in
  std::uint64_t end = 0;
  std::vector<Judged> judged;  // by question
};

struct Part {
  std::vector<Drawn> executions;
  std::vector<Seen> seen;  // by question, over all of them
};

std::uint64_t digest_of(const std::vector<FinalKey>& finals) {
  Digest digest;
  for (const auto& key : finals) {
    digest.add(std::uint64_t{key.cached} << 3U | std::uint64_t{key.eternal} << 2U |
               std::uint64_t{key.left} << 1U | std::uint64_t{key.kept_for_good});
    for (const Version version : {key.cached_version, key.row_version, key.kept_version})
      digest.add(static_cast<std::uint64_t>(version));
  }
  return digest.value();
}

// Whether to go on, asked now and then; a no is final.
class Patience {
 public:
  explicit Patience(std::function<bool()> go_on) : go_on_(std::move(go_on)) {}

  bool operator()() {
    constexpr std::uint32_t states_between_asking = 256;
    if (states_++ % states_between_asking == 0) goes_on_ = goes_on_ && go_on_();
    return goes_on_;
  }
  bool is_over() const { return !goes_on_; }

 private:
  std::function<bool()> go_on_;
  std::uint32_t states_ = 0;
  bool goes_on_ = true;
};

class Sampling {
 public:
  Sampling(const engine::Race& race, const std::vector<Question>& questions,
           const SearchOptions& options, std::uint64_t seed, Patience patience)
      : race_(race), questions_(questions), options_(options), seed_(seed) {
    // How long executions are, for the points at which priorities change.
    if (options.mode == SearchMode::random) return;
    const auto first = search::draw_execution(race, search::RandomWalk(seed, 0), options.steps_max,
                                              [&](const auto&) { return patience(); });
    steps_ = first ? std::max<std::uint64_t>(1, first->steps.size()) : options.steps_max;
  }

  // Nothing when it was ended.
  std::optional<Part> draw(std::uint64_t begin, std::uint64_t end, Patience patience) const {
    Part part;
    for (const auto& question : questions_) part.seen.push_back(nothing_seen(question));
    Digests met;
    for (std::uint64_t execution = begin; execution < end; ++execution) {
      part.executions.push_back(draw_one(execution, met, part.seen, patience));
      if (patience.is_over()) return std::nullopt;
    }
    return part;
  }

 private:
  Drawn draw_one(std::uint64_t execution, Digests& met, std::vector<Seen>& seen,
                 Patience& patience) const {
    Drawn drawn;
    const auto history = perform(execution, [&](const engine::Race::State& state) {
      const std::uint64_t digest = engine::canonical_digest(race_, state);
      if (met.insert(digest).second) drawn.states.push_back(digest);
      return patience();
    });
    drawn.complete = history.has_value();
    drawn.steps = history ? history->steps.size() : options_.steps_max;
    if (!history) return drawn;
    drawn.end = digest_of(history->finals);
    for (std::size_t i = 0; i < questions_.size(); ++i)
      drawn.judged.push_back(judge(*history, questions_[i], seen[i]));
    return drawn;
  }

  std::optional<History> perform(std::uint64_t execution, auto visit) const {
    if (options_.mode == SearchMode::random)
      return search::draw_execution(race_, search::RandomWalk(seed_, execution), options_.steps_max,
                                    visit);
    return search::draw_execution(race_, search::Pct(seed_, execution, options_.pct_depth, steps_),
                                  options_.steps_max, visit);
  }

  const engine::Race& race_;
  const std::vector<Question>& questions_;
  const SearchOptions& options_;
  std::uint64_t seed_;
  std::uint64_t steps_ = 1;
};

// Adds parts up, in their order.
class Sum {
 public:
  Sum(const std::vector<Question>& questions, std::uint64_t states_max, std::uint64_t bytes_max)
      : states_max_(states_max), bytes_max_(bytes_max), samples_(questions.size()) {
    for (const auto& question : questions) seen_.push_back(nothing_seen(question));
  }

  // How many of the executions are within the budget: those before the first that goes beyond it.
  std::size_t add(const std::vector<Drawn>& executions) {
    std::size_t count = 0;
    while (count < executions.size() && add(executions[count])) ++count;
    return count;
  }

  void add(std::vector<Seen> seen) {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      Seen& all = seen_[i];
      Seen& more = seen[i];
      all.arose |= more.arose;
      if (all.result.worst)
        all.result.worst->value = std::max(all.result.worst->value, more.result.worst->value);
      if (!all.violation) all.violation = std::move(more.violation);
    }
  }

  std::vector<Seen> seen(SearchMode mode) && {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      auto& sample = samples_[i];
      sample.mode = mode == SearchMode::pct ? "pct" : "random";
      sample.covered = covered(i);
      sample.cut = cut_;
      seen_[i].result.visited = std::move(sample);
      seen_[i].result.transitions = steps_;
    }
    return std::move(seen_);
  }

 private:
  bool add(const Drawn& drawn) {
    if (bytes_of(states_) + bytes_of(ends_) > bytes_max_) return false;
    const auto added = static_cast<std::uint64_t>(
        std::count_if(drawn.states.begin(), drawn.states.end(),
                      [&](std::uint64_t state) { return !states_.contains(state); }));
    if (states_.size() + added > states_max_) return false;
    if (executions_ == next_note_) note();
    steps_ += drawn.steps;
    states_.insert(drawn.states.begin(), drawn.states.end());
    cut_ += !drawn.complete;
    if (!drawn.complete) return true;
    ++executions_;
    ends_.insert(drawn.end);
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      samples_[i].covered.arose += drawn.judged[i].arose;
      samples_[i].covered.violating += drawn.judged[i].violates;
    }
    return true;
  }

  report::Covered covered(std::size_t question) const {
    report::Covered covered = samples_[question].covered;
    covered.executions = executions_;
    covered.states = states_.size();
    covered.ends = ends_.size();
    return covered;
  }

  // After 1, 2, 5, 10, 20, 50, … executions.
  void note() {
    for (std::size_t i = 0; i < samples_.size(); ++i) samples_[i].over_time.push_back(covered(i));
    const std::uint64_t digit = next_note_ / power_;
    next_note_ = power_ * (digit == 1 ? 2 : digit == 2 ? 5 : 10);
    if (digit == 5) power_ *= 10;
  }

  std::uint64_t states_max_, bytes_max_;
  std::vector<Seen> seen_;               // by question
  std::vector<report::Sample> samples_;  // by question
  std::uint64_t executions_ = 0, cut_ = 0, steps_ = 0;
  Digests states_, ends_;
  std::uint64_t next_note_ = 1, power_ = 1;
};

// How many executions a part has, and how many parts are drawn before they are added: their states
// take but little of the memory.
std::pair<std::uint64_t, std::uint64_t> parts_within(const SearchOptions& options) {
  constexpr std::uint64_t of_state = 3 * sizeof(std::uint64_t);
  const std::uint64_t executions = options.bytes_max / 8 / (of_state * options.steps_max);
  const std::uint64_t per_part = std::clamp<std::uint64_t>(executions, 1, executions_of_part);
  return {per_part, std::clamp<std::uint64_t>(executions / per_part, 1, parts_at_once)};
}

}  // namespace

std::vector<Seen> visit_sample(const engine::Race& race, const std::vector<Question>& questions,
                               const SearchOptions& options, std::uint64_t seed,
                               const GoOn& go_on) {
  const std::uint64_t executions = options.schedules_max.value_or(executions_max);
  Sum sum(questions, options.states_max, options.bytes_max);
  std::atomic<std::uint64_t> drawn = 0, steps = 0;
  const auto ask = [&] {
    return go_on({.strategy = {}, .property = {}, .schedules = drawn, .transitions = steps});
  };
  const Sampling sampling(race, questions, options, seed, Patience(ask));
  const auto [per_part, at_once] = parts_within(options);
  // Parts are added in their order, so that their size and number change nothing.
  bool over = false, out_of_budget = false;
  for (std::uint64_t begin = 0; begin < executions && !over;) {
    const std::uint64_t end = begin + std::min(executions - begin, per_part * at_once);
    std::vector<std::optional<Part>> parts((end - begin + per_part - 1) / per_part);
    const auto draw = [&, first_of_all = begin, part = per_part](std::size_t i) {
      if (!ask()) return;
      const std::uint64_t first = first_of_all + i * part;
      parts[i] = sampling.draw(first, std::min(end, first + part), Patience(ask));
      if (!parts[i]) return;
      for (const Drawn& one : parts[i]->executions) {
        drawn += one.complete;
        steps += one.steps;
      }
    };
    in_parallel(parts.size(), options.jobs, draw);
    for (std::size_t i = 0; i < parts.size() && !out_of_budget; ++i) {
      over |= !parts[i];
      if (!parts[i]) continue;
      const std::size_t added = sum.add(parts[i]->executions);
      out_of_budget = added < parts[i]->executions.size();
      if (out_of_budget) {  // only what the added ones showed counts
        const std::uint64_t first = begin + i * per_part;
        parts[i] = sampling.draw(first, first + added, Patience([] { return true; }));
      }
      sum.add(std::move(parts[i]->seen));
    }
    over |= out_of_budget;
    begin = end;
  }
  return std::move(sum).seen(options.mode);
}

}  // namespace cacherace::harness
