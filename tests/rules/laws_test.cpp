#include "tests/rules/laws.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::rules {
namespace {

void check(Law law, std::uint64_t count, std::uint64_t first = 0) {
  std::uint64_t judged = 0;
  for (auto number = first; number < first + count; ++number) {
    const auto obeyed = obeys(law, number);
    if (!obeyed.says_nothing) ++judged;
    INFO(name(law) << ", race " << number << ":\n" << obeyed.broken);
    REQUIRE(obeyed.broken.empty());
  }
  CHECK(judged >= count / 5);
}

TEST_CASE("wider bounds mend nothing, and no worst case gets smaller") {
  check(Law::wider, 8, 100);
}
TEST_CASE("with all times doubled, worst cases double and verdicts stay") {
  check(Law::doubled, 8, 100);
}
TEST_CASE("what latencies allow, unbounded timing allows") { check(Law::contained, 8, 100); }
TEST_CASE("one fault more mends nothing") { check(Law::one_fault_more, 20, 100); }
TEST_CASE("names of rows and clients change nothing") { check(Law::renamed, 25); }
TEST_CASE("the order of clients changes nothing within a process") { check(Law::permuted, 25); }
TEST_CASE("one reader more mends nothing") { check(Law::one_reader_more, 25); }
TEST_CASE("states, symmetry and plain enumeration agree on every feature") {
  check(Law::reductions, 25);
}
TEST_CASE("what violates in whole violates when it is shrunk") { check(Law::shrunk, 25); }
TEST_CASE("threads change no byte of a result") { check(Law::jobs, 25); }

}  // namespace
}  // namespace cacherace::rules
