#pragma once
// What a comparison recommends, and its table of strategies.

#include <string>

#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// The answer; one line per strategy with verdicts and the metrics that decide; and why not the
/// others.
std::string comparison_text(const Result& result, const TextStyle& style);

}  // namespace cacherace::report
