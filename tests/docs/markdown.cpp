#include "tests/docs/markdown.hpp"
#include "tests/support/root.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace cacherace::docs {

namespace fs = std::filesystem;

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string without_blocks(std::string_view text) {
  std::string kept;
  bool inside = false;
  for (const auto& line : lines(text)) {
    const bool fence = line.starts_with("```");
    if (!inside && !fence) kept += line + "\n";
    inside ^= fence;
  }
  return kept;
}

}  // namespace

std::string page(std::string_view name) { return test::content_of(fs::path("docs") / name); }

std::vector<fs::path> all_pages() {
  const fs::path root = test::root();
  std::vector<fs::path> pages;
  const auto add = [&](const fs::path& path) {
    if (path.extension() == ".md") pages.push_back(path);
  };
  for (const auto& entry : fs::directory_iterator(root)) add(entry.path());
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) add(entry.path());
  std::ranges::sort(pages);
  return pages;
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::vector<std::string> cells(std::string_view line) {
  if (!line.starts_with('|') || !line.ends_with('|')) return {};
  std::vector<std::string> out;
  bool in_code = false;
  std::string cell;
  for (const char c : line.substr(1)) {
    in_code ^= c == '`';
    if (c != '|' || in_code) {
      cell += c;
      continue;
    }
    out.emplace_back(trimmed(cell));
    cell.clear();
  }
  return out;
}

std::string code(std::string_view cell) {
  const bool whole =
      cell.size() > 2 && cell.starts_with('`') && cell.find('`', 1) == cell.size() - 1;
  return whole ? std::string(cell.substr(1, cell.size() - 2)) : "";
}

std::string section(std::string_view text, std::string_view title) {
  std::string out;
  bool inside = false;
  INFO("the section \"" << title << "\"");
  for (const auto& line : lines(text)) {
    if (line.starts_with("## ")) inside = line.substr(3) == title;
    if (inside) out += line + "\n";
  }
  REQUIRE_FALSE(out.empty());
  return out;
}

std::vector<std::string> blocks(std::string_view text, std::string_view info) {
  std::vector<std::string> out;
  bool inside = false;
  for (const auto& line : lines(text)) {
    if (line.starts_with("```")) {
      inside = line.substr(3) == info;
      if (inside) out.emplace_back();
    } else if (inside) {
      out.back() += line + "\n";
    }
  }
  return out;
}

std::vector<std::string> links(std::string_view text) {
  std::vector<std::string> out;
  const std::string prose = without_blocks(text);
  const auto collect = [&](const std::string& before, char after) {
    for (auto at = prose.find(before); at != prose.npos; at = prose.find(before, at + 1)) {
      const auto start = at + before.size();
      const auto end = prose.find(after, start);
      if (end != prose.npos) out.push_back(prose.substr(start, end - start));
    }
  };
  collect("](", ')');
  collect(" src=\"", '"');
  collect(" srcset=\"", '"');
  return out;
}

std::vector<std::string> anchors(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& line : lines(without_blocks(text))) {
    if (!line.starts_with('#')) continue;
    std::string anchor = "#";
    for (const char c : trimmed(std::string_view(line).substr(line.find_first_not_of('#')))) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (letter) anchor += c;
      if (c >= 'A' && c <= 'Z') anchor += static_cast<char>(c - 'A' + 'a');
      if (c == ' ') anchor += '-';
    }
    out.push_back(anchor);
  }
  return out;
}

}  // namespace cacherace::docs
