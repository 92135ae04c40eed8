// Plain English in what users read: phrases that have to be read twice, and what to write instead.

#include <array>
#include <cctype>
#include <utility>

#include "tests/tidy/rules.hpp"

namespace cacherace::tidy {
namespace {

struct Phrase {
  std::string_view banned, instead;  // in small letters
};

constexpr std::array phrases{
    Phrase{"all there is", "everything"},
    Phrase{"as it stands", "unchanged"},
    Phrase{"but for", "except"},
    Phrase{"by the way of", "by"},
    Phrase{"came to", "the result, or a verb of its own"},
    Phrase{"has to be", "must be"},
    Phrase{"have to be", "must be"},
    Phrase{"in the place of", "instead of"},
    Phrase{"in vain", "without success"},
    Phrase{"makes no sense", "the reason"},
    Phrase{"needed or not", "which may or may not be needed"},
    Phrase{"no regular file", "not a regular file"},
    Phrase{"of theirs", "their"},
    Phrase{"somebody", "another client, or who it is"},
    Phrase{"taken for each other", "interchangeable"},
    Phrase{"tell of", "report"},
    Phrase{"tells of", "reports"},
    Phrase{"told apart", "distinguished"},
    Phrase{"what there is", "everything"},
    Phrase{"whoever", "the client that"},
};

/// `text` in small letters with one blank for any white space, and where each character was.
std::pair<std::string, std::vector<std::size_t>> flattened(std::string_view text) {
  std::pair<std::string, std::vector<std::size_t>> flat;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (std::isspace(c) && flat.first.ends_with(' ')) continue;
    flat.first += std::isspace(c) ? ' ' : static_cast<char>(std::tolower(c));
    flat.second.push_back(at);
  }
  return flat;
}

bool is_whole(std::string_view text, std::size_t at, std::size_t size) {
  const auto end = at + size;
  return (at == 0 || !is_word_character(text[at - 1])) &&
         (end == text.size() || !is_word_character(text[end]));
}

/// Adds what is banned in `text`, whose first line is line `first` of the source.
void find_riddles(const Source& source, std::string_view text, std::size_t first,
                  Remarks& remarks) {
  const auto [flat, places] = flattened(text);
  for (const auto& [banned, instead] : phrases)
    for (auto at = flat.find(banned); at != flat.npos; at = flat.find(banned, at + 1)) {
      if (!is_whole(flat, at, banned.size())) continue;
      const auto before = lines_of(text.substr(0, places[at] + 1)).size() - 1;
      remarks.push_back(source.path + ":" + std::to_string(first + before) + ": \"" +
                        std::string(banned) + "\" is hard to read: write " + std::string(instead));
    }
}

}  // namespace

Remarks riddles(const Source& source) {
  Remarks remarks;
  if (is_markdown(source)) find_riddles(source, source.text, 1, remarks);
  if (!is_cpp(source) || !source.path.starts_with("sim/")) return remarks;
  for (const auto& [line, text] : literals_of(source.text))
    find_riddles(source, text, line, remarks);
  return remarks;
}

}  // namespace cacherace::tidy
