#pragma once
// A verdict that the program told in JSON, for CHECK_VERDICT.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/support/verdict.hpp"

namespace cacherace::cli_test {

/// What `command`, a search or a fuzz, told of a property of the scenario `file` in `folder`.
struct Told {
  const Folder& folder;
  std::string command;
  std::string file;
  nlohmann::json property;
};

/// Fails the test for a word that is no verdict.
inline Verdict verdict_in(const Told& told) {
  const auto word = told.property.at("verdict").get<std::string>();
  for (const Verdict verdict :
       {Verdict::violated, Verdict::proven, Verdict::clean_so_far, Verdict::vacuous})
    if (name(verdict) == word) return verdict;
  FAIL("no verdict is called " << word);
  return {};
}

/// The story is what the command prints for people.
inline test::Evidence evidence_of(const Told& told) {
  const auto property = told.property.at("name").get<std::string>();
  return {.story = run(told.folder, {told.command, told.file, "--property", property}).out,
          .scenario = told.folder.read(told.file),
          .property = property,
          .saved = ""};
}

}  // namespace cacherace::cli_test
