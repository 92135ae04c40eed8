#include "sim/cli/commands.hpp"
namespace cacherace::cli {
int replay_command(const ReplayArguments&) { return 2; }
}  // namespace cacherace::cli
