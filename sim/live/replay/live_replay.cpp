#include "sim/live/replay/live_replay.hpp"

#include <fmt/format.h>

#include <utility>

#include "sim/core/utf8.hpp"
#include "sim/live/replay/live_start.hpp"

namespace cacherace::live {
namespace {

std::string shown_reply(const PostgresReply& reply) {
  if (!reply.error.empty()) return "ERROR: " + printable(reply.error);
  if (reply.rows.empty()) return reply.tag.starts_with("SELECT") ? "(0 rows)" : reply.tag;
  return "version " + printable(reply.rows[0].at(0).value_or("null"));
}

std::string shown_reply(const RedisReply& reply) { return to_text(reply); }

class Driver {
 public:
  Driver(const LiveRace& race, LiveServers& servers, const std::vector<RealCommand>& table)
      : race_(race), servers_(servers), table_(table) {}

  Result<LiveReplay> run(const std::vector<LiveStep>& steps) {
    out_.servers = servers_.name();
    auto begun = start(race_, steps, servers_);
    if (!begun) return begun.error();
    out_.begins = *std::move(begun);
    for (const LiveStep& step : steps) {
      const auto result = perform(step);
      if (!result) return result.error();
      if (*result == step.result) continue;
      out_.diverged = out_.steps.size();
      out_.says = fmt::format("expected \"{2}\" of {0} {1}, not \"{3}\"", printable(step.client),
                              named(step), printable(step.result), printable(*result));
      return std::move(out_);
    }
    auto end = end_of(race_, steps, servers_, versions_);
    if (!end) return end.error();
    out_.says = difference(race_, *end);
    out_.cache_end = std::move(end->cache);
    out_.database_end = std::move(end->database);
    return std::move(out_);
  }

 private:
  static std::string named(const LiveStep& step) {
    return printable(step.entry.empty() ? step.effect : step.effect + " " + step.entry);
  }

  // The step's result in words of the file.
  Result<std::string> perform(const LiveStep& step) {
    PerformedStep& done = out_.steps.emplace_back();
    if (step.effect == "crash") {
      servers_.close(step.client);
      versions_.crashed(step.client);
      done.note = "its connections are closed";
      return step.result;
    }
    if (!step.is_sent) {
      done.note = "not sent";
      return step.result;
    }
    const RealCommand* row = find_command(table_, step);
    if (row == nullptr) {
      done.note = "no command";
      return std::string("no command");
    }
    if (row->server == Server::none) {
      done.note = "the client's own";
      return step.result;
    }
    const Filled filled = fill(*row, step);
    if (row->kind == EffectKind::cache_del_listed && step.names("keys").empty()) {
      done.note = "not sent: nothing was listed";
      return std::string("deleted 0");
    }
    done.command = filled.shown;
    RealReply reply;
    return row->server == Server::redis ? ask_redis(*row, step, filled, reply, done)
                                        : ask_postgres(*row, step, filled, reply, done);
  }

  Result<std::string> ask_redis(const RealCommand& row, const LiveStep& step, const Filled& filled,
                                RealReply& reply, PerformedStep& done) {
    const auto connection = servers_.redis_of(step.client);
    if (!connection) return connection.error();
    auto asked = row.kind == EffectKind::cache_scan ? scan(**connection, filled.words)
                                                    : (*connection)->ask(filled.words);
    if (!asked) return asked.error();
    reply.redis = *std::move(asked);
    done.reply = shown_reply(reply.redis);
    if (reply.redis.kind == RedisReply::Kind::error) return "error " + reply.redis.text;
    return row.read(reply, step);
  }

  // To the end: pages of a real server are other ones than those of the race, and the step looks at
  // its own keys among them.
  static Result<RedisReply> scan(RedisConnection& connection, std::vector<std::string> words) {
    RedisReply all{.kind = RedisReply::Kind::list};
    do {
      auto page = connection.ask(words);
      if (!page) return page.error();
      if (page->list.size() != 2) return *page;
      words.at(1) = page->list[0].text;
      for (auto& key : page->list[1].list) all.list.push_back(std::move(key));
    } while (words.at(1) != "0");
    return all;
  }

  Result<std::string> ask_postgres(const RealCommand& row, const LiveStep& step,
                                   const Filled& filled, RealReply& reply, PerformedStep& done) {
    const auto connection = servers_.postgres_of(step.client);
    if (!connection) return connection.error();
    auto asked = (*connection)->ask(filled.words.at(0));
    if (!asked) return asked.error();
    reply.postgres = *std::move(asked);
    done.reply = shown_reply(reply.postgres);
    if (!reply.postgres.error.empty()) return "error " + reply.postgres.error;
    if (row.kind == EffectKind::db_commit) versions_.committed(step.client);
    if (!reply.postgres.rows.empty() && !reply.postgres.rows[0].empty()) {
      auto& version = reply.postgres.rows[0][0];
      const std::string real = version.value_or("");
      version = row.kind == EffectKind::db_read ? versions_.name_of(step.arg("row"), real)
                                                : versions_.wrote(step, real);
    }
    return row.read(reply, step);
  }

  const LiveRace& race_;
  LiveServers& servers_;
  const std::vector<RealCommand>& table_;
  RowVersions versions_;
  LiveReplay out_;
};

}  // namespace

Result<LiveReplay> replay_live(const LiveRace& race, const Where& where,
                               const std::vector<RealCommand>& table) {
  const auto steps = live_steps(race);
  if (!steps) return steps.error();
  auto servers = LiveServers::open(where);
  if (!servers) return servers.error();
  auto replayed = Driver(race, **servers, table).run(*steps);
  const auto cleaned = (*servers)->clean_up();
  if (replayed && !cleaned) return cleaned.error();
  return replayed;
}

}  // namespace cacherace::live
