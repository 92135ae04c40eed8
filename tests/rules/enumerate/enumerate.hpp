#pragma once
// Every schedule of a race, one by one, by depth first over copies of the world. Nothing is
// reduced.

#include <cstdint>
#include <optional>

#include "tests/rules/enumerate/choices.hpp"
#include "tests/rules/enumerate/judges.hpp"

namespace cacherace::rules {

struct Counted {
  std::uint64_t arises = 0;
  std::uint64_t violating = 0;
  int worst = 0;
  History example;  // the first schedule that violates
  [[nodiscard]] std::string_view verdict() const {
    return violating != 0 ? "violated" : arises != 0 ? "proven" : "vacuous";
  }
};

struct Enumerated {
  std::uint64_t schedules = 0;
  std::array<Counted, 10> properties;
};

/// Nothing when there are more than `schedules_max` schedules.
std::optional<Enumerated> enumerate(const Race& race, std::uint64_t schedules_max);

/// One line for each step.
std::string to_text(const History& history);

}  // namespace cacherace::rules
