#pragma once
// Scenarios as tests, a line each.

#include <string>
#include <vector>

#include "sim/report/report_result.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// `ok  stampede.json  9 expectations met` in one line, with what was done for it; or what is not
/// met, a line each below it.
std::string check_line(const std::string& file, const Result& result, const TextStyle& style);

/// `50 scenarios: 48 ok, 1 not as expected, 1 undecided`
std::string check_summary(const std::vector<Result>& results);

}  // namespace cacherace::report
