#pragma once
// How long a pause of a client each property bears.

#include "sim/harness/search/search.hpp"

namespace cacherace::harness {

/// Adds to each property of `result`, the outcome of searching `scenario` with `options`, for which
/// pauses it holds: the race is searched under the scenario's latencies with one `pause_max` after
/// another, from 0 to a day, and bisected to a microsecond. A longer `pause_max` allows all that a
/// shorter one does, so what holds for one holds for all shorter ones. Nothing is added where a
/// budget ended before a verdict, and for what is vacuous. Takes up to 40 searches a property; asks
/// `options.go_on`, and returns early, with `result` incomplete, when the user ended it.
void add_pauses(const scenario::Scenario& scenario, const SearchOptions& options,
                report::Result& result);

}  // namespace cacherace::harness
