#pragma once
// The manual page.

#include <string>
#include <vector>

#include "sim/cli/manual/page.hpp"

namespace cacherace::cli {

/// roff with the man macros, for `man -l`. `pages` starts with that of the program.
std::string manual(const std::vector<CommandPage>& pages);

}  // namespace cacherace::cli
