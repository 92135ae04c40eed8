#include "sim/harness/compare/recommend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "sim/core/assert.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::harness {
namespace {

using report::StrategyResult;

// Nothing to go by counts as the worst.
double value_of(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  return found != nullptr && found->mean ? *found->mean : std::numeric_limits<double>::infinity();
}

report::Interval interval_of(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  if (found != nullptr && found->ci95) return *found->ci95;
  const double value = value_of(strategy, metric);
  return {.low = value, .high = value};
}

// More by 5 %, and by more than chance explains.
bool clearly_more(const StrategyResult& a, const StrategyResult& b, Metric metric) {
  constexpr double about_the_same = 1.05;
  return value_of(a, metric) > value_of(b, metric) * about_the_same &&
         interval_of(a, metric).low > interval_of(b, metric).high;
}

std::string text_of(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  return found == nullptr ? "-" : report::metric_text(metric, found->mean);
}

// `82.2 database queries/s at the peak`
std::string load_text(const StrategyResult& strategy) {
  return text_of(strategy, load_metric) + " database queries/s at the peak";
}

std::string quoted(const std::string& strategy) { return "\"" + strategy + "\""; }

// `a is`, `a, b are`
std::string are(const std::vector<std::string>& subjects) {
  return fmt::format("{} {}", fmt::join(subjects, ", "), subjects.size() == 1 ? "is" : "are");
}

std::vector<std::string> violated(const StrategyResult& strategy) {
  std::vector<std::string> names;
  for (const auto& property : strategy.properties)
    if (property.verdict == Verdict::violated) names.push_back(property.name);
  return names;
}

bool beats(const StrategyResult& a, const StrategyResult& b) {
  bool better = false;
  for (Metric metric : {staleness_metric, load_metric, latency_metric}) {
    if (value_of(a, metric) > value_of(b, metric)) return false;
    better |= value_of(a, metric) < value_of(b, metric);
  }
  return better;
}

class Recommender {
 public:
  Recommender(const scenario::Scenario& scenario, const report::Result& result)
      : scenario_(scenario), result_(result) {}

  report::Recommendation make() {
    std::vector<const StrategyResult*> able;
    for (const auto& strategy : result_.results)
      if (shortfalls(strategy).empty()) able.push_back(&strategy);
    if (able.empty()) return nothing();
    const auto* cached = cheapest(able, [&](const auto& s) { return !is_direct(s); });
    const auto* direct = cheapest(able, [&](const auto& s) { return is_direct(s); });
    const bool worth_it = direct == nullptr || (cached != nullptr && gain(*cached, *direct) == "");
    taken_ = cached != nullptr && worth_it ? cached : direct;
    recommendation_.strategy = taken_->strategy;
    if (worth_it)
      recommendation_.says.push_back(
          fmt::format("Take {}: {}.", quoted(taken_->strategy), praise(able.size())));
    else
      recommendation_.says.push_back(do_not_cache(cached, *direct));
    recommendation_.says.push_back(what_can_go_wrong());
    for (const auto& strategy : result_.results)
      if (&strategy != taken_)
        recommendation_.others.push_back({strategy.strategy, why_not(strategy)});
    return recommendation_;
  }

 private:
  using List = std::vector<const StrategyResult*>;

  // What the strategy lacks of its budget.
  std::vector<std::string> shortfalls(const StrategyResult& strategy) const {
    std::vector<std::string> lacks;
    for (const auto& e : result_.expectations)
      if (e.budget && !e.met && e.strategy == strategy.strategy)
        lacks.push_back(e.undecided ? fmt::format("whether {} is {} was not decided: it is {}",
                                                  e.name, e.wanted, e.found)
                                    : fmt::format("{} is {}, not {}", e.name, e.found, e.wanted));
    return lacks;
  }

  std::vector<std::string> budget_of(const StrategyResult& strategy) const {
    std::vector<std::string> terms;
    for (const auto& e : result_.expectations)
      if (e.budget && e.strategy == strategy.strategy) terms.push_back(e.name + " " + e.wanted);
    return terms;
  }

  bool is_direct(const StrategyResult& strategy) const {
    const auto found = std::find_if(scenario_.strategies.begin(), scenario_.strategies.end(),
                                    [&](const auto& s) { return s.name == strategy.strategy; });
    SIM_ASSERT(found != scenario_.strategies.end());
    return std::holds_alternative<scenario::DirectRead>(found->read);
  }

  static void keep_the_least(List& left, Metric metric) {
    const auto* least = *std::min_element(left.begin(), left.end(), [&](auto* a, auto* b) {
      return value_of(*a, metric) < value_of(*b, metric);
    });
    std::erase_if(left, [&](const auto* s) { return clearly_more(*s, *least, metric); });
  }

  template <typename Which>
  static const StrategyResult* cheapest(const List& able, Which which) {
    List left;
    std::copy_if(able.begin(), able.end(), std::back_inserter(left),
                 [&](const auto* s) { return which(*s); });
    if (left.empty()) return nullptr;
    keep_the_least(left, load_metric);
    const auto fewer_violated = [](const auto* a, const auto* b) {
      return violated(*a).size() < violated(*b).size();
    };
    const auto fewest = violated(**std::min_element(left.begin(), left.end(), fewer_violated));
    std::erase_if(left, [&](const auto* s) { return violated(*s).size() > fewest.size(); });
    keep_the_least(left, staleness_metric);
    keep_the_least(left, latency_metric);
    return left.front();
  }

