#pragma once
// The curves of a sweep as tables.

#include <string>

#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// For each strategy one line per point, with the shown metrics and their intervals; knees are
/// marked.
std::string sweep_text(const Result& result);

}  // namespace cacherace::report
