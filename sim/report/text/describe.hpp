#pragma once
// Explanations and lists as text for a terminal, broken at its width.

#include <cstddef>
#include <string>
#include <vector>

#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// Rows first, then lines; either may be empty.
struct Section {
  std::string heading;                         // "" for none
  std::vector<std::vector<std::string>> rows;  // the last cell of a row is broken into lines
  std::string lines;                           // stay as they are
};

/// Something that has a name.
struct Topic {
  std::string name;
  std::string kind;     // "choice of the slot write"
  std::string summary;  // a sentence
  std::vector<Section> sections;
};

std::string to_text(const std::vector<Section>& sections, const TextStyle& style);
std::string to_text(const Topic& topic, const TextStyle& style);

/// `text` in lines of at most `width` columns, broken at blanks; a longer word has a line of its
/// own. At least one line.
std::vector<std::string> broken(const std::string& text, std::size_t width);

}  // namespace cacherace::report
