#include "sim/drive/control/party.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cacherace::drive {

bool is_without_command(const std::string& label) {
  return label == answered_label || label == goes_on_label || label.starts_with(sends_label);
}

std::string Party::past() const {
  std::string out = name;
  for (const auto& unit : units) {
    if (unit->state == Unit::State::arrived) {  // beside others: which one is next is a choice
      out += "\n? " + unit->label;
      continue;
    }
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
