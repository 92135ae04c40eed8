#include "sim/harness/explore/symmetry.hpp"

namespace cacherace::harness {
namespace {

bool has_alike_clients(const engine::Race& race) {
  for (Actor a = 0; a < race.plan().scripts.size(); ++a)
    for (Actor b = 0; b < a; ++b)
      if (race.alike(a, b)) return true;
  return false;
}

}  // namespace

std::string symmetry_in_words(const engine::Race& race, const Question& question, bool asked,
                              bool taken) {
  if (!has_alike_clients(race)) return "no clients are identical";
  if (taken) return "identical clients are interchangeable";
  const std::string apart = "identical clients are kept apart: ";
  if (!asked) return apart + "as requested";
  if (question.timing) return apart + "each has its own clock";
  if (race.names_clients()) return apart + "locks and leases name them";
  return apart + "they depend on each other directly";
}

}  // namespace cacherace::harness
