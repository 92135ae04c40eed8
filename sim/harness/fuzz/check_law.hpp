#pragma once
// RapidCheck, driven from a given seed: the one door to the parts of it that are no public API.

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "sim/harness/fuzz/answer.hpp"

namespace cacherace::harness {

struct LawEffort {
  int cases = 100;
  std::uint64_t seed = 1;
  int size_max = 100;  // the cases grow up to it
};

/// Checks the law for `cases` generated values, the same ones in every run: the environment
/// variable RC_PARAMS is not looked at, and nothing is printed. RapidCheck keeps its state in
/// global variables, so that one thread may be in here at a time.
inline rc::detail::TestResult check_law(const rc::detail::Property& law, const LawEffort& effort,
                                        const std::string& description = "") {
  rc::detail::TestMetadata metadata;
  metadata.description = description;
  rc::detail::TestParams params;
  params.seed = effort.seed;
  params.maxSuccess = effort.cases;
  params.maxSize = effort.size_max;
  rc::detail::TestListenerAdapter silent;
  return rc::detail::checkProperty(law, metadata, params, silent, {});
}

/// Asks about values of `generator` until so many of them are valid; from the first one that
/// violates goes on to a simpler one that does, until none is left. Returns false when too many
/// were invalid to go on.
template <typename T>
bool ask_about(rc::Gen<T> generator, const LawEffort& effort,
               const std::function<Answer(const T&)>& ask) {
  using Type = rc::detail::CaseResult::Type;
  const rc::detail::Property law = rc::gen::map(std::move(generator), [&ask](const T& value) {
    const Answer answer = ask(value);
    rc::detail::CaseDescription description;
    description.result.type = answer == Answer::holds      ? Type::Success
                              : answer == Answer::violated ? Type::Failure
                                                           : Type::Discard;
    description.example = [] { return rc::detail::Example(); };
    return description;
  });
  return !check_law(law, effort).template is<rc::detail::GaveUpResult>();
}

}  // namespace cacherace::harness
