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
using List = std::vector<const StrategyResult*>;

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

std::string text_of(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  return found == nullptr ? "-" : report::metric_text(*found);
}

std::string quoted(const std::string& strategy) { return "\"" + strategy + "\""; }

// `a`, `a and b`, `a, b and c`
std::string listed(const std::vector<std::string>& items) {
  if (items.size() < 2) return items.empty() ? "" : items.front();
  return fmt::format("{} and {}", fmt::join(items.begin(), items.end() - 1, ", "), items.back());
}

// `a is`, `a and b are`
std::string are(const std::vector<std::string>& subjects) {
  return fmt::format("{} {}", listed(subjects), subjects.size() == 1 ? "is" : "are");
}

std::vector<std::string> violated(const StrategyResult& strategy) {
  std::vector<std::string> names;
  for (const auto& property : strategy.properties)
    if (property.verdict == Verdict::violated) names.push_back(property.name);
  return names;
}

// How a sentence speaks of a deciding metric.
struct Words {
  std::string_view least;  // "it …"
  std::string_view what;   // "2 % …"
  std::string_view worse;  // "…: 2 % instead of 1 %"
};

Words words_of(Metric metric) {
  switch (metric) {
    case Metric::error_ratio:
      return {"fails the fewest requests", "of the requests", "more requests fail"};
    case Metric::db_qps_peak:
      return {"needs the database least at the peak", "database queries/s at the peak",
              "a higher peak load"};
    case Metric::staleness_us_mean:
      return {"has the freshest reads", "of staleness on average", "staler reads on average"};
    case Metric::read_us_p99:
      return {"has the fastest reads", "at p99", "slower reads at p99"};
    default:
      SIM_ASSERT(false);
      return {};
  }
}

// `82.2 database queries/s at the peak`
std::string figure(const StrategyResult& strategy, Metric metric) {
  return fmt::format("{} {}", text_of(strategy, metric), words_of(metric).what);
}

// In what, of all that decides, `b` is clearly worse than `a`, with both figures.
std::vector<std::string> costs(const StrategyResult& a, const StrategyResult& b) {
  std::vector<std::string> found;
  for (const Metric metric : deciding_metrics)
    if (clearly_more(b, a, metric))
      found.push_back(fmt::format("{} ({} instead of {})", words_of(metric).worse,
                                  text_of(b, metric), text_of(a, metric)));
  return found;
}

bool beats_in_everything(const StrategyResult& a, const StrategyResult& b) {
  return std::all_of(deciding_metrics.begin(), deciding_metrics.end(),
                     [&](Metric metric) { return clearly_more(b, a, metric); });
}

void keep_the_least(List& left, Metric metric) {
  const List all = left;
  std::erase_if(left, [&](const auto* s) {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto* other) { return clearly_more(*s, *other, metric); });
  });
}

void leave_out_the_beaten(List& left) {
  const List all = left;
  std::erase_if(left, [&](const auto* s) {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto* other) { return beats_in_everything(*other, *s); });
  });
}

void keep_the_least_violated(List& left) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const auto* s : left) fewest = std::min(fewest, violated(*s).size());
  std::erase_if(left, [&](const auto* s) { return violated(*s).size() > fewest; });
}

// The one to take of some; nothing of none.
const StrategyResult* best_of(List left) {
  if (left.empty()) return nullptr;
  keep_the_least(left, Metric::error_ratio);
  keep_the_least(left, Metric::db_qps_peak);
  keep_the_least_violated(left);
  keep_the_least(left, Metric::staleness_us_mean);
  keep_the_least(left, Metric::read_us_p99);
  return left.front();
}

