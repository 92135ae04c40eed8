// A tree that takes equal stacks for one must show what re-execution shows.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/script/interleavings.hpp"
#include "tests/script/loaded.hpp"
#include "tests/script/random_script.hpp"

namespace cacherace::test {
namespace {

struct Tally {
  std::size_t scripts = 0, whole = 0, states_with = 0, states_without = 0, smaller = 0;
};

void compare(std::uint64_t seed, Tally& tally) {
  const std::string text = random_script(seed);
  INFO("seed " << seed << "\n" << text);
  const auto program = load(text);
  REQUIRE(program.has_value());
  const Clients clients{.readers = 1 + static_cast<int>(seed % 2),
                        .writer = seed % 3 != 0,
                        .requests_max = 6,
                        .lost_max = seed % 5 == 0 ? 1 : 0,
                        .states_max = 1500};
  const auto with = outcomes(*program, clients, true);
  const auto without = outcomes(*program, clients, false);
  ++tally.scripts;
  tally.states_with += with.nodes;
  tally.states_without += without.nodes;
  tally.smaller += with.nodes < without.nodes;
  if (with.cut || without.cut) return;
  ++tally.whole;
  CHECK(with.all == without.all);
}

TEST_CASE("random scripts reach the same with and without merging") {
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) compare(seed, tally);
  CHECK(tally.whole > 75);
  CHECK(tally.smaller > 20);
}

// By hand: SCRIPTS_FROM=1000 SCRIPTS=5000 test_script "[many]"
TEST_CASE("many random scripts reach the same with and without merging", "[.many]") {
  const auto number = [](const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);  // tidy: chosen by hand
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  };
  Tally tally;
  const auto from = number("SCRIPTS_FROM", 1000), count = number("SCRIPTS", 1000);
  for (std::uint64_t seed = from; seed < from + count; ++seed) compare(seed, tally);
  std::cout << tally.scripts << " scripts, " << tally.whole << " of them completely, nodes "
            << tally.states_with << " with and " << tally.states_without
            << " without merging; fewer in " << tally.smaller << "\n";
}

}  // namespace
}  // namespace cacherace::test
