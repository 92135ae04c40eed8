#include "sim/core/digest.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace {
namespace {

Digest of(std::initializer_list<std::uint64_t> values) {
  Digest digest;
  for (const auto value : values) digest.add(value);
  return digest;
}

TEST_CASE("a digest depends on every value and on their order") {
  CHECK(of({1, 2, 3}).value() == of({1, 2, 3}).value());
  CHECK(of({1, 2, 3}).value() != of({1, 3, 2}).value());
  CHECK(of({1, 2, 3}).value() != of({1, 2}).value());
  CHECK(of({0}).value() != of({}).value());
  CHECK(of({0, 0}).value() != of({0}).value());
}

TEST_CASE("texts that run together have different digests") {
  Digest a, b;
  a.add(std::string_view("ab"));
  a.add(std::string_view("c"));
  b.add(std::string_view("a"));
  b.add(std::string_view("bc"));
  CHECK(a.value() != b.value());
}

TEST_CASE("a digest prints as sixteen hexadecimal digits, the same on every machine") {
  CHECK(of({1, 2, 3}).hex() == "d0734750fde362b3");
}

}  // namespace
}  // namespace cacherace
