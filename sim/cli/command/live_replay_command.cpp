// What replay --live and describe --commands do.

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/live/replay/live_replay.hpp"
#include "sim/live/replay/live_text.hpp"

namespace cacherace::cli {

int replay_live(const report::Replay& replay, const RealServers& servers, const Output& output) {
  const auto race = live::live_race(replay);
  const auto replayed =
      live::replay_live(race, {.redis = servers.redis, .postgres = servers.postgres});
  if (!replayed) return fail(replayed.error());
  if (const auto delivered = deliver_text(live::to_text(race, *replayed), output); !delivered)
    return fail(delivered.error());
  return replayed->says.empty() ? exit_met : exit_diverged;
}

int print_real_commands() { return print(live::commands_text()); }

}  // namespace cacherace::cli
