#include "tests/tidy/project.hpp"

#include <algorithm>
#include <filesystem>

#include "tests/support/root.hpp"

namespace cacherace::tidy {

std::vector<Source> sources_of_the_project() {
  namespace fs = std::filesystem;
  const fs::path root = test::root();
  std::vector<Source> sources;
  for (const auto* page : {"README.md", "CONTRIBUTING.md"})
    sources.push_back({.path = page, .text = test::content_of(page)});
  for (const auto* top : {"sim", "tests", "docs"}) {
    const fs::recursive_directory_iterator end;
    for (fs::recursive_directory_iterator at(root / top); at != end; ++at) {
      const auto name = at->path().filename().string();
      if (at->is_directory() && (name.starts_with("build") || name.starts_with(".")))
        at.disable_recursion_pending();
      Source source{.path = fs::relative(at->path(), root).generic_string(), .text = ""};
      const bool page = is_markdown(source) && source.path.starts_with("docs/");
      if (!at->is_regular_file() || !(is_cpp(source) || is_cmake(source) || page)) continue;
      source.text = test::content_of(source.path);
      sources.push_back(std::move(source));
    }
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

}  // namespace cacherace::tidy
