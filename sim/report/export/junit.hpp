#pragma once
// Results as JUnit XML, for the test page of a CI system.

#include <string>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// A suite for each scenario, a test case for each strategy and property or expectation, named
/// `strategy · name`. A test case fails when its expectation is not met, or, where nothing is
/// expected of a property, when it is violated; its text is the interleaving. It is an error when a
/// budget ended before the expectation could be judged, and skipped when nothing is expected and
/// nothing was concluded. Pure; times are 0, since results carry no clock.
std::string to_junit(const Result& result);

}  // namespace cacherace::report
