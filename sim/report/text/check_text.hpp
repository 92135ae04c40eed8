#pragma once
// Scenarios as tests, a line each.

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/report/report_result.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// `ok  stampede.json  9 expectations met` in one line, with what was done for it; or what is not
/// met, a line each below it.
std::string check_line(const std::string& file, const Result& result, const TextStyle& style);

/// Of a scenario that could not be checked, with what is wrong with it.
std::string check_line(const std::string& file, const Problem& wrong, const TextStyle& style);

/// `50 scenarios: 48 ok, 1 not as expected, 1 undecided`; and so many that could not be checked.
std::string check_summary(const std::vector<Result>& results, std::size_t wrong = 0);

}  // namespace cacherace::report