// Why caching is not worth it; "" when it is.
std::string not_worth_it(const StrategyResult& cached, const StrategyResult& direct) {
  if (clearly_more(cached, direct, Metric::error_ratio))
    return fmt::format("with {} more requests fail: {} instead of {}", quoted(cached.strategy),
                       text_of(cached, Metric::error_ratio), text_of(direct, Metric::error_ratio));
  if (clearly_more(direct, cached, Metric::error_ratio) || beats_in_everything(cached, direct))
    return "";
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

class Recommender {
 public:
  Recommender(const scenario::Scenario& scenario, const report::Result& result)
      : scenario_(scenario), result_(result) {}

  report::Recommendation make() {
    List able;
    for (const auto& strategy : result_.results)
      if (misses(strategy).empty()) able.push_back(&strategy);
    if (able.empty()) return nothing();
    List open = able;
    keep_the_least(open, Metric::error_ratio);
    leave_out_the_beaten(open);
    const auto* cached = best_of(those_that(open, [&](const auto& s) { return !is_direct(s); }));
    const auto* direct = best_of(those_that(open, [&](const auto& s) { return is_direct(s); }));
    const std::string reason = cached == nullptr   ? "no strategy with a cache meets the goal"
                               : direct == nullptr ? ""
                                                   : not_worth_it(*cached, *direct);
    const bool caches = cached != nullptr && reason.empty();
    taken_ = caches ? cached : direct;
    const auto* runner_up = best_of(those_that(able, [&](const auto& s) { return &s != taken_; }));
    says_.push_back((caches ? take(able.size(), runner_up)
                            : fmt::format("Do not cache this: {} reads the row directly, with {}, "
                                          "and {}.",
                                          quoted(taken_->strategy),
                                          figure(*taken_, Metric::db_qps_peak), reason)) +
                    price(runner_up));
    says_.push_back(by_which_goal());
    says_.push_back(what_is_proven());
    std::erase(says_, "");
    for (const auto& strategy : result_.results)
      if (&strategy != taken_) others_.push_back({strategy.strategy, why_not(strategy)});
    return {.strategy = taken_->strategy,
            .runner_up = runner_up == nullptr ? "" : runner_up->strategy,
            .closest = "",
            .says = says_,
            .others = others_};
  }

 private:
  template <typename Which>
  static List those_that(const List& all, Which which) {
    List some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                 [&](const auto* s) { return which(*s); });
    return some;
  }

  // What the strategy misses of the goal.
  std::vector<const report::Expected*> misses(const StrategyResult& strategy) const {
    std::vector<const report::Expected*> missed;
    for (const auto& term : result_.goal)
      if (!term.met && term.strategy == strategy.strategy) missed.push_back(&term);
    return missed;
  }

  std::string misses_text(const StrategyResult& strategy) const {
    std::vector<std::string> texts;
    for (const auto* term : misses(strategy))
      texts.push_back(term->undecided
                          ? fmt::format("whether {} is {} was not decided: it is {}", term->name,
                                        term->wanted, term->found)
                          : fmt::format("{} is {}, not {}", term->name, term->found, term->wanted));
    return fmt::format("{}", fmt::join(texts, "; "));
  }

  std::string goal_text() const {
    std::vector<std::string> terms;
    for (const auto& term : result_.goal)
      if (term.strategy == result_.goal.front().strategy)
        terms.push_back(term.name + " " + term.wanted);
    return fmt::format("{}", fmt::join(terms, ", "));
  }

  bool is_direct(const StrategyResult& strategy) const {
    const auto found = std::find_if(scenario_.strategies.begin(), scenario_.strategies.end(),
                                    [&](const auto& s) { return s.name == strategy.strategy; });
    SIM_ASSERT(found != scenario_.strategies.end());
    return std::holds_alternative<scenario::DirectRead>(found->read);
  }

  // `Take "a": of the 3 strategies that meet the goal it needs the database least at the peak …`
  std::string take(std::size_t able, const StrategyResult* runner_up) const {
    const std::string head = fmt::format("Take {}: ", quoted(taken_->strategy));
    const bool goal = !result_.goal.empty();
    if (runner_up == nullptr)
      return head + fmt::format("it is the only strategy{}, with {}.",
                                goal ? " that meets the goal" : "",
                                figure(*taken_, Metric::db_qps_peak));
    const std::string of = goal ? fmt::format("of the {} strategies that meet the goal it ", able)
                                : fmt::format("of the {} strategies it ", able);
    const std::string against = fmt::format("{}, the runner-up", quoted(runner_up->strategy));
    for (const Metric metric : deciding_metrics) {
      if (metric == Metric::staleness_us_mean && fewer_violated(*runner_up))
        return head + of +
               fmt::format(
                   "has the fewest violated properties of those with the least peak load "
                   "({}); for {}, {} violated.",
                   figure(*taken_, Metric::db_qps_peak), against, are(violated(*runner_up)));
      if (clearly_more(*runner_up, *taken_, metric))
        return head + of +
               fmt::format("{}: {}, against {} with {}.", words_of(metric).least,
                           figure(*taken_, metric), text_of(*runner_up, metric), against);
    }
    return head + of +
           fmt::format("is as good as any and stands first: {}, has no clear advantage.", against);
  }

  bool fewer_violated(const StrategyResult& other) const {
    return violated(*taken_).size() < violated(other).size();
  }

  // What the winner costs against the runner-up, and what is violated for it.
  std::string price(const StrategyResult* runner_up) const {
    std::string text;
    if (runner_up != nullptr)
      if (const auto paid = costs(*runner_up, *taken_); !paid.empty())
        text += fmt::format(" It costs {}.", listed(paid));
    if (const auto names = violated(*taken_); !names.empty())
      text += fmt::format(" It can go wrong: {} violated in the race.", are(names));
    return text;
  }

  std::string by_which_goal() const {
    const std::string reads =
        fmt::format("{} of its requests fail, its reads take {} at p99 and are {} stale on average",
                    text_of(*taken_, Metric::error_ratio), text_of(*taken_, Metric::read_us_p99),
                    text_of(*taken_, Metric::staleness_us_mean));
    if (!result_.goal.empty()) return fmt::format("The goal: {}. {}.", goal_text(), reads);
    return fmt::format("The scenario states no goal, so failed requests decide, then the load; {}.",
                       reads);
  }

  std::string what_is_proven() const {
    std::vector<std::string> proven, open;
    bool any_violated = false;
    for (const auto& property : taken_->properties) {
      any_violated |= property.verdict == Verdict::violated;
      if (property.verdict == Verdict::vacuous || property.verdict == Verdict::violated) continue;
      const std::string worst =
          property.worst ? " (at worst " + report::worst_text(*property.worst) + ")" : "";
      (property.exhausted ? proven : open).push_back(property.name + worst);
    }
    if (!open.empty())
      return fmt::format("The search found no violation of {}, and has not seen everything.",
                         listed(open));
    if (!proven.empty())
      return fmt::format("Within the bounds of the race, {} proven for it.", are(proven));
    return any_violated ? "" : "Under it the race never reaches what the properties are about.";
  }

  std::string why_not(const StrategyResult& other) const {
    if (!misses(other).empty()) return misses_text(other);
    if (is_direct(*taken_) && !is_direct(other))
      if (const auto reason = not_worth_it(other, *taken_); !reason.empty()) return reason;
    for (const Metric metric : deciding_metrics) {
      if (metric == Metric::staleness_us_mean && fewer_violated(other))
        return fmt::format("no less load, and {} violated for it", are(violated(other)));
      if (clearly_more(other, *taken_, metric))
        return fmt::format("{} ({} instead of {})", words_of(metric).worse, text_of(other, metric),
                           text_of(*taken_, metric));
    }
    return "no clear difference in failed requests, load, staleness or latency";
  }

  double missed_by(const StrategyResult& strategy) const {
    double sum = 0;
    for (const auto* term : misses(strategy)) sum += term->missed_by;
    return sum;
  }

  report::Recommendation nothing() {
    says_.push_back(fmt::format("No strategy meets the goal ({}).", goal_text()));
    const auto nearest =
        std::min_element(result_.results.begin(), result_.results.end(),
                         [&](const auto& a, const auto& b) { return missed_by(a) < missed_by(b); });
    says_.push_back(fmt::format("{} comes closest; it misses: {}.", quoted(nearest->strategy),
                                misses_text(*nearest)));
    for (const auto& strategy : result_.results)
      others_.push_back({strategy.strategy, misses_text(strategy)});
    return {.strategy = "",
            .runner_up = "",
            .closest = nearest->strategy,
            .says = says_,
            .others = others_};
  }

  const scenario::Scenario& scenario_;
  const report::Result& result_;
  const StrategyResult* taken_ = nullptr;
  std::vector<std::string> says_;
  std::vector<report::Recommendation::Other> others_;
};

}  // namespace

bool clearly_more(const StrategyResult& a, const StrategyResult& b, Metric metric) {
  constexpr double about_the_same = 1.05;
  return value_of(a, metric) > value_of(b, metric) * about_the_same &&
         interval_of(a, metric).low > interval_of(b, metric).high;
}

bool better(const StrategyResult& a, const StrategyResult& b) {
  bool somewhere = false;
  for (const Metric metric : deciding_metrics) {
    if (clearly_more(a, b, metric)) return false;
    somewhere |= clearly_more(b, a, metric);
  }
  return somewhere;
}

report::Front front_of(const report::Result& result) {
  report::Front front{.error_metric = Metric::error_ratio,
                      .load_metric = Metric::db_qps_peak,
                      .staleness_metric = Metric::staleness_us_mean,
                      .latency_metric = Metric::read_us_p99,
                      .members = {}};
  for (const auto& strategy : result.results)
    if (std::none_of(result.results.begin(), result.results.end(),
                     [&](const auto& other) { return better(other, strategy); }))
      front.members.push_back(strategy.strategy);
  return front;
}

report::Recommendation recommend(const scenario::Scenario& scenario, const report::Result& result) {
  return Recommender(scenario, result).make();
}

}  // namespace cacherace::harness
