#pragma once
// Results as Markdown (GitHub's), to be read in a pull request.

#include <string>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// The whole result: the answer first, then verdicts and metrics as tables, each interleaving in
/// lanes, expectations, and how to replay. Pure.
std::string to_markdown(const Result& result);

}  // namespace cacherace::report
