// A sample of a race's executions. It is drawn in parts of fixed size, each execution by its
// number, so that the threads that share the parts change nothing.

#include <algorithm>
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>

#include "sim/core/digest.hpp"
#include "sim/harness/in_parallel.hpp"
#include "sim/harness/visit.hpp"
#include "sim/search/sample.hpp"

namespace cacherace::harness {
namespace {

constexpr std::uint64_t executions_max = 10'000;
constexpr std::uint64_t executions_of_part = 256;

using Digests = boost::unordered_flat_set<std::uint64_t>;

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

class Sampling {
 public:
  Sampling(const engine::Race& race, const std::vector<Question>& questions,
           const SearchOptions& options, std::uint64_t seed)
      : race_(race), questions_(questions), options_(options), seed_(seed) {
    // How long executions are, for the points at which priorities change.
    if (options.mode == SearchMode::random) return;
    const auto first = search::draw_execution(race, search::RandomWalk(seed, 0), options.steps_max);
    steps_ = first ? std::max<std::uint64_t>(1, first->steps.size()) : options.steps_max;
  }

  Part draw(std::uint64_t begin, std::uint64_t end) const {
    Part part;
    for (const auto& question : questions_) part.seen.push_back(nothing_seen(question));
    Digests met;
    for (std::uint64_t execution = begin; execution < end; ++execution)
      part.executions.push_back(draw_one(execution, met, part.seen));
    return part;
  }

 private:
  Drawn draw_one(std::uint64_t execution, Digests& met, std::vector<Seen>& seen) const {
    Drawn drawn;
    const auto history = perform(execution, [&](const engine::Race::State& state) {
      const std::uint64_t digest = engine::digest_of(state);
      if (met.insert(digest).second) drawn.states.push_back(digest);
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
  explicit Sum(const std::vector<Question>& questions) : samples_(questions.size()) {
    for (const auto& question : questions) seen_.push_back(nothing_seen(question));
  }

  void add(Part part) {
    for (const Drawn& drawn : part.executions) add(drawn);
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      Seen& all = seen_[i];
      Seen& more = part.seen[i];
      all.arose |= more.arose;
      if (all.result.worst)
        all.result.worst->value = std::max(all.result.worst->value, more.result.worst->value);
      if (!all.violation) all.violation = std::move(more.violation);
    }
  }

  std::uint64_t executions() const { return executions_; }
  std::uint64_t steps() const { return steps_; }
  std::uint64_t bytes() const { return states_.bucket_count() * (sizeof(std::uint64_t) + 1); }

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
  void add(const Drawn& drawn) {
    if (executions_ == next_note_) note();
    steps_ += drawn.steps;
    states_.insert(drawn.states.begin(), drawn.states.end());
    cut_ += !drawn.complete;
    if (!drawn.complete) return;
    ++executions_;
    ends_.insert(drawn.end);
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      samples_[i].covered.arose += drawn.judged[i].arose;
      samples_[i].covered.violating += drawn.judged[i].violates;
    }
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

  std::vector<Seen> seen_;               // by question
  std::vector<report::Sample> samples_;  // by question
  std::uint64_t executions_ = 0, cut_ = 0, steps_ = 0;
  Digests states_, ends_;
  std::uint64_t next_note_ = 1, power_ = 1;
};

}  // namespace

std::vector<Seen> visit_sample(const engine::Race& race, const std::vector<Question>& questions,
                               const SearchOptions& options, std::uint64_t seed,
                               const GoOn& go_on) {
  const Sampling sampling(race, questions, options, seed);
  const std::uint64_t executions = options.schedules_max.value_or(executions_max);
  Sum sum(questions);
  bool ended = false;
  // As many parts at a time as keep the threads busy; they are added in their order.
  const std::uint64_t batch = executions_of_part * 64;
  for (std::uint64_t begin = 0; begin < executions && !ended; begin += batch) {
    const std::uint64_t end = std::min(executions, begin + batch);
    std::vector<std::optional<Part>> parts((end - begin + executions_of_part - 1) /
                                           executions_of_part);
    std::atomic<std::uint64_t> drawn = sum.executions(), steps = sum.steps();
    in_parallel(parts.size(), options.jobs, [&](std::size_t i) {
      if (!go_on({.strategy = {}, .property = {}, .schedules = drawn, .transitions = steps}))
        return;
      const std::uint64_t first = begin + i * executions_of_part;
      parts[i] = sampling.draw(first, std::min(end, first + executions_of_part));
      for (const Drawn& one : parts[i]->executions) {
        drawn += one.complete;
        steps += one.steps;
      }
    });
    for (auto& part : parts) {
      ended |= !part || sum.bytes() > options.bytes_max;
      if (part && sum.bytes() <= options.bytes_max) sum.add(*std::move(part));
    }
  }
  return std::move(sum).seen(options.mode);
}

}  // namespace cacherace::harness
