// The tidy rules hold for every source of the project.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <iostream>
#include <string>

#include "tests/tidy/project.hpp"
#include "tests/tidy/rules.hpp"

namespace cacherace::tidy {

TEST_CASE("every source of the project is tidy") {
  const auto sources = sources_of_the_project();
  for (const auto* seen : {"sim/core/units.hpp", "sim/core/CMakeLists.txt", "tests/tidy/rules.cpp",
                           "docs/properties.md", "README.md"})
    REQUIRE(std::ranges::find(sources, seen, &Source::path) != sources.end());

  std::string all;
  for (const auto& remark : all_remarks(sources)) all += remark + "\n";
  std::cout << all;  // not INFO, which breaks the lines
  CHECK(all.empty());
}

}  // namespace cacherace::tidy
