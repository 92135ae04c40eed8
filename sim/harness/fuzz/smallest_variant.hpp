#pragma once
// The simplest variant of a scenario that still violates a property.

#include <functional>

#include "sim/harness/fuzz/answer.hpp"
#include "sim/harness/fuzz/race_variant.hpp"

namespace cacherace::harness {

/// Makes `found` simpler step by step: goes on to the first simpler variant of which `ask` says
/// that it is violated, until there is none. Each variant is asked about once. See
/// simpler_variants.
Variant smallest_variant(const VariantSpace& space, const Variant& found,
                         const std::function<Answer(const Variant&)>& ask);

}  // namespace cacherace::harness
