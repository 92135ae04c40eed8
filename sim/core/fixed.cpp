#include "sim/core/fixed.hpp"

#include <array>
#include <bit>
#include <cmath>

#include "sim/core/assert.hpp"

namespace cacherace {
namespace {

// Fractional bits of the logarithm of a mantissa in [1, 2), one bit per squaring (Knuth,
// TAOCP 1.2.2).
constexpr Q32 log2_of_mantissa(std::uint64_t mantissa_q63) {
  Q32 result = 0;
  for (int bit = 31; bit >= 0; --bit) {
    const auto square = static_cast<Uint128>(mantissa_q63) * mantissa_q63;  // Q126
    const bool above_two = (square >> 127) != 0;
    mantissa_q63 = static_cast<std::uint64_t>(square >> (above_two ? 64 : 63));
    if (above_two) result |= Q32{1} << bit;
  }
  return result;
}

constexpr int table_bits = 11;
constexpr std::size_t table_size = (std::size_t{1} << table_bits) + 1;

std::array<Q32, table_size> make_log2_table() {
  std::array<Q32, table_size> table{};
  for (std::size_t i = 0; i + 1 < table_size; ++i)
    table[i] = log2_of_mantissa((std::uint64_t{1} << 63) +
                                (static_cast<std::uint64_t>(i) << (63 - table_bits)));
  table[table_size - 1] = q32_one;
  return table;
}

const std::array<Q32, table_size> log2_table = make_log2_table();

// Integer square root, rounded down, for x < 2^63. The processor's root is only where to begin: the
// answer is exact on every machine.
std::uint64_t square_root(std::uint64_t x) {
  auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(x)));
  while (root * root > x) --root;
  while ((root + 1) * (root + 1) <= x) ++root;
  return root;
}

// cos(pi/2 * x) for x in [0, 1], by its Taylor series.
Q32 cosine_of_quarter(Q32 x) {
  constexpr Q32 half_pi = 6746518852;  // pi/2 * 2^32
  const Q32 angle = multiply_q32(x, half_pi);
  const Q32 square = multiply_q32(angle, angle);
  Q32 term = q32_one;
  Q32 sum = term;
  for (std::int64_t n = 1; n <= 8; ++n) {
    term = -multiply_q32(term, square) / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}

// cos(pi/2 * (quadrant + position)), for a position in [0, 1].
Q32 cosine(unsigned quadrant, Q32 position) {
  switch (quadrant) {
    case 0:
      return cosine_of_quarter(position);
    case 1:
      return -cosine_of_quarter(q32_one - position);
    case 2:
      return -cosine_of_quarter(position);
    default:
      return cosine_of_quarter(q32_one - position);
  }
}

}  // namespace

Q32 log2_q32(std::uint64_t x) {
  SIM_ASSERT(x >= 1);
  const int shift = std::countl_zero(x);
  const std::uint64_t fraction = x << shift << 1;  // bits after the leading one, Q64
  const auto index = static_cast<std::size_t>(fraction >> (64 - table_bits));
  const auto rest =
      static_cast<Q32>(fraction << table_bits >> 32);  // Q32 between two table entries
  const Q32 low = log2_table[index];
  return (Q32{63} - shift) * q32_one + low + multiply_q32(log2_table[index + 1] - low, rest);
}

Q32 exp2_q32(Q32 x) {
  SIM_ASSERT(x < 31 * q32_one);
  const std::int64_t whole = x >> 32;
  constexpr Q32 ln2 = 2977044472;  // ln 2 * 2^32
  const Q32 power = multiply_q32(x & (q32_one - 1), ln2);
  Q32 term = q32_one;
  Q32 sum = term;
  for (std::int64_t n = 1; n <= 12; ++n) {
    term = multiply_q32(term, power) / n;
    sum += term;
  }
  if (whole >= 0) return sum << whole;
  return whole < -33 ? 0 : sum >> -whole;
}

Q32 normal_q32(std::uint64_t u, std::uint64_t v) {
  constexpr Q32 two_ln2 = 5954088944;                    // 2 ln 2 * 2^32
  const Q32 lead = Q32{64} * q32_one - log2_q32(u | 1);  // -log2 of u / 2^64
  const Q32 radius_squared = multiply_q32(lead, two_ln2);
  // sqrt of a Q32: the root of (x << 24) has 28 fractional bits.
  const auto radius =
      static_cast<Q32>(square_root(static_cast<std::uint64_t>(radius_squared) << 24) << 4);
  const auto position = static_cast<Q32>((v << 2) >> 32);  // within the quadrant
  const Q32 height = cosine(static_cast<unsigned>(v >> 62), position);
  return height < 0 ? -multiply_q32(radius, -height) : multiply_q32(radius, height);
}

Q32 cosine_of_turn(Q32 x) {
  SIM_ASSERT(x >= 0 && x < q32_one);
  const Q32 quarters = 4 * x;
  return cosine(static_cast<unsigned>(quarters >> 32), quarters & (q32_one - 1));
}

}  // namespace cacherace
