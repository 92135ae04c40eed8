// A sample of a race's executions. It is drawn in parts of fixed size, each execution by its
// number, so that the threads that share the parts change nothing.

#include <algorithm>
#include <atomic>
#include <set>

#include "sim/core/digest.hpp"
#include "sim/harness/in_parallel.hpp"
#include "sim/harness/visit.hpp"
#include "sim/search/sample.hpp"

namespace cacherace::harness {
namespace {

constexpr std::uint64_t executions_max = 10'000;
constexpr std::uint64_t executions_of_part = 256;

struct Part {
  std::vector<Seen> seen;
  std::vector<std::uint64_t> violating;
  std::uint64_t executions = 0, cut = 0, steps = 0;
  std::set<std::uint64_t> ends;
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
    part.violating.resize(questions_.size());
    for (std::uint64_t execution = begin; execution < end; ++execution) {
      const auto history = draw_one(execution);
      if (!history) {
        ++part.cut;
        part.steps += options_.steps_max;
        continue;
      }
      ++part.executions;
      part.steps += history->steps.size();
      part.ends.insert(digest_of(history->finals));
      for (std::size_t i = 0; i < questions_.size(); ++i)
        part.violating[i] += judge(*history, questions_[i], part.seen[i]);
    }
    return part;
  }

 private:
  std::optional<History> draw_one(std::uint64_t execution) const {
    if (options_.mode == SearchMode::random)
      return search::draw_execution(race_, search::RandomWalk(seed_, execution),
                                    options_.steps_max);
    return search::draw_execution(race_, search::Pct(seed_, execution, options_.pct_depth, steps_),
                                  options_.steps_max);
  }

  const engine::Race& race_;
  const std::vector<Question>& questions_;
  const SearchOptions& options_;
  std::uint64_t seed_;
  std::uint64_t steps_ = 1;
};

void add(Part& all, Part part) {
  for (std::size_t i = 0; i < part.seen.size(); ++i) {
    Seen& seen = all.seen[i];
    seen.arose |= part.seen[i].arose;
    if (seen.result.worst)
      seen.result.worst->value =
          std::max(seen.result.worst->value, part.seen[i].result.worst->value);
    if (!seen.violation) seen.violation = std::move(part.seen[i].violation);
    all.violating[i] += part.violating[i];
  }
  all.executions += part.executions;
  all.cut += part.cut;
  all.steps += part.steps;
  all.ends.merge(part.ends);
}

}  // namespace

std::vector<Seen> visit_sample(const engine::Race& race, const std::vector<Question>& questions,
                               const SearchOptions& options, std::uint64_t seed,
                               const GoOn& go_on) {
  const Sampling sampling(race, questions, options, seed);
  const std::uint64_t executions = options.schedules_max.value_or(executions_max);
  Part all = sampling.draw(0, 0);
  // As many parts at a time as keep the threads busy; they are added in their order.
  const std::uint64_t batch = executions_of_part * 64;
  for (std::uint64_t begin = 0; begin < executions; begin += batch) {
    const std::uint64_t end = std::min(executions, begin + batch);
    std::vector<std::optional<Part>> parts((end - begin + executions_of_part - 1) /
                                           executions_of_part);
    std::atomic<std::uint64_t> drawn = all.executions, steps = all.steps;
    in_parallel(parts.size(), options.jobs, [&](std::size_t i) {
      if (!go_on({.strategy = {}, .property = {}, .schedules = drawn, .transitions = steps}))
        return;
      const std::uint64_t first = begin + i * executions_of_part;
      parts[i] = sampling.draw(first, std::min(end, first + executions_of_part));
      drawn += parts[i]->executions;
      steps += parts[i]->steps;
    });
    bool missing = false;
    for (auto& part : parts) {
      missing |= !part;
      if (part) add(all, std::move(*part));
    }
    if (missing) break;
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto& result = all.seen[i].result;
    result.visited = report::Sample{.mode = options.mode == SearchMode::pct ? "pct" : "random",
                                    .executions = all.executions,
                                    .violating = all.violating[i],
                                    .cut = all.cut,
                                    .ends = all.ends.size()};
    result.transitions = all.steps;
  }
  return std::move(all.seen);
}

}  // namespace cacherace::harness
