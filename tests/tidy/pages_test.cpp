// What the pages and the comments say about the tree itself is so.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/root.hpp"
#include "tests/tidy/layer_picture.hpp"
#include "tests/tidy/project.hpp"
#include "tests/tidy/source.hpp"

namespace cacherace::tidy {

namespace {

bool is_path_character(char c) { return is_word_character(c) || c == '/' || c == '.' || c == '-'; }

/// The runs of characters that a path may have, without a full stop at the end. What an
/// ellipsis ends, or begins, is left out: it stands for several files.
std::vector<std::string_view> possible_paths(std::string_view text) {
  std::vector<std::string_view> paths;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t start = at;
    while (at < text.size() && is_path_character(text[at])) ++at;
    auto path = text.substr(start, at - start);
    while (path.ends_with(".") || path.ends_with("/")) path.remove_suffix(1);
    const bool several = text.substr(at).starts_with("…") || path.starts_with(".");
    if (!path.empty() && !several) paths.push_back(path);
  }
  return paths;
}

bool names_source(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp");
}

/// A source, a page or a script, by its path from the root.
bool is_path_from_root(std::string_view path) {
  if (path.starts_with("tools/")) return true;
  const bool top = path.starts_with("sim/") || path.starts_with("tests/") ||
                   path.starts_with("docs/") || path.starts_with("cmake/");
  return top && (names_source(path) || path.ends_with(".md") || path.ends_with(".cmake"));
}

}  // namespace

TEST_CASE("the pictures of layers in docs/design.md are what tools/tables writes") {
  const std::string page = test::content_of("docs/design.md");
  CHECK(page.find("\n```text layers\n" + layer_picture("") + "```\n") != page.npos);
  CHECK(page.find("\n```text rooms of harness\n" + layer_picture("harness") + "```\n") !=
        page.npos);
}

TEST_CASE("the picture has an x below each layer that may be included") {
  CHECK(layer_picture("judge") ==
        "property\n"
        "         statistics\n"
        "         x          metric\n");
  CHECK(layer_picture("").starts_with(
      "core\nx    json\nx         script\nx    x    x      scenario\n"));
  CHECK(layer_picture("core").empty());
}

TEST_CASE("the files that pages and comments name are there") {
  const auto sources = sources_of_the_project();
  std::set<std::string_view> names;
  for (const Source& source : sources)
    names.insert(std::string_view(source.path).substr(source.path.rfind('/') + 1));
  std::size_t in_pages = 0, in_comments = 0;
  for (const Source& source : sources) {
    if (is_cmake(source)) continue;
    const bool page = is_markdown(source);
    const std::string text = page ? source.text : blank(source.text, Blank::literals);
    for (const auto& [number, line] : lines_of(text)) {
      if (trimmed(line).starts_with("#include")) continue;
      for (const auto path : possible_paths(line)) {
        CAPTURE(source.path, number, path);
        const bool from_root = is_path_from_root(path);
        const bool name_only = page && names_source(path) && path.find('/') == path.npos;
        if (!from_root && !name_only) continue;
        CHECK((from_root ? std::filesystem::exists(test::root() / path) : names.contains(path)));
        ++(page ? in_pages : in_comments);
      }
    }
  }
  CHECK(in_pages > 100);
  CHECK(in_comments > 10);
}

}  // namespace cacherace::tidy
