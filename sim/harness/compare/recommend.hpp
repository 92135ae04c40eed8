#pragma once
// Which strategy of a comparison to take.

#include <array>

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// What a comparison goes by, in the order in which it decides: failed requests, database load,
/// staleness and latency, each by one metric. Less is better in all of them.
inline constexpr auto deciding_metrics = std::to_array<Metric>(
    {Metric::error_ratio, Metric::db_qps_peak, Metric::staleness_us_mean, Metric::read_us_p99});

/// Whether `a` has clearly more of a metric than `b`: 5 % more, and intervals that do not overlap.
/// A strict order: nothing is clearly more than itself, and what is clearly more than something
/// that is clearly more is so as well.
bool clearly_more(const report::StrategyResult& a, const report::StrategyResult& b, Metric metric);

/// Whether `a` is in no deciding metric clearly worse than `b`, and clearly better in one.
bool better(const report::StrategyResult& a, const report::StrategyResult& b);

/// The strategies than which no other one is better.
report::Front front_of(const report::Result& result);

/// Of the strategies that meet the goal, or of all where the scenario states none: those that fail
/// clearly more requests than another one are left out, then those that need clearly more of the
/// database at its peak; of the rest the one of which fewest properties are violated, then the one
/// whose reads are least stale, then the fastest, then the first.
/// Reading the row directly is recommended instead when it meets the goal and caching is not worth
/// it: it fails clearly more requests, saves less than half of the queries, or makes reads no
/// faster. Says why, what it costs against the runner-up, what is violated for it, and why not the
/// others, by figures of `result`, whose goal must be compared.
report::Recommendation recommend(const scenario::Scenario& scenario, const report::Result& result);

}  // namespace cacherace::harness
