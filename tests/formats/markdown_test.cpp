#include "sim/report/markdown/markdown.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>
#include <vector>

#include "sim/report/escape.hpp"
#include "tests/formats/nasty.hpp"

namespace cacherace::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Lines outside of fenced blocks; fails when a block is not closed.
std::vector<std::string> prose_of(const std::string& text) {
  std::vector<std::string> prose;
  std::string fence;
  for (const auto& line : lines_of(text)) {
    const auto ticks = std::min(line.find_first_not_of('`'), line.size());
    if (fence.empty() && ticks >= 3)
      fence = line.substr(0, ticks);
    else if (!fence.empty() && line == fence)
      fence.clear();
    else if (fence.empty())
      prose.push_back(line);
  }
  CHECK(fence.empty());
  return prose;
}

std::size_t cells_in(const std::string& line) {
  std::size_t bars = 0;
  for (std::size_t i = 0; i < line.size(); ++i)
    bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
  return bars - 1;
}

TEST_CASE("text cannot become Markdown") {
  CHECK(markdown_text("a|b `c` <d> *e* [f](g) ~h~ $i$ \\") ==
        "a\\|b \\`c\\` &lt;d> \\*e\\* \\[f\\](g) \\~h\\~ \\$i\\$ \\\\");
  CHECK(markdown_text("@me &amp; #1") == "&#64;me &amp;amp; &#35;1");
  CHECK(markdown_text("hit_ratio _x_") == "hit_ratio \\_x\\_");
  CHECK(markdown_text("a\nb") == "a\\\\x0ab");
  CHECK(markdown_text("1. x") == "1\\. x");
  CHECK(markdown_text("12) x") == "12\\) x");
  CHECK(markdown_text("98.83 %") == "98.83 %");
  CHECK(markdown_text("- x") == "\\- x");
  CHECK(markdown_text("> x") == "\\> x");
  CHECK(markdown_text("a < b, c <= d <e") == "a < b, c <= d &lt;e");
  CHECK(markdown_text("").empty());
}

TEST_CASE("a block is fenced with more backticks than are in it") {
  CHECK(markdown_block("x\n") == "```text\nx\n```\n");
  CHECK(markdown_block("``` ````") == "`````text\n``` ````\n`````\n");
}

TEST_CASE("shell words are quoted") {
  CHECK(quoted_for_shell("ttl-60s") == "ttl-60s");
  CHECK(quoted_for_shell("ttl 60s") == "'ttl 60s'");
  CHECK(quoted_for_shell("it's") == "'it'\\''s'");
  CHECK(quoted_for_shell("") == "''");
}

TEST_CASE("whatever names are in it, tables keep their columns and no HTML comes through") {
  for (const auto& result : {nasty_search(), nasty_run(), nasty_comparisons()}) {
    std::size_t columns = 0;
    for (const auto& line : prose_of(to_markdown(result))) {
      CAPTURE(line);
      for (std::size_t at = line.find('<'); at != std::string::npos; at = line.find('<', at + 1))
        CHECK((line.starts_with("<details><summary>") || line == "</details>" ||
               line[at + 1] == ' ' || line[at + 1] == '='));
      if (!line.starts_with("|")) {
        columns = 0;
        continue;
      }
      if (columns == 0) columns = cells_in(line);
      CHECK(cells_in(line) == columns);
    }
  }
}

TEST_CASE("Markdown has the answer before the details, and how to replay") {
  const std::string text = to_markdown(nasty_search());
  std::size_t before = 0;
  for (const char* heading : {"# ", "## The answer\n", "## Verdicts\n", "## How it goes wrong\n",
                              "Replay it:\n", "## Expectations\n", "## Notes\n"}) {
    const auto at = text.find(heading, before);
    CAPTURE(heading);
    REQUIRE(at != std::string::npos);
    before = at;
  }
  CHECK(text.find("**1 of 3 expectations not met, 1 undecided.**") != std::string::npos);
  CHECK(text.find("- **other** violates `no-stale-residue`\n") != std::string::npos);
  CHECK(text.find("proven, 62.0304 s") != std::string::npos);
  CHECK(text.find("clean so far, unbounded") != std::string::npos);
  CHECK(text.find("The same 3 steps as under") != std::string::npos);
  CHECK(to_markdown(nasty_run()).find("**Incomplete: interrupted before the end.**") !=
        std::string::npos);
}

}  // namespace
}  // namespace cacherace::report
