#pragma once
// Fixed-point mathematics for sampling: integers only, so that every machine and compiler agrees to
// the bit.

#include <cstdint>

namespace cacherace {

/// A real number in 32.32 fixed point.
using Q32 = std::int64_t;
inline constexpr Q32 q32_one = Q32{1} << 32;

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

/// High 64 bits of the 128-bit product: `a * b / 2^64`.
inline std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((static_cast<Uint128>(a) * b) >> 64);
}

/// `a * b / divisor`, rounded down; the product may need 128 bits, the result must fit 64.
inline std::int64_t multiply_divide(std::int64_t a, std::int64_t b, std::int64_t divisor) {
  return static_cast<std::int64_t>(static_cast<Int128>(a) * b / divisor);
}

/// Product of two Q32 numbers.
inline Q32 multiply_q32(Q32 a, Q32 b) {
  return static_cast<Q32>((static_cast<Int128>(a) * b) >> 32);
}

/// Binary logarithm of x >= 1. Error below 2^-24; O(1).
Q32 log2_q32(std::uint64_t x);

/// 2 to the power of x, for x < 31; 0 when it is too small for Q32. Error below 2^-24 of the value;
/// O(1).
Q32 exp2_q32(Q32 x);

/// Standard normal deviate from two uniform words (Box, Muller 1958). Error below 2^-20; O(1).
Q32 normal_q32(std::uint64_t u, std::uint64_t v);

/// Cosine of x turns, 2 pi * x, for x in [0, 1). Error below 2^-24; O(1).
Q32 cosine_of_turn(Q32 x);

}  // namespace cacherace
