#include "sim/report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sim/core/duration_text.hpp"
#include "sim/core/utf8.hpp"

namespace cacherace::report {
namespace {

// At most four significant digits, without trailing zeros.
std::string short_number(double value) {
  constexpr double with_commas_from = 10'000;
  if (value >= with_commas_from && value < 1e18)
    return with_commas(static_cast<std::uint64_t>(std::llround(value)));
  return fmt::format("{:.4g}", value);
}

std::string about_duration(double us) {
  if (us < 0) return "-" + about_duration(-us);
  if (us >= 600e6) return short_number(us / 60e6) + " min";
  if (us >= 1e6) return short_number(us / 1e6) + " s";
  if (us >= 1e3) return short_number(us / 1e3) + " ms";
  return short_number(us) + " us";
}

std::string counts(const States& visited) {
  std::string text = counted(visited.states, "state");
  if (visited.zones) text += fmt::format(", {}", counted(*visited.zones, "zone"));
  return text;
}

std::string counts(const Schedules& visited) {
  std::string text = counted(visited.schedules, "schedule");
  if (visited.violating) text += fmt::format(", {} violating", with_commas(*visited.violating));
  if (visited.cut > 0) text += fmt::format(", {} cut at the step budget", with_commas(visited.cut));
  return text;
}

// How many of the states were met late says whether there are many more.
std::string counts(const Sample& visited) {
  const Covered& all = visited.covered;
  std::string text = fmt::format("{} ({}), {} violating", counted(all.executions, "execution"),
                                 visited.mode, with_commas(all.violating));
  if (visited.cut > 0) text += fmt::format(", {} cut at the step budget", with_commas(visited.cut));
  text += ", " + counted(all.states, "state");
  const auto half =
      std::find_if(visited.over_time.rbegin(), visited.over_time.rend(),
                   [&](const auto& at) { return at.executions <= all.executions / 2; });
  if (half != visited.over_time.rend())
    text += fmt::format(" ({} of them new after {})", with_commas(all.states - half->states),
                        with_commas(half->executions));
  return text + ", " + counted(all.ends, "different final state");
}

std::string counts(const Cases& visited) {
  std::string text;
  for (const auto& [count, what] :
       {std::pair{visited.violated, "violated"}, std::pair{visited.proven, "proven"},
        std::pair{visited.clean_so_far, "clean so far"}, std::pair{visited.vacuous, "vacuous"}})
    if (count > 0)
      text += fmt::format("{} {} {}", text.empty() ? ":" : ",", with_commas(count), what);
  return counted(visited.all(), "different race") + text;
}

struct Cause {
  Metric metric;
  std::string_view says;
  std::string_view asks;  // where nothing else explains the misses
};

constexpr Cause causes[] = {
    {Metric::misses_cold, "of keys that were never cached", ""},
    {Metric::misses_expired, "of entries that had expired", "is a TTL too low?"},
    {Metric::misses_evicted, "of entries that had been evicted",
     "does the working set no longer fit?"},
    {Metric::misses_invalidated, "of entries that a write had deleted", "is this worth caching?"},
    {Metric::misses_emptied, "of entries that went with a flush or a restart", ""},
    {Metric::misses_renamed, "of keys that are cached under another name",
     "has a release changed their format?"},
    {Metric::misses_unanswered, "of look-ups that got no answer",
     "was the cache away, is it overloaded, or is the timeout too short?"},
    {Metric::misses_bypassed, "of reads that never asked the cache", "does a path bypass it?"},
};

// Of half an interval two significant digits tell enough, and of its mean as many places.
double place_of_margin(double half_width) {
  return std::pow(10.0, std::floor(std::log10(half_width)) - 1);
}

std::string margin_text(Metric metric, double half_width) {
  const double unit = place_of_margin(half_width);
  return metric_text(metric, std::round(half_width / unit) * unit);
}

double mean_of(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  return found == nullptr ? 0 : found->mean.value_or(0);
}

// What explains the misses before their cause does: each by the counters that it is about.
std::string_view explanation(const StrategyResult& strategy, const Cause& cause) {
  constexpr double many = 0.05;
  const auto mean = [&](Metric metric) { return mean_of(strategy, metric); };
  if (mean(Metric::error_ratio) > many)
    return "many requests failed meanwhile: look at the database first";
  if (mean(Metric::oom_errors) > 0 && mean(Metric::evicted_keys) == 0)
    return "the cache refused to store: its memory is full, and its policy evicts nothing";
  const bool asked = cause.metric != Metric::misses_bypassed;
  if (asked && mean(Metric::loads) * 2 < mean(Metric::misses))
    return "most of these reads waited for the load of another one: is a lock stuck, or a load "
           "slow?";
  return cause.asks;
}

}  // namespace

std::string title_of(const Result& result) {
  if (result.kind != Result::Kind::comparisons) return title_text(result.title);
  return counted(result.comparisons.size(), "scenario") + " compared";
}

// Without exceptions for what is too small to have all of its digits.
double rounded(double value) {
  return std::strtod(fmt::format("{:.9g}", value).c_str(), nullptr) + 0.0;
}

std::string with_commas(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural) {
  return fmt::format("{} {}{}", with_commas(number), noun, number == 1 ? "" : plural);
}

std::string title_text(const std::string& title) {
  return title.empty() ? "Untitled scenario" : printable(title);
}

std::string verdict_text(Verdict verdict) {
  std::string text(name(verdict));
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

std::string worst_text(const Worst& worst) {
  if (worst.unbounded) return "unbounded";
  const std::string value = worst.is_time
                                ? duration_text(Duration(static_cast<std::int64_t>(worst.value)))
                                : with_commas(worst.value);
  return worst.so_far ? value + " so far" : value;
}

std::string pauses_text(const Pauses& pauses) {
  if (pauses.any) return "holds for any pause";
  if (!pauses.longest) return "holds for no pause, not even the shortest";
  if (*pauses.longest == Duration{0}) return "holds only without pauses";
  return fmt::format("holds for pauses up to {}", duration_text(*pauses.longest));
}

NotMet not_met(const std::vector<Expected>& expectations) {
  NotMet count;
  for (const auto& expected : expectations) {
    count.missed += !expected.met && !expected.undecided;
    count.undecided += expected.undecided;
  }
  return count;
}

std::string visited_text(const PropertyResult& property) {
  std::string text =
      std::visit([](const auto& visited) { return counts(visited); }, property.visited);
  const bool sample = std::holds_alternative<Sample>(property.visited) ||
                      std::holds_alternative<Cases>(property.visited);
  if (!property.exhausted && !sample) text += ", not all";
  if (property.worst) text += fmt::format("; at worst {}", worst_text(*property.worst));
  if (property.pauses) text += "; " + pauses_text(*property.pauses);
  return text;
}

std::vector<std::size_t> times_of_steps(const Counterexample& shown) {
  std::vector<std::size_t> times(shown.steps.size());
  for (std::size_t i = 0; i < times.size(); ++i)
    ++times[shown.steps[i].repeats ? *shown.steps[i].repeats - 1 : i];
  return times;
}

std::string times_text(std::size_t times) {
  return times > 1 ? fmt::format(" × {}", with_commas(times)) : "";
}

std::string fault_text(std::string_view fault, std::uint32_t count) {
  if (fault == "crash") return counted(count, "crash", "es");
  if (fault == "lose") return counted(count, "lost or late message");
  if (fault == "evict") return counted(count, "eviction");
  if (fault == "flush") return counted(count, "flush", "es");
  return counted(count, "cache restart");
}

std::string faults_sentence(const Counterexample& shown, bool measures_time) {
  if (shown.faults.empty()) return "";
  std::string list;
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < shown.faults.size(); ++i) {
    const auto& [fault, count] = shown.faults[i];
    if (i > 0) list += i + 1 == shown.faults.size() ? " and " : ", ";
    list += fault_text(fault, count);
    total += count;
  }
  if (!shown.fewest_faults)
    return fmt::format("  contains {}, which may or may not be needed\n", list);
  const auto* without = total == 1 ? "without faults" : "with fewer faults";
  if (!shown.arises_without)
    return fmt::format(
        "  needs {}: {}, the situation that the property is about never arises in this race\n",
        list, without);
  return fmt::format("  needs {}: {}, no schedule of this race {}\n", list, without,
                     measures_time ? "is as bad" : "violates it");
}

bool is_knee(const Result& result, const Point& point, const std::string& strategy, Metric metric) {
  return std::any_of(result.knees.begin(), result.knees.end(), [&](const Knee& knee) {
    return knee.strategy == strategy && knee.metric == metric && knee.at == point.at.front();
  });
}

std::string threshold_text(const Threshold& threshold) {
  const auto text = [](std::int64_t us) { return duration_text(std::chrono::microseconds(us)); };
  const bool least = threshold.holds_us > threshold.violated_us;
  return fmt::format("{} must be at {} {}; {} is too {}", printable(threshold.pointer),
                     least ? "least" : "most", text(threshold.holds_us),
                     text(threshold.violated_us), least ? "short" : "long");
}

std::vector<Metric> metrics_of(const Result& result) {
  std::vector<Metric> metrics;
  if (!result.results.empty())
    for (const auto& found : result.results.front().metrics) metrics.push_back(found.metric);
  return metrics;
}

const MetricResult* metric_of(const StrategyResult& strategy, Metric metric) {
  const auto found = std::find_if(strategy.metrics.begin(), strategy.metrics.end(),
                                  [&](const auto& measured) { return measured.metric == metric; });
  return found == strategy.metrics.end() ? nullptr : &*found;
}

bool is_zero_everywhere(const Result& result, Metric metric) {
  return std::all_of(result.results.begin(), result.results.end(), [&](const auto& strategy) {
    const auto* found = metric_of(strategy, metric);
    return found == nullptr || (found->mean.value_or(0) == 0 && !found->endless);
  });
}

std::string share_text(double share) { return short_number(share * 100) + " %"; }

std::string metric_text(Metric metric, std::optional<double> value) {
  if (!value) return "-";
  switch (row(metric).unit) {
    case Unit::share:
      return share_text(*value);
    case Unit::microseconds:
      return about_duration(*value);
    case Unit::count:
    case Unit::bytes:
    case Unit::per_second:
      break;
  }
  return short_number(*value);
}

std::string metric_text(const MetricResult& found) {
  return found.endless ? "∞" : metric_text(found.metric, found.mean);
}

std::string metric_cell(const StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  if (found == nullptr) return "-";
  if (!found->mean || !found->ci95) return metric_text(*found);
  const auto [low, high] = *found->ci95;
  const double margin = std::max(high - *found->mean, *found->mean - low);
  if (margin <= 0) return metric_text(*found);
  const double unit = place_of_margin(margin);
  const auto text = [&](double value) {
    return metric_text(metric, std::round(value / unit) * unit);
  };
  // An interval that was cut off at 0.
  if (low == 0 && *found->mean < high / 2)
    return fmt::format("{} (0 to {})", text(*found->mean), text(high));
  return fmt::format("{} ± {}", text(*found->mean), text(margin));
}

std::string difference_cell(const MetricResult& difference) {
  if (!difference.mean || *difference.mean == 0)
    return metric_text(difference.metric, difference.mean);
  std::string cell = *difference.mean < 0 ? "-" : "+";
  cell += metric_text(difference.metric, std::abs(*difference.mean));
  if (!difference.ci95) return cell;
  const auto [low, high] = *difference.ci95;
  if (high > low) cell += " ± " + margin_text(difference.metric, (high - low) / 2);
  return low <= 0 && 0 <= high ? "(" + cell + ")" : cell;
}

std::optional<std::string> hit_ratio_alarm(const StrategyResult& strategy) {
  constexpr double alarm = 0.9;
  const double misses = mean_of(strategy, Metric::misses);
  const double hits = mean_of(strategy, Metric::hits);
  if (misses == 0 || hits >= alarm * (hits + misses)) return std::nullopt;
  const auto* most =
      std::max_element(std::begin(causes), std::end(causes), [&](const Cause& a, const Cause& b) {
        return mean_of(strategy, a.metric) < mean_of(strategy, b.metric);
      });
  const auto explained = explanation(strategy, *most);
  return fmt::format("{}: {} of the reads hit; {} of the misses are {}{}{}",
                     printable(strategy.strategy), share_text(hits / (hits + misses)),
                     share_text(mean_of(strategy, most->metric) / misses), most->says,
                     explained.empty() ? "" : "; ", explained);
}

}  // namespace cacherace::report
