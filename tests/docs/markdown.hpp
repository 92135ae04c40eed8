#pragma once
// What the tests of the documentation look at in a Markdown page.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::docs {

/// The page docs/`name`. Aborts the test when there is none.
std::string page(std::string_view name);

/// The pages of docs/ with its folders, and README.md if there is one.
std::vector<std::filesystem::path> all_pages();

/// The cells of the line `| a | b |`, without the blanks around them; none for another line. A bar
/// within backticks does not part cells.
std::vector<std::string> cells(std::string_view line);

std::vector<std::string> lines(std::string_view text);

/// What stands between backticks, if the whole of `cell` does; else "".
std::string code(std::string_view cell);

/// The lines from the heading `## title` to the next one of its kind.
std::string section(std::string_view text, std::string_view title);

/// The contents of the fenced blocks that open with ``` and `info`.
std::vector<std::string> blocks(std::string_view text, std::string_view info);

/// The targets of the links `[text](target)` and the files of pictures, outside fenced blocks.
std::vector<std::string> links(std::string_view text);

/// The anchors of the headings, as `#when-things-take-effect`.
std::vector<std::string> anchors(std::string_view text);

}  // namespace cacherace::docs
