#pragma once
// The files that were installed together with the program.

#include <string>

namespace cacherace::cli {

/// `path` itself, unless it is relative and nothing is there: then that file in share/cacherace of
/// the installation that this program belongs to, if it is there. So "scenarios/cdc-lag.json" means
/// a shipped scenario in any folder that has none of its own by that name.
std::string own_or_installed(const std::string& path);

}  // namespace cacherace::cli
