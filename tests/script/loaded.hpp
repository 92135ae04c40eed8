#pragma once
// Scripts in tests: from a text to a program.

#include <string>
#include <vector>

#include "sim/script/host.hpp"

namespace cacherace::test {

/// What a host of a test is told; rows are called k0, k1 and so on.
script::Environment outside();

/// The file cache.lua. Other files that it requires are in `more`.
Result<script::Program> load(const std::string& text, const std::vector<script::Source>& more = {});

/// Requires a script without a fault.
script::Program program_of(const std::string& text);

/// What a function that runs alone against a fake server comes to.
struct Alone {
  std::string returned;             // or "failed", or "error 7: what is wrong"
  std::string requests;             // each as it is shown, with ";" behind it
  std::string server;               // afterwards
  std::vector<std::string> notes;   //
  std::vector<std::string> broken;  // assertions
};
/// Calls `operation("k1")`. `lost`: which of its requests gets no answer, from 0.
Alone alone(const std::string& text, const std::string& operation = "read", int lost = -1);

/// `function read(key) BODY end`
std::string in_read(const std::string& body);

/// What `BODY` as the body of `read` returns.
std::string returns(const std::string& body);

}  // namespace cacherace::test
