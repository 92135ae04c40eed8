#pragma once
// Pieces of Markdown.

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

using MarkdownRow = std::vector<std::string>;

/// Cells are Markdown already. The first column is of words, the others of numbers when `numbers`.
std::string markdown_table(const MarkdownRow& header, const std::vector<MarkdownRow>& rows,
                           bool numbers);

/// Names of the vocabulary as code; others, which a file may bring along, as text.
std::string markdown_code(std::string_view name);

/// `content` below `summary`, which one opens.
std::string markdown_folded(const std::string& summary, const std::string& content);

/// The curves of a sweep: a table for each strategy, knees marked.
std::string markdown_sweep(const Result& result);

}  // namespace cacherace::report
