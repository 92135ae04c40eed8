#include "tests/support/root.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

namespace cacherace::test {

// The only object of the tests that knows the path: all others are equal in every checkout.
std::filesystem::path root() { return CACHERACE_ROOT; }

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(root() / path, std::ios::binary);
  INFO(path << " cannot be read");
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace cacherace::test
