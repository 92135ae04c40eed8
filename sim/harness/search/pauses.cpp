#include "sim/harness/search/pauses.hpp"

#include <chrono>
#include <optional>

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

class PauseSearch {
 public:
  PauseSearch(const scenario::Scenario& scenario, const SearchOptions& options)
      : scenario_(scenario), options_(options) {
    scenario_.race.timing = scenario::Timing::latencies;
    options_.shrink = false;
    options_.count = false;
    options_.mode = SearchMode::exhaustive;
    options_.reduction = Reduction::all;
  }

  std::optional<report::Pauses> of(const std::string& strategy, const std::string& property) {
    options_.strategies = {strategy};
    options_.properties = {property};
    ended_ = false;
    if (!holds(0us)) return result(report::Pauses{.any = false, .longest = std::nullopt});
    std::chrono::microseconds yes = 0us, no = 1ms;
    while (holds(no)) {
      yes = no;
      if (yes == longest) return result(report::Pauses{.any = true, .longest = std::nullopt});
      no = std::min<std::chrono::microseconds>(longest, no * 8);
    }
    while (!ended_ && no - yes > 1us) {
      const std::chrono::microseconds middle = yes + (no - yes) / 2;
      (holds(middle) ? yes : no) = middle;
    }
    return result(report::Pauses{.any = false, .longest = yes});
  }

  bool interrupted() const { return interrupted_; }

 private:
  static constexpr std::chrono::microseconds longest = 24h;

  std::optional<report::Pauses> result(const report::Pauses& found) const {
    return ended_ ? std::nullopt : std::optional(found);
  }

  // False once a budget has ended: then nothing is made of it.
  bool holds(std::chrono::microseconds pause) {
    if (ended_) return false;
    scenario_.race.pause_max = pause;
    const auto found = search(scenario_, options_).result;
    interrupted_ |= !found.complete;
    const bool is_there = !found.results.empty() && !found.results[0].properties.empty();
    const Verdict verdict =
        is_there ? found.results[0].properties[0].verdict : Verdict::clean_so_far;
    ended_ |= interrupted_ || verdict == Verdict::clean_so_far;
    return verdict == Verdict::proven || verdict == Verdict::vacuous;
  }

  scenario::Scenario scenario_;
  SearchOptions options_;
  bool ended_ = false, interrupted_ = false;
};

}  // namespace

void add_pauses(const scenario::Scenario& scenario, const SearchOptions& options,
                report::Result& result) {
  PauseSearch pauses(scenario, options);
  for (auto& strategy : result.results)
    for (auto& property : strategy.properties) {
      if (pauses.interrupted()) {
        result.complete = false;
        return;
      }
      if (property.verdict == Verdict::vacuous) continue;
      property.pauses = pauses.of(strategy.strategy, property.name);
    }
  result.complete = result.complete && !pauses.interrupted();
}

}  // namespace cacherace::harness
