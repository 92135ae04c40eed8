#pragma once
// Variants of a scenario, drawn and made simpler by RapidCheck.

#include <functional>

#include "sim/harness/fuzz/answer.hpp"
#include "sim/harness/fuzz/race_variant.hpp"

namespace cacherace::harness {

struct VariantDraws {
  std::uint64_t seed = 1;
  unsigned cases = 100;    // valid ones
  unsigned percent = 100;  // of the ranges that the largest cases use
};

/// Draws variants, from small to large, until so many are valid, and asks about each; from the
/// first one that violates goes on to a simpler one that does, until none is left. May ask about a
/// variant more than once; the answers must not depend on the order. Not to be called by two
/// threads at once. Returns false when too many were invalid to go on.
bool check_variants(const VariantSpace& space, const VariantDraws& draws,
                    const std::function<Answer(const Variant&)>& ask);

}  // namespace cacherace::harness
