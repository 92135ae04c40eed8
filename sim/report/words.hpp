#pragma once
// Numbers and verdicts as people read them, the same in every format.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// The scenario's title, or words for its absence.
std::string title_text(const std::string& title);
/// What the result is called: by its scenario's title, or by how many scenarios were compared.
std::string title_of(const Result& result);

/// To nine significant digits: what differs beyond them is arithmetic, not measurement.
double rounded(double value);

/// `1,234`
std::string with_commas(std::uint64_t value);
/// `1 step`, `2 steps`
std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural = "s");

/// The metrics of the first strategy, in order: all have the same ones.
std::vector<Metric> metrics_of(const Result& result);
/// What was measured of it, or null. O(metrics).
const MetricResult* metric_of(const StrategyResult& strategy, Metric metric);
/// True when no strategy has anything but 0 of it.
bool is_zero_everywhere(const Result& result, Metric metric);
/// `91.2 %`, of a part of 1
std::string share_text(double share);
/// A metric's value: `91.2 %`, `4.25 ms`, `1,234`; "-" for none.
std::string metric_text(Metric metric, std::optional<double> value);
/// The mean as such a value: "∞" where it is endless.
std::string metric_text(const MetricResult& found);
/// The same with half of its interval: `91.2 % ± 0.3 %`.
std::string metric_cell(const StrategyResult& strategy, Metric metric);
/// A difference with its sign and half of its interval: `+1.2 % ± 0.3 %`; in brackets when the
/// interval contains 0.
std::string difference_cell(const MetricResult& difference);

/// `clean so far`
std::string verdict_text(Verdict verdict);
/// `62.0304 s`, `3`, or `unbounded`.
std::string worst_text(const Worst& worst);
/// `holds for pauses up to 984.8 ms`, `holds for any pause`, `holds for no pause`
std::string pauses_text(const Pauses& pauses);
/// How many expectations are not met: for good, and so far.
struct NotMet {
  std::size_t missed = 0, undecided = 0;
};
NotMet not_met(const std::vector<Expected>& expectations);
/// What was visited, and the worst case: `17 states, not all; at worst 3`.
std::string visited_text(const PropertyResult& property);
/// By step, how often it is performed: with those that repeat it, which are shown with it and have
/// 0 themselves.
std::vector<std::size_t> times_of_steps(const Counterexample& shown);
/// ` × 204`; nothing for once.
std::string times_text(std::size_t times);
/// `1 crash`, `2 lost or late messages`; faults as scenarios call them.
std::string fault_text(std::string_view fault, std::uint32_t count);
/// Which faults a counterexample has, and whether it needs them: a line, or nothing. Of a property
/// that `measures_time`, others may violate with fewer, but are not as bad.
std::string faults_sentence(const Counterexample& shown, bool measures_time);
/// Whether the curve of the metric turns at that point of a sweep.
bool is_knee(const Result& result, const Point& point, const std::string& strategy, Metric metric);
/// Which values of a duration hold, and which do not: a sentence.
std::string threshold_text(const Threshold& threshold);

/// Where less than 90 % of the reads hit: a sentence that says what most misses are.
std::optional<std::string> hit_ratio_alarm(const StrategyResult& strategy);

}  // namespace cacherace::report
