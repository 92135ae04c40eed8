#include "sim/core/stream.hpp"

#include <Random123/philox.h>

#include "sim/core/assert.hpp"
#include "sim/core/fixed.hpp"

namespace cacherace {

Draw draw(std::uint64_t seed, std::uint64_t actor, Purpose purpose, std::uint32_t index) {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto high = [](std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); };
  const r123::Philox4x32::ctr_type counter{
      {low(actor), high(actor), static_cast<std::uint32_t>(purpose), index}};
  const r123::Philox4x32::key_type key{{low(seed), high(seed)}};
  const auto block = r123::Philox4x32{}(counter, key);
  return {std::uint64_t{block[1]} << 32 | block[0], std::uint64_t{block[3]} << 32 | block[2]};
}

std::uint64_t Words::below(std::uint64_t n) {
  SIM_ASSERT(n > 0);
  return multiply_high(next(), n);
}

}  // namespace cacherace
