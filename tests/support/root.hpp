#pragma once
// Where this checkout is, and what is in its files.

#include <filesystem>
#include <string>

namespace cacherace::test {

/// The root of the checkout that the tests were built from.
std::filesystem::path root();

/// All of a file, of which the path is one from the root. Fails the test when it cannot be read.
std::string content_of(const std::filesystem::path& path);

}  // namespace cacherace::test
