#pragma once
// Which strategy of a comparison to take.

#include "sim/report/report_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// Where strategies are compared: staleness, database load and latency, each by one metric.
inline constexpr Metric staleness_metric = Metric::staleness_us_mean;
inline constexpr Metric load_metric = Metric::db_qps_peak;
inline constexpr Metric latency_metric = Metric::read_us_p99;

/// The strategies that no other one beats: as good in each of the three metrics, and better in one.
report::Front front_of(const report::Result& result);

/// The strategy with the least load on the database of those that meet their budget: every
/// expectation that asks for what is good. Where no difference in load is clear (5 %, and intervals
/// that do not overlap), the one of which fewest properties are violated, then the one whose reads
/// are least stale, then the fastest, then the first.
/// Reading the row directly is recommended instead when it meets the budget and caching is not
/// worth it: it saves less than half of the queries, or reads are no faster by it. Says why, and
/// why not the others, by figures of `result`, whose expectations must be in it.
report::Recommendation recommend(const scenario::Scenario& scenario, const report::Result& result);

}  // namespace cacherace::harness
