// In builds without what talks to real servers.

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"

namespace cacherace::cli {
namespace {

constexpr const char* reason =
    "real servers are not supported by this build, which has no libraries for Redis and "
    "PostgreSQL; build with CACHERACE_LIVE=ON";

}  // namespace

int replay_live(const report::Replay&, const RealServers&, const Output&) { return fail(reason); }

int print_real_commands() { return fail(reason); }

}  // namespace cacherace::cli
