#pragma once
// Compares verdicts. Where a test finds another one than it expects, it shows what led to that:
// the interleaving, the scenario and the commands that search and replay it.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/core/verdict.hpp"

namespace cacherace::test {

/// What there is to show of a verdict; "" for what there is not.
struct Evidence {
  std::string story;     // the interleaving and the finding, or what was visited
  std::string scenario;  // a scenario that the program reads
  std::string property;  // the one in question
  std::string saved;     // a counterexample file
};

/// The message of a failed comparison. Writes the scenario and the counterexample to files of the
/// temporary folder and names the commands that read them.
std::string explain(const std::string& wanted, Verdict found, const Evidence& evidence);

}  // namespace cacherace::test

/// Whether the outcome has this verdict. Its type says so by verdict_in(outcome), and what to show
/// by evidence_of(outcome), in its own namespace.
#define CHECK_VERDICT(outcome, wanted)                                       \
  CACHERACE_CHECK_VERDICT(outcome, verdict_in(cacherace_judged) == (wanted), \
                          std::string(::cacherace::name(wanted)))

/// Whether the outcome has any other verdict than this one.
#define CHECK_NOT_VERDICT(outcome, unwanted)                                   \
  CACHERACE_CHECK_VERDICT(outcome, verdict_in(cacherace_judged) != (unwanted), \
                          "not " + std::string(::cacherace::name(unwanted)))

#define CACHERACE_CHECK_VERDICT(outcome, holds, wanted)                             \
  do {                                                                              \
    const auto& cacherace_judged = (outcome);                                       \
    if (holds) {                                                                    \
      SUCCEED();                                                                    \
    } else {                                                                        \
      FAIL_CHECK(::cacherace::test::explain((wanted), verdict_in(cacherace_judged), \
                                            evidence_of(cacherace_judged)));        \
    }                                                                               \
  } while (false)
