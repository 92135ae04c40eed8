#pragma once
// The simplest variant of a scenario that still violates a property.

#include "sim/harness/check_variants.hpp"

namespace cacherace::harness {

/// Makes `found`, one of the `draws`, simpler step by step for as long as `ask` says that it is
/// violated, or until `go_on` says no. Each variant is asked about once. See check_variants.
Variant smallest_variant(const VariantSpace& space, const VariantDraws& draws, const Variant& found,
                         const std::function<Answer(const Variant&)>& ask,
                         const std::function<bool()>& go_on);

}  // namespace cacherace::harness
