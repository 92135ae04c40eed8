#pragma once
// Plain-text tables whose columns line up, whatever letters are in them.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::report {

/// Columns that a text takes on a terminal: its Unicode code points. Malformed bytes count one
/// each.
std::size_t display_width(std::string_view text);

enum class Align { left, right };

/// Rows of cells; every row may be shorter than the widest one. Renders with two blanks between
/// columns, and no blank at a line's end.
class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  /// Cells are made printable.
  void add(std::vector<std::string> row);
  /// Each line starts with `indent` and ends with a newline.
  std::string render(std::string_view indent = "") const;
  std::vector<std::string> lines() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cacherace::report
