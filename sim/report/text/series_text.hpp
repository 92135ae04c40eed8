#pragma once
// Results of a run beyond its table of metrics, as text for a terminal.

#include <string>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// What each strategy's metrics are above or below the baseline's, and whether that is shown; ""
/// without differences.
std::string differences_text(const Result& result);

/// A row of bars per strategy for db_qps and for hit_ratio; "" without series.
std::string series_text(const Result& result);

}  // namespace cacherace::report
