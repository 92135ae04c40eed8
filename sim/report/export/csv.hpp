#pragma once
// Results as one long table for spreadsheets and data frames.

#include <string>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// The columns, in order. New ones are added at the end only.
inline constexpr const char* csv_header =
    "scenario,digest,seed,strategy,kind,name,replicates,mean,low,high,"
    "difference,difference_low,difference_high,verdict,worst_us,worst_count,worst_so_far,"
    "states,schedules,executions,races,violating,transitions,exhausted,steps,wanted,found,met,"
    "swept_1,value_1,swept_2,value_2";

/// A row per strategy and metric (kind `metric`), strategy and property (`property`), and
/// expectation (`expectation`), below the header;
/// of a sweep for each of its points. Cells that do not apply are empty; an unbounded
/// worst case is `inf`. Quoted as in RFC 4180, with a newline after each line. Pure.
std::string to_csv(const Result& result);

}  // namespace cacherace::report
