#pragma once
// What a search asks of a race.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/judge/property.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

struct Question {
  const judge::Property* property = nullptr;
  std::uint64_t limit = 0;  // of a property that measures
};

/// The properties that are `asked` for, or else those that the scenario expects, or else the
/// default ones; with what the strategy is expected to keep as limit.
std::vector<Question> questions_of(const scenario::Scenario& scenario, const std::string& strategy,
                                   const std::vector<std::string>& asked);

}  // namespace cacherace::harness
