#pragma once
// The sources and the pages of this checkout.

#include <vector>

#include "tests/tidy/source.hpp"

namespace cacherace::tidy {

/// The C++ and CMake sources under sim/ and tests/, and the pages that users and newcomers read, by
/// path; build folders and hidden ones left out.
std::vector<Source> sources_of_the_project();

}  // namespace cacherace::tidy
