// Damaged text never crashes the loader; every problem says where and what.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/core/digest.hpp"
#include "sim/scenario/file/load.hpp"
#include "tests/scenario/full_example.hpp"

namespace cacherace::scenario {
namespace {

void check_loads_or_explains(const std::string& text) {
  const auto loaded = load(text, "x.json");
  if (loaded.has_value()) return;
  const auto explained = [](const Problem& problem) {
    return problem.line > 0 && problem.column > 0 && !problem.fact.empty();
  };
  const auto in_order = [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  };
  const Problems& problems = loaded.error();
  const bool good = !problems.empty() && std::all_of(problems.begin(), problems.end(), explained) &&
                    std::is_sorted(problems.begin(), problems.end(), in_order);
  if (!good) FAIL(text);
}

TEST_CASE("a file that ends too early is explained") {
  for (std::size_t length = 0; length < full_example.size(); ++length) {
    check_loads_or_explains(std::string(full_example.substr(0, length)));
  }
}

TEST_CASE("a file with damaged bytes is explained") {
  constexpr std::uint64_t seed = 20'240'601;
  constexpr std::string_view spices = "{}[]\",:/*\\-.0eE \n\t\x80\xff";
  Digest random;
  random.add(seed);
  const auto draw = [&](std::size_t below) {
    random.add(std::uint64_t{1});
    return static_cast<std::size_t>(random.value() % below);
  };
  for (int round = 0; round < 3000; ++round) {
    std::string text(full_example);
    for (std::size_t damages = 1 + draw(3); damages > 0; --damages) {
      const std::size_t at = draw(text.size());
      const char spice = draw(2) == 0 ? spices[draw(spices.size())] : static_cast<char>(draw(256));
      switch (draw(3)) {
        case 0:
          text[at] = spice;
          break;
        case 1:
          text.insert(at, 1, spice);
          break;
        default:
          text.erase(at, 1 + draw(10));
      }
    }
    check_loads_or_explains(text);
  }
}

}  // namespace
}  // namespace cacherace::scenario
