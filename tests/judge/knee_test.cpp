// Knees of curves.

#include "sim/judge/statistics/knee.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace cacherace::judge {
namespace {

std::optional<std::size_t> of(const std::vector<double>& curve, double margin = 0) {
  return knee(curve, std::vector<double>(curve.size(), margin));
}

}  // namespace

TEST_CASE("a curve turns where it is farthest from the line between its ends") {
  CHECK(of({0, 8, 9, 9.5, 10}) == 1);
  CHECK(of({10, 2, 1, 0.5, 0}) == 1);  // falling
  CHECK(of({0, 0.5, 1, 2, 10}) == 3);  // rising late
  CHECK(of({0, 25, 45, 67, 83, 98, 98, 98}) == 5);
}

TEST_CASE("a line, a flat curve, noise and three points have no knee") {
  CHECK_FALSE(of({0, 1, 2, 3, 4, 5}));
  CHECK_FALSE(of({7, 7, 7, 7, 7}));
  CHECK_FALSE(of({0, 1.2, 2.1, 2.9, 4}));   // within 15 % of the range
  CHECK_FALSE(of({0, 8, 9, 9.5, 10}, 20));  // within the margins
  CHECK_FALSE(of({0, 9, 10}));
  CHECK_FALSE(of({}));
}

}  // namespace cacherace::judge
