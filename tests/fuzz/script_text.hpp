#pragma once
// The reader of scripts.

#include <string>
#include <string_view>

namespace cacherace::fuzz {

/// Loads the text as a script, runs its operations with and without taking equal places for one,
/// and in traffic, and searches a small race of them. Whatever is wrong is said with the file.
std::string read_script(std::string_view bytes);

}  // namespace cacherace::fuzz
