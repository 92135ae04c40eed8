// Whatever is read, and however it is damaged, is read or refused with a place and a fact.

#include "tests/fuzz/readers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

#include "sim/core/utf8.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/seeds.hpp"
#include "tests/fuzz/wire.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::fuzz {
namespace {

// By hand: ROUNDS=100000 test_readers "a damaged script*"
int rounds_by_hand(int otherwise) {
  const char* text = std::getenv("ROUNDS");  // tidy: chosen by hand
  return text == nullptr ? otherwise : std::atoi(text);
}

// A crash cannot be reported by the test: then the program tests/fuzz/run finds what did it.
void check(const Reader& reader, const std::string& bytes) {
  const auto says = reader.read(bytes);
  if (!says.empty()) FAIL_CHECK(reader.name << ": " << says << "\n" << printable(bytes));
}

// `slow`: one reading takes as long as so many others.
void check_damaged(std::string_view name, int slow = 1) {
  const auto& reader = *find_reader(name);
  const auto seeds = seeds_for(name);
  REQUIRE(!seeds.empty());
  for (const auto& seed : seeds) check(reader, seed);
  Words words(20'261'130, 0, Purpose::schedule);
  const int rounds = rounds_by_hand((test::fast ? 3'000 : 150) / slow);
  for (int i = 0; i < rounds; ++i) {
    const auto& seed = seeds[words.below(seeds.size())];
    check(reader, mutated(seed, seeds[words.below(seeds.size())], words));
  }
}

TEST_CASE("a damaged scenario is read or refused") { check_damaged("scenario"); }

TEST_CASE("a damaged counterexample is read or refused") { check_damaged("counterexample"); }

TEST_CASE("a damaged result is read or refused") { check_damaged("result"); }

TEST_CASE("a damaged trace is read or refused, in each format") {
  for (const auto* name : {"trace_twitter", "trace_oracle", "trace_monitor", "trace_plain"})
    check_damaged(name);
}

TEST_CASE("a damaged argument is read or refused") { check_damaged("arguments"); }

TEST_CASE("a damaged script is run or refused") { check_damaged("script", 10); }

TEST_CASE("damaged bytes of a connection, and damaged statements, are read or refused") {
  for (const auto& reader : wire_readers()) check_damaged(reader.name);
}

TEST_CASE("there is a reader for each name, and seeds that it reads") {
  CHECK(readers().size() == 9 + wire_readers().size());
  CHECK(find_reader("nothing") == nullptr);
}

}  // namespace
}  // namespace cacherace::fuzz
