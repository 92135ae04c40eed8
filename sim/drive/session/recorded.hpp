#pragma once
// From what requests do alone to a model of them: a script and a scenario to search.

#include <string>

#include "sim/drive/drive_file.hpp"
#include "sim/drive/session/drive_result.hpp"

namespace cacherace::drive {

struct Model {
  std::string script;    // Lua
  std::string scenario;  // JSON, which names the script as "app.lua"
};

/// A first draft, from the profiles of the result: each request is a function that does what was
/// seen, with an empty cache and with a filled one. Where a command says too little, as EVAL does,
/// the function ends in an error that says what is to be filled in.
Model to_model(const DriveResult& result, const DriveFile& file);

}  // namespace cacherace::drive
