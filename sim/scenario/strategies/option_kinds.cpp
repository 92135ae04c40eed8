#include "sim/scenario/strategies/option_kinds.hpp"

#include <variant>

#include "sim/core/assert.hpp"

namespace cacherace::scenario {

std::string written_decimal(const Decimal& value) {
  std::string text =
      fmt::format("{}.{:09}", value.billionths / Decimal::one, value.billionths % Decimal::one);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

OptionKind<Latency> latencies() {
  return {latency, "latency", defined("latency"), [](const Latency& value) {
            if (const auto* same = std::get_if<Constant>(&value)) return written(same->value);
            const auto* range = std::get_if<Uniform>(&value);
            SIM_ASSERT(range != nullptr);  // no option has another distribution as its default
            return fmt::format("{}..{}", written(range->min), written(range->max));
          }};
}

}  // namespace cacherace::scenario
