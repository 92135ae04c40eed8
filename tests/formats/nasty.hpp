#pragma once
// Results whose texts are as bad as a scenario's may be.

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// Markup of every format, quotes, separators, backticks, control characters, and letters.
extern const char* const nasty_text;

/// Every verdict, with and without expectations; a counterexample; `nasty_text` wherever a text is.
Result nasty_search();
/// Metrics with and without a mean and an interval.
Result nasty_run();
/// Comparisons of several scenarios: one with an answer, one without, one that was interrupted.
Result nasty_comparisons();

}  // namespace cacherace::report
