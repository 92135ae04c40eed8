#include "sim/core/fixed.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>

#include "sim/core/stream.hpp"

namespace cacherace {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

double to_double(Q32 x) { return static_cast<double>(x) / static_cast<double>(q32_one); }

TEST_CASE("the fixed-point logarithm agrees with the library's") {
  for (std::uint64_t x = 1; x < std::uint64_t{1} << 62; x += x / 50 + 1)
    CHECK_THAT(to_double(log2_q32(x)), WithinAbs(std::log2(static_cast<double>(x)), 1e-7));
  CHECK(log2_q32(1) == 0);
  CHECK(log2_q32(1024) == 10 * q32_one);
}

TEST_CASE("the fixed-point power of two agrees with the library's") {
  for (double x = -20; x < 31; x += 0.0137) {
    const auto q = static_cast<Q32>(x * static_cast<double>(q32_one));
    const double exact = std::exp2(x);
    CHECK_THAT(to_double(exp2_q32(q)), WithinRel(exact, 1e-7) || WithinAbs(exact, 1e-9));
  }
  CHECK(exp2_q32(0) == q32_one);
  CHECK(exp2_q32(-40 * q32_one) == 0);
}

TEST_CASE("the fixed-point cosine agrees with the library's") {
  for (Q32 x = 0; x < q32_one; x += 9'999'991)
    CHECK_THAT(to_double(cosine_of_turn(x)),
               WithinAbs(std::cos(2 * std::numbers::pi * to_double(x)), 1e-8));
  CHECK(cosine_of_turn(0) == q32_one);
}

TEST_CASE("normal deviates have the moments and tails of the normal distribution") {
  constexpr int n = 200'000;
  double sum = 0, squares = 0, fourth = 0;
  int beyond_two = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Draw random = draw(7, 1, Purpose::effect, i);
    const double z = to_double(normal_q32(random.first, random.second));
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
    beyond_two += std::abs(z) > 2;
  }
  // Five standard errors of each statistic.
  CHECK_THAT(sum / n, WithinAbs(0, 5 / std::sqrt(n)));
  CHECK_THAT(squares / n, WithinAbs(1, 5 * std::sqrt(2.0 / n)));
  CHECK_THAT(fourth / n, WithinAbs(3, 5 * std::sqrt(96.0 / n)));
  CHECK_THAT(static_cast<double>(beyond_two) / n, WithinAbs(0.0455003, 5 * std::sqrt(0.0434 / n)));
}

TEST_CASE("Philox gives the published words") {
  // Random123's known-answer test for philox4x32-10 with counter and key zero.
  const Draw zero = draw(0, 0, Purpose::arrival, 0);
  CHECK(zero.first == 0xe169c58d6627e8d5);
  CHECK(zero.second == 0x9b00dbd8bc57ac4c);
}

}  // namespace
}  // namespace cacherace
