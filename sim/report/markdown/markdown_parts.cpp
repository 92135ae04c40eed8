#include "sim/report/markdown/markdown_parts.hpp"

#include <fmt/format.h>

#include "sim/report/escape.hpp"

namespace cacherace::report {
namespace {

std::string line(const MarkdownRow& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

}  // namespace

std::string markdown_table(const MarkdownRow& header, const std::vector<MarkdownRow>& rows,
                           bool numbers) {
  MarkdownRow rule(header.size(), numbers ? "---:" : "---");
  rule.front() = "---";
  std::string text = line(header) + line(rule);
  for (const auto& row : rows) text += line(row);
  return text;
}

std::string markdown_code(std::string_view name) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  const bool is_plain = !name.empty() && name.find_first_not_of(plain) == name.npos;
  return is_plain ? fmt::format("`{}`", name) : markdown_text(std::string(name));
}

std::string markdown_folded(const std::string& summary, const std::string& content) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", summary, content);
}

}  // namespace cacherace::report
