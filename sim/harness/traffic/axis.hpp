#pragma once
// The values that a sweep goes through, from the words of the command line.

#include <string_view>

#include "sim/core/result.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::harness {

/// Reads `POINTER=FROM..TO[:log|:lin][:COUNT]` or `POINTER=VALUE,VALUE,…`: values as scenario files
/// write them, `1s..300s:log:12`. Without a scale it is log when TO is at least ten times FROM;
/// without a count there are ten values. Those in between are rounded to three digits, to whole
/// numbers where both ends are and have no unit; equal ones are taken once. At most 100 values.
Result<report::Axis> parse_axis(std::string_view text);

}  // namespace cacherace::harness
