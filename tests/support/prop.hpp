#pragma once
// Laws as tests: RapidCheck inside Catch2 3 (rapidcheck/catch.h is made for Catch2 2).

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <sstream>
#include <string>
#include <utility>

#include "sim/harness/fuzz/check_law.hpp"
#include "tests/support/build.hpp"

namespace cacherace::test {

struct Effort {
  int cases = 100;
  std::uint64_t seed = 1;
};

/// Checks the law for `cases` generated values, the same ones in every run: the environment
/// variable RC_PARAMS is not looked at. A failure prints the law, the seed and the shrunk
/// counterexample.
template <typename Law>
void prop(const std::string& description, Law&& law, const Effort& effort = {}) {
  const auto result = harness::check_law(rc::detail::toProperty(std::forward<Law>(law)),
                                         {.cases = effort.cases, .seed = effort.seed}, description);
  std::ostringstream says;
  rc::detail::printResultMessage(result, says);
  INFO(description << "\nseed " << effort.seed << ": " << says.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

}  // namespace cacherace::test
