#pragma once
// What is wrong with a user's script while it runs.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/result.hpp"

namespace cacherace::script {

/// The scenario's own fault, never ours. `what` is one line in plain words.
class ScriptError : public std::runtime_error {
 public:
  explicit ScriptError(const std::string& fact) : std::runtime_error(fact) {}
  ScriptError(std::string path_, std::uint32_t line_, const std::string& fact)
      : std::runtime_error(fact), path(std::move(path_)), line(line_) {}

  std::string path;                // of the file, as far as it is known
  std::uint32_t line = 0;          // from 1; 0 for none
  std::vector<std::string> stack;  // the user's own: "in read, cache.lua:7"
  std::string missing;             // a file that it requires and that nobody has read
};

/// As bad input: of `file`, where nothing better is known.
Problem problem_of(const ScriptError& error, const std::string& file = "the script");

}  // namespace cacherace::script
