#pragma once
// Bad input is a value: a Result holds either what was asked for or everything that is wrong with
// the input.

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace cacherace {

/// One thing wrong with an input: where, what, and how to mend it.
struct Problem {
  enum class Kind { syntax, shape, meaning, file };

  Kind kind = Kind::shape;
  std::string file;
  std::size_t line = 0;    // from 1; 0 when the problem has no line
  std::size_t column = 0;  // from 1
  std::string pointer;     // JSON pointer, "" for the whole file
  std::string fact;
  std::string fix;                 // "" when the fact says it all
  std::vector<std::string> below;  // more lines: of a script, what called what

  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

/// `file:line:column pointer: fact; fix`, leaving out what is not known; on one line, printable.
std::string to_text(const Problem& problem);
/// The lines below, each indented and with its end; "" where there are none.
std::string text_below(const Problem& problem);

template <typename T>
using Result = boost::system::result<T, Problems>;

}  // namespace cacherace
