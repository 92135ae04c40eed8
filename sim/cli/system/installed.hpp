#pragma once
// The files that are shipped together with the program.

#include <string>

namespace cacherace::cli {

/// Where a file of the repository is, "scenarios/cdc-lag.json", seen from this program: in
/// share/cacherace of its installation, or in the repository that it was built in. `path` itself
/// when it is in neither.
std::string shipped_file(const std::string& path);

}  // namespace cacherace::cli
