#pragma once
// What the product says of a race.

#include <map>
#include <optional>
#include <string>

#include "sim/harness/search/search.hpp"

namespace cacherace::rules {

struct Said {
  std::string verdict;
  std::optional<std::uint64_t> schedules, violating;
  std::optional<std::string> worst;
};

struct Answer {
  std::string refused;                     // why the scenario is refused; else empty
  std::map<std::string, Said> properties;  // by name
};

Answer ask(const std::string& scenario, const harness::SearchOptions& options);

}  // namespace cacherace::rules
