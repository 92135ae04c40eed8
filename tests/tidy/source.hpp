#pragma once
// A source file as the tidy rules see it: its lines, with or without comments and literals.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::tidy {

struct Source {
  std::string path;  // from the root of the project: "sim/core/units.hpp"
  std::string text;
};

bool is_cpp(const Source& source);
bool is_header(const Source& source);
bool is_cmake(const Source& source);
bool is_markdown(const Source& source);

/// The folder that a file is in, below sim/: `harness/trace` for `sim/harness/trace/traces.cpp`; of
/// a test with its top, `tests/rules/model`; "" for a file in no such folder. A view into `path`.
std::string_view layer_of(std::string_view path);

/// `harness` for `harness/trace`.
std::string_view first_folder(std::string_view layer);

struct Line {
  std::size_t number = 0;  // from 1
  std::string_view text;
};

/// The lines of `text`, as views into it.
std::vector<Line> lines_of(std::string_view text);
std::vector<Line> lines_of(std::string&& text) = delete;  // the views would dangle

enum class Blank { literals, comments_and_literals };

/// C++ text with literals, and comments if so asked, overwritten by blanks; lines and columns stay.
std::string blank(std::string_view text, Blank what);

/// A string literal of C++ text, without its quotes; adjacent ones are one.
struct Literal {
  std::size_t line = 0;  // from 1, where it begins
  std::string text;
};

std::vector<Literal> literals_of(std::string_view text);

bool is_word_character(char c);
std::string_view trimmed(std::string_view text);

/// A word of a line, with what stands around it (blanks next to it left out).
struct Word {
  std::string_view word, before, after;
};

/// The identifiers and numbers of a line, from left to right.
std::vector<Word> words_of(std::string_view line);

/// One `#include` of a file, `name` without its quotes or brackets.
struct Include {
  std::size_t line = 0;  // from 1
  std::string name;
  bool quoted = false;
};

std::vector<Include> includes_of(const Source& source);

}  // namespace cacherace::tidy
