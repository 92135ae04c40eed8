#include "sim/report/text/describe.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "sim/core/utf8.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/text/table.hpp"

namespace cacherace::report {
namespace {

constexpr std::string_view indent = "  ";
constexpr std::size_t last_column_min = 30;

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, display_width(text)), ' ');
}

/// The widths of the columns, except each row's last.
std::vector<std::size_t> widths_of(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

std::string without_blanks_at_the_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

/// The last cell stands beside the others, or below them where that leaves it too little room.
std::string render(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  const auto widths = widths_of(rows);
  std::string text;
  for (const auto& row : rows) {
    if (row.empty()) continue;
    std::string line(indent);
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      line += padded(printable(row[i]), widths[i]) + std::string(indent);
    const bool below = display_width(line) + last_column_min > width && row.size() > 1;
    if (below) text += without_blanks_at_the_end(std::exchange(line, std::string(4, ' ')));
    const std::size_t start = display_width(line);
    const std::size_t room = std::max(width - std::min(width, start), last_column_min);
    for (const auto& part : broken(printable(row.back()), room)) {
      text += without_blanks_at_the_end(line + part);
      line = std::string(start, ' ');
    }
  }
  return text;
}

/// Lines that mark a window stand out.
std::string render(const std::string& lines, const TextStyle& style) {
  std::string text;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const auto mark = std::min(line.find("# window"), line.size());
    const std::string marked = line.substr(mark);
    text += without_blanks_at_the_end(
        std::string(indent) + printable(line.substr(0, mark)) +
        (marked.empty() ? marked : paint(printable(marked), Color::yellow, style)));
  }
  return text;
}

}  // namespace

std::vector<std::string> broken(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::istringstream stream(text);
  for (std::string word; stream >> word;) {
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (display_width(line) + 1 + display_width(word) <= width) {
      line += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string to_text(const std::vector<Section>& sections, const TextStyle& style) {
  std::string text;
  for (const Section& section : sections) {
    if (!text.empty()) text += "\n";
    if (!section.heading.empty()) text += paint(section.heading, Color::bold, style) + "\n";
    text += render(section.rows, style.width) + render(section.lines, style);
  }
  return text;
}

std::string to_text(const Topic& topic, const TextStyle& style) {
  std::string text = paint(printable(topic.name), Color::bold, style) + "  " +
                     paint(printable(topic.kind), Color::faint, style) + "\n";
  for (const auto& line : broken(printable(topic.summary), style.width)) text += line + "\n";
  return text + "\n" + to_text(topic.sections, style);
}

}  // namespace cacherace::report
