#include "sim/drive/control/party.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cacherace::drive {

std::string Party::past() const {
  std::string out = name;
  for (const auto& unit : units) {
    if (unit->state == Unit::State::arrived) continue;
    out += fmt::format("\n{} {:x}", unit->label,
                       unit->state == Unit::State::forwarded ? 0 : unit->answer_digest);
  }
  if (responded) out += "\nresponded";
  return out;
}

bool Party::has_undelivered() const {
  return std::ranges::any_of(
      units, [](const auto& unit) { return unit->state != Unit::State::delivered; });
}

}  // namespace cacherace::drive
