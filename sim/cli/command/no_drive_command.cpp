// In builds without what talks to real servers.

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"

namespace cacherace::cli {
namespace {

constexpr const char* why =
    "driving an application is not supported by this build, which has no libraries for Redis and "
    "PostgreSQL; build with CACHERACE_LIVE=ON";

}  // namespace

void add_drive(CommandLine& line) {
  const auto file = std::make_shared<std::string>();
  auto drive =
      line.add("drive", "Search the orders of a real application's commands (not in this build)",
               [] { return fail(why); });
  drive.argument("FILE", *file, "what to start, and which requests to send",
                 Command::Need::optional);
}

bool is_of_application(const std::string& text) {
  return text.find("\"from\": \"drive\"") != std::string::npos;
}

int replay_driven(const std::string&, const std::string&, const Output&) { return fail(why); }

}  // namespace cacherace::cli
