#include "sim/live/replay/live_start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "sim/core/utf8.hpp"
#include "sim/live/replay/real_commands.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::live {
namespace {

// An aggregate is read from the row of another key.
std::set<std::string> aggregates(const std::vector<LiveStep>& steps) {
  std::set<std::string> found;
  for (const auto& step : steps)
    if (step.has("row") && step.arg("row") != step.entry) found.insert(step.entry);
  return found;
}

// The version of the group that keys are named after.
struct Group {
  std::string entry;    // "version:0"; "" where keys have no versions
  std::string version;  // "" when there is none at the start
};

// What a look at the group's version, or its next value, shows of the one before; "" for nothing.
std::string version_before(const LiveStep& step) {
  constexpr std::string_view shows = "version ";
  if (!step.is_sent || !step.result.starts_with(shows)) return "";
  const std::string shown = step.result.substr(shows.size());
  if (step.effect == "cache.get-version") return shown;
  if (step.effect != "cache.bump-version" || shown == step.arg("seed")) return "";
  std::uint64_t number = 0;
  std::from_chars(shown.data(), shown.data() + shown.size(), number);
  return std::to_string(number - 1);
}

// A warm entry has a version in its name. Where the version goes before any client sees it, one is
// as good as another.
Group group_at_start(const LiveRace& race, const std::vector<LiveStep>& steps) {
  Group group;
  bool is_gone = false;
  std::string seen;
  for (const auto& step : steps) {
    const bool is_about_it = step.entry.starts_with("version:");
    if (is_about_it && group.entry.empty()) group.entry = step.entry;
    if (is_about_it && !is_gone && seen.empty()) seen = version_before(step);
    is_gone = is_gone || (is_about_it && step.client == "fault") || step.effect == "cache.flush" ||
              step.effect == "cache.restart";
  }
  const bool is_warm =
      std::ranges::any_of(race.starts, [](const auto& start) { return start.second == "warm"; });
  if (is_warm && !group.entry.empty()) group.version = seen.empty() ? "1" : seen;
  return group;
}

std::vector<std::string> keys_of(const LiveRace& race) {
  std::vector<std::string> keys;
  for (const auto& [key, start] : race.starts) keys.push_back(key);
  return keys;
}

}  // namespace

Result<Named> start(const LiveRace& race, const std::vector<LiveStep>& steps,
                    LiveServers& servers) {
  Named done;
  const auto derived = aggregates(steps);
  const Group group = group_at_start(race, steps);
  const auto ask_redis = [&](const std::vector<std::string>& words) -> Result<void> {
    const auto reply = servers.redis().ask(words);
    if (!reply) return reply.error();
    if (reply->kind == RedisReply::Kind::error)
      return trouble("Redis refuses to store what the race starts with: " + to_text(*reply));
    done.emplace_back(printable(fmt::format("{}", fmt::join(words, " "))), to_text(*reply));
    return {};
  };
  std::set<std::string> rows;
  for (const auto& [key, how] : race.starts)
    if (how != "absent" && !derived.contains(key)) rows.insert(key);
  for (const auto& row : rows) {
    const std::string statement =
        fmt::format("INSERT INTO cacherace.rows VALUES ({}, 1)", quoted(row));
    const auto reply = servers.postgres().ask(statement);
    if (!reply) return reply.error();
    if (!reply->error.empty())
      return trouble("PostgreSQL refuses a row that the race starts with: " + reply->error);
    done.emplace_back(printable(statement), reply->tag);
  }
  if (!group.version.empty())
    if (auto stored = ask_redis({"SET", real_key(group.entry), group.version}); !stored)
      return stored.error();
  for (const auto& [key, how] : race.starts) {
    if (how != "warm") continue;
    const std::string entry = group.version.empty() ? key : key + "@" + group.version;
    if (auto stored = ask_redis({"SET", real_key(entry), "1"}); !stored) return stored.error();
  }
  return done;
}

Result<LiveEnd> end_of(const LiveRace& race, const std::vector<LiveStep>& steps,
                       LiveServers& servers, const RowVersions& versions) {
  LiveEnd end;
  std::string suffix;
  if (const Group group = group_at_start(race, steps); !group.entry.empty()) {
    const auto version = servers.redis().ask({"GET", real_key(group.entry)});
    if (!version) return version.error();
    suffix = "@" + (version->kind == RedisReply::Kind::text ? version->text : "0");
  }
  for (const auto& key : keys_of(race)) {
    const auto value = servers.redis().ask({"GET", real_key(key + suffix)});
    if (!value) return value.error();
    if (value->text.empty() || value->text[0] < '0' || value->text[0] > '9') continue;
    end.cache.emplace_back(key, "v" + value->text.substr(0, value->text.find(' ')));
  }
  std::set<std::string> touched;
  for (const auto& step : steps)
    if (step.has("row")) touched.insert(step.arg("row"));
  for (const auto& row : touched) {
    const auto reply = servers.postgres().ask(
        fmt::format("SELECT version FROM cacherace.rows WHERE name = {}", quoted(row)));
    if (!reply) return reply.error();
    if (!reply->rows.empty())
      end.database.emplace_back(row, "v" + versions.name_of(row, reply->rows[0][0].value_or("")));
  }
  return end;
}

std::string difference(const LiveRace& race, const LiveEnd& found) {
  const auto look_up = [](const Named& named, const std::string& key) -> std::string {
    const auto at = std::ranges::find(named, key, [](const auto& each) { return each.first; });
    return at == named.end() ? "nothing" : at->second;
  };
  for (const auto& [key, how] : race.starts)
    if (const auto real = look_up(found.cache, key), file = look_up(race.end.cache, key);
        real != file)
      return fmt::format("the cache ends with {} of {}, but the file says {}", real, printable(key),
                         file);
  for (const auto& [row, real] : found.database)
    if (const auto file = look_up(race.end.database, row); real != file)
      return fmt::format("the row {} ends as {}, but the file says {}", printable(row), real, file);
  return "";
}

}  // namespace cacherace::live