  // Why caching is not worth it; "" when it is.
  static std::string gain(const StrategyResult& cached, const StrategyResult& direct) {
    const double saved =
        1 - value_of(cached, Metric::db_qps_mean) / value_of(direct, Metric::db_qps_mean);
    if (saved < 0.5)
      return fmt::format("{} saves {} of the queries", quoted(cached.strategy),
                         saved > 0 ? report::share_text(saved) : "none");
    for (const Metric metric : {Metric::read_us_p50, Metric::read_us_p99})
      if (value_of(cached, metric) < value_of(direct, metric)) return "";
    return fmt::format("{} makes reads no faster: {} at the median instead of {}",
                       quoted(cached.strategy), text_of(cached, Metric::read_us_p50),
                       text_of(direct, Metric::read_us_p50));
  }

  std::string do_not_cache(const StrategyResult* cached, const StrategyResult& direct) const {
    const std::string reason =
        cached == nullptr ? "no other strategy meets the budget" : gain(*cached, direct);
    return fmt::format("Do not cache this: {} reads the row directly, with {}, and {}.",
                       quoted(direct.strategy), load_text(direct), reason);
  }

  std::string praise(std::size_t able) const {
    const auto terms = budget_of(*taken_);
    const std::string budget =
        terms.empty() ? "the scenario states no budget for it, and it needs "
                      : fmt::format("it meets its budget ({}) with ", fmt::join(terms, ", "));
    const std::string rank =
        able == 1
            ? "no other strategy meets its own"
            : fmt::format("none of the {} strategies that meet theirs needs clearly less", able);
    return fmt::format("{}{}; {}", budget, load_text(*taken_), rank);
  }

  std::string what_can_go_wrong() const {
    std::vector<std::string> broken, proven, open;
    for (const auto& property : taken_->properties) {
      if (property.verdict == Verdict::vacuous) continue;
      auto& list = property.verdict == Verdict::violated ? broken
                   : property.exhausted                  ? proven
                                                         : open;
      const std::string worst =
          property.worst ? " (at worst " + report::worst_text(*property.worst) + ")" : "";
      list.push_back(property.name + worst);
    }
    if (!broken.empty())
      return fmt::format("It can go wrong: {} violated in the race.", are(broken));
    if (!open.empty())
      return fmt::format("The search found no violation of {}, and has not seen everything.",
                         fmt::join(open, ", "));
    if (!proven.empty())
      return fmt::format("Within the bounds of the race, {} proven for it.", are(proven));
    return "Under it the race never comes to what the properties are about.";
  }

  std::string why_not(const StrategyResult& other) const {
    if (const auto lacks = shortfalls(other); !lacks.empty())
      return fmt::format("{}", fmt::join(lacks, "; "));
    if (is_direct(*taken_) && !is_direct(other)) return gain(other, *taken_);
    const auto worse = [&](Metric metric) { return clearly_more(other, *taken_, metric); };
    if (worse(load_metric))
      return fmt::format("needs {} instead of {}", load_text(other), text_of(*taken_, load_metric));
    if (violated(other).size() > violated(*taken_).size())
      return fmt::format("no less load, and {} violated under it", are(violated(other)));
    if (worse(staleness_metric))
      return fmt::format("no less load, and reads are staler: {} instead of {} on average",
                         text_of(other, staleness_metric), text_of(*taken_, staleness_metric));
    if (worse(latency_metric))
      return fmt::format("no less load or staleness, and slower: {} instead of {} at p99",
                         text_of(other, latency_metric), text_of(*taken_, latency_metric));
    return "no clear difference in load, staleness or latency";
  }

  report::Recommendation nothing() {
    recommendation_.says.push_back("No strategy meets its budget.");
    const auto nearest = std::min_element(
        result_.results.begin(), result_.results.end(),
        [&](const auto& a, const auto& b) { return shortfalls(a).size() < shortfalls(b).size(); });
    if (nearest != result_.results.end())
      recommendation_.says.push_back(fmt::format("{} lacks the least: {}.",
                                                 quoted(nearest->strategy),
                                                 fmt::join(shortfalls(*nearest), "; ")));
    for (const auto& strategy : result_.results)
      recommendation_.others.push_back(
          {strategy.strategy, fmt::format("{}", fmt::join(shortfalls(strategy), "; "))});
    return recommendation_;
  }

  const scenario::Scenario& scenario_;
  const report::Result& result_;
  const StrategyResult* taken_ = nullptr;
  report::Recommendation recommendation_;
};

}  // namespace

report::Front front_of(const report::Result& result) {
  report::Front front{.staleness_metric = staleness_metric,
                      .load_metric = load_metric,
                      .latency_metric = latency_metric,
                      .members = {}};
  for (const auto& strategy : result.results)
    if (std::none_of(result.results.begin(), result.results.end(),
                     [&](const auto& other) { return beats(other, strategy); }))
      front.members.push_back(strategy.strategy);
  return front;
}

report::Recommendation recommend(const scenario::Scenario& scenario, const report::Result& result) {
  return Recommender(scenario, result).make();
}

}  // namespace cacherace::harness
