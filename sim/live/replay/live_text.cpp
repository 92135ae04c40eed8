#include "sim/live/replay/live_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/core/utf8.hpp"

namespace cacherace::live {
namespace {

std::string list_of(const std::vector<std::pair<std::string, std::string>>& named) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : named)
    parts.push_back(fmt::format("{} {}", printable(name), value == "v0" ? "no row" : value));
  return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string to_text(const LiveRace& race, const LiveReplay& replay) {
  std::string out = fmt::format("{}: {} against {}, on {}\n\n", printable(race.title),
                                printable(race.strategy), printable(race.property), replay.servers);
  std::size_t client_width = 5;
  for (const auto& step : race.steps) client_width = std::max(client_width, step.client.size());
  const std::string indent(client_width + 6, ' ');
  if (!replay.begins.empty()) out += fmt::format("{:>3}  start\n", "");
  for (const auto& [command, reply] : replay.begins)
    out += fmt::format("{}> {}\n{}  {}\n", indent, command, indent, reply);
  for (std::size_t i = 0; i < replay.steps.size(); ++i) {
    const auto& step = race.steps[i];
    const auto& done = replay.steps[i];
    out += fmt::format("{:>3}  {:<{}} {}: {}\n", i + 1, printable(step.client), client_width,
                       printable(step.effect), printable(step.result));
    if (done.command.empty())
      out += fmt::format("{}  ({})\n", indent, done.note);
    else
      out += fmt::format("{}> {}\n{}  {}\n", indent, done.command, indent, done.reply);
  }
  out += "\n";
  if (replay.diverged > 0)
    return out + fmt::format("diverged: step {}: {}\n", replay.diverged, replay.says);
  if (!replay.says.empty())
    return out + fmt::format("diverged: every reply is the file's, but {}\n", replay.says);
  return out + fmt::format(
                   "reproduced: every reply is the file's. The cache ends with {}, the database "
                   "with {}.\n{}\n",
                   list_of(replay.cache_end), list_of(replay.database_end), printable(race.says));
}

}  // namespace cacherace::live
