#pragma once
// Scripts that let a shell complete the command line.

#include <string>
#include <vector>

#include "sim/cli/manual/page.hpp"

namespace cacherace::cli {

/// For one of "bash", "zsh" and "fish". `pages` starts with that of the program.
std::string completion_script(const std::string& shell, const std::vector<CommandPage>& pages);

}  // namespace cacherace::cli
