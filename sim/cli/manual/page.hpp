#pragma once
// What a command takes and says, as plain values: what completions and the manual are made of.

#include <string>
#include <vector>

namespace cacherace::cli {

struct OptionPage {
  std::vector<std::string> names;  // "-o", "--output"; or the one name of a word without a flag
  std::string type;                // "FILE", "N", "json|text"; "" for a flag alone
  std::vector<std::string> words;  // the only ones that are right; empty when there are others
  std::string help;
  bool positional = false;
  bool required = false;

  bool is_path() const {
    const auto& what = positional ? names.front() : type;
    return what == "FILE" || what == "FOLDER";
  }
};

struct CommandPage {
  std::string name;  // "" for the program itself
  std::string says;
  std::vector<OptionPage> options;
  std::vector<std::string> notes, examples;
  std::string exit_codes;
};

}  // namespace cacherace::cli
