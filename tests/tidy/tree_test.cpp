// The tidy rules hold for every source of the project.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/root.hpp"
#include "tests/tidy/rules.hpp"

namespace cacherace::tidy {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The C++ and CMake sources under sim/ and tests/, and the pages that users read, by path; build
/// folders and hidden ones left out.
std::vector<Source> sources_of_the_project() {
  namespace fs = std::filesystem;
  const fs::path root = test::root();
  std::vector<Source> sources{{.path = "README.md", .text = content_of(root / "README.md")}};
  for (const auto* top : {"sim", "tests", "docs"}) {
    const fs::recursive_directory_iterator end;
    for (fs::recursive_directory_iterator at(root / top); at != end; ++at) {
      const auto name = at->path().filename().string();
      if (at->is_directory() && (name.starts_with("build") || name.starts_with(".")))
        at.disable_recursion_pending();
      Source source{.path = fs::relative(at->path(), root).generic_string(), .text = ""};
      const bool page = is_markdown(source) && source.path.starts_with("docs/");
      if (!at->is_regular_file() || !(is_cpp(source) || is_cmake(source) || page)) continue;
      source.text = content_of(at->path());
      sources.push_back(std::move(source));
    }
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

}  // namespace

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
