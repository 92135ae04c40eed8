#pragma once
// Whether clients that are alike are taken for each other, and why not.

#include <string>

#include "sim/engine/race/race.hpp"
#include "sim/harness/explore/questions.hpp"

namespace cacherace::harness {

/// `alike clients are told apart: locks and leases name them`. `taken` is whether the search took
/// them for each other, `asked` whether it was to.
std::string symmetry_in_words(const engine::Race& race, const Question& question, bool asked,
                              bool taken);

}  // namespace cacherace::harness
