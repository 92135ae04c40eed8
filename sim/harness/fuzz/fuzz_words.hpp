#pragma once
// What a search of scenarios varies and finds, in words.

#include <string>
#include <vector>

#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/harness/fuzz/race_variant.hpp"

namespace cacherace::harness {

/// "races of 1 to 3 clients, 1 to 2 operations each, 1 to 2 keys, up to 1 crash".
std::string ranges_in_words(const VariantSpace& space);

/// "reader-1: read user:7, writer-1: write user:7, 1 crash".
std::string race_in_words(const scenario::Scenario& scenario);

/// What a reader of the result must know; `drawn` of the cases were valid.
std::vector<std::string> notes_about_variants(const scenario::Scenario& scenario,
                                              const FuzzOptions& options, std::uint64_t drawn);

}  // namespace cacherace::harness
