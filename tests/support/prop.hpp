#pragma once
// Laws as tests: RapidCheck inside Catch2 3 (rapidcheck/catch.h is made for Catch2 2).

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <sstream>
#include <string>
#include <utility>

namespace cacherace::test {

/// Debug builds and sanitizers take tens of times as long: there fewer cases have to do.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
inline constexpr bool fast = true;
#else
inline constexpr bool fast = false;
#endif

struct Effort {
  int cases = 100;
  std::uint64_t seed = 1;
};

/// Checks the law for `cases` generated values, the same ones in every run: the environment
/// variable RC_PARAMS is not looked at. A failure prints the law, the seed and the shrunk
/// counterexample.
template <typename Law>
void prop(const std::string& description, Law&& law, const Effort& effort = {}) {
  rc::detail::TestMetadata metadata;
  metadata.description = description;
  rc::detail::TestParams params;
  params.seed = effort.seed;
  params.maxSuccess = effort.cases;
  rc::detail::TestListenerAdapter silent;
  const auto result = rc::detail::checkProperty(rc::detail::toProperty(std::forward<Law>(law)),
                                                metadata, params, silent, {});
  std::ostringstream says;
  rc::detail::printResultMessage(result, says);
  INFO(description << "\nseed " << effort.seed << ": " << says.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

}  // namespace cacherace::test
