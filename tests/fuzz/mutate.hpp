#pragma once
// Inputs that are nearly right.

#include <string>

#include "sim/core/stream.hpp"

namespace cacherace::fuzz {

/// A changed copy of `text`: as JSON, if it is any, or byte by byte. Parts of `other` may get into
/// it. The same for the same words.
std::string mutated(const std::string& text, const std::string& other, Words& words);

}  // namespace cacherace::fuzz
