#include "sim/drive/control/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "sim/core/utf8.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::drive {

using live::RedisReply;
using live::trouble;

namespace {

// Of a URL `scheme://[user[:password]@]host[:port][/rest]`: with another host and port, and what
// stood there.
struct Redirected {
  std::string url, server;
};
Result<Redirected> redirect(const std::string& url, int port, const std::string& usual_port) {
  const auto scheme = url.find("://");
  if (scheme == url.npos)
    return trouble(fmt::format("\"{}\" is no URL", printable(url)),
                   "write scheme://host:port/name, as the application is given it");
  const std::size_t begin = scheme + 3, end = std::min(url.find_first_of("/?", begin), url.size());
  const std::size_t at = url.substr(begin, end - begin).rfind('@');
  const std::size_t host = at == url.npos ? begin : begin + at + 1;
  std::string server = url.substr(host, end - host);
  if (server.empty()) server = "127.0.0.1";
  if (server.find(':') == server.npos) server += ":" + usual_port;
  return Redirected{fmt::format("{}127.0.0.1:{}{}", url.substr(0, host), port, url.substr(end)),
                    server};
}

Result<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return trouble(fmt::format("{} cannot be read", printable(path.string())));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Result<void> run_sql(live::PostgresConnection& connection, const std::string& sql,
                     const std::string& what) {
  const auto reply = connection.ask(sql);
  if (!reply) return reply.error();
  if (!reply->error.empty())
    return trouble(fmt::format("{} fails: {}", what, printable(reply->error)));
  return {};
}

}  // namespace

Result<std::unique_ptr<Stage>> Stage::set_up(Loop& loop, const DriveFile& file, Watcher& watcher) {
  std::unique_ptr<Stage> stage(new Stage(loop, file, watcher));
  if (file.has_redis)
    if (auto done = stage->set_up_redis(); !done) return done.error();
  if (file.has_postgres)
    if (auto done = stage->set_up_postgres(); !done) return done.error();
  if (auto done = stage->restart_application(); !done) return done.error();
  if (auto done = stage->learn_tables(); !done) return done.error();
  return stage;
}

Result<void> Stage::set_up_redis() {
  const bool is_embedded = file_.redis == "embedded";
  std::string socket;
  if (is_embedded) {
    auto redis = live::EmbeddedRedis::start({}, file_.start_within);
    if (!redis) return redis.error();
    redis_.emplace(std::move(*redis));
    socket = redis_->socket();
  }
  auto side = live::RedisConnection::open(is_embedded ? socket : file_.redis);
  if (!side) return side.error();
  redis_side_.emplace(std::move(*side));
  if (is_embedded) redis_version_ = redis_->version();
  redis_proxy_ = nullptr;
  std::string server = socket;
  if (!is_embedded) {
    const auto redirected = redirect(file_.redis, 0, "6379");
    if (!redirected) return redirected.error();
    server = redirected->server;
    const auto info = redis_side_->ask({"INFO", "server"});
    if (!info) return info.error();
    const auto at = info->text.find("redis_version:");
    if (at != std::string::npos)
      redis_version_ = info->text.substr(at + 14, info->text.find('\r', at) - at - 14);
  }
  redis_proxy_ = std::make_unique<Proxy>(loop_, Store::redis, server, watcher_, connections_);
  servers_.redis_port = redis_proxy_->port();
  servers_.redis_url = is_embedded ? fmt::format("redis://127.0.0.1:{}/0", servers_.redis_port)
                                   : redirect(file_.redis, servers_.redis_port, "6379")->url;
  return {};
}

Result<void> Stage::set_up_postgres() {
  const bool is_embedded = file_.postgres == "embedded";
  std::string server, dsn = file_.postgres;
  if (is_embedded) {
    auto postgres = live::EmbeddedPostgres::start(file_.start_within);
    if (!postgres) return postgres.error();
    postgres_.emplace(std::move(*postgres));
    server = postgres_->socket();
    dsn = postgres_->dsn();
  } else {
    const auto redirected = redirect(file_.postgres, 0, "5432");
    if (!redirected) return redirected.error();
    server = redirected->server;
  }
  auto side = live::PostgresConnection::open(dsn);
  if (!side) return side.error();
  postgres_side_.emplace(std::move(*side));
  const int version = postgres_side_->server_version();
  postgres_version_ = fmt::format("{}.{}", version / 10'000, version % 10'000);
  if (!file_.schema.empty()) {
    const auto sql = read_text(file_.folder / file_.schema);
    if (!sql) return sql.error();
    if (auto done = run_sql(*postgres_side_, *sql, "the schema " + printable(file_.schema)); !done)
      return done;
  }
  postgres_proxy_ = std::make_unique<Proxy>(loop_, Store::postgres, server, watcher_, connections_);
  servers_.postgres_port = postgres_proxy_->port();
  servers_.postgres_url =
      is_embedded
          ? fmt::format("postgresql://postgres@127.0.0.1:{}/postgres", servers_.postgres_port)
          : redirect(file_.postgres, servers_.postgres_port, "5432")->url;
  return {};
}

Result<void> Stage::restart_application() {
  application_.reset();
  forget_closed();
  auto application = Application::start(loop_, file_, servers_);
  if (!application) return application.error();
  application_.emplace(std::move(*application));
  return {};
}

void Stage::forget_closed() {
  for (auto* proxy : {redis_proxy_.get(), postgres_proxy_.get()})
    if (proxy != nullptr) proxy->forget_closed();
}

Result<void> Stage::empty_cache() {
  if (!redis_side_) return {};
  if (redis_ && file_.reset_keys.empty()) {
    const auto reply = redis_side_->ask({"FLUSHALL"});
    return reply ? Result<void>() : Result<void>(reply.error());
  }
  const auto all = keys();
  if (!all) return all.error();
  for (const std::string& key : *all)
    if (auto gone = drop_key(key); !gone) return gone;
  return {};
}

Result<void> Stage::reset() {
  if (auto done = empty_cache(); !done) return done;
  if (postgres_side_ && !file_.reset_sql.empty())
    if (auto done = run_sql(*postgres_side_, file_.reset_sql, "the reset"); !done) return done;
  return {};
}

Result<std::vector<std::string>> Stage::keys() {
  std::vector<std::string> out, patterns = file_.reset_keys;
  if (!redis_side_) return out;
  if (patterns.empty()) patterns.push_back("*");
  for (const std::string& pattern : patterns) {
    const auto found = redis_side_->ask({"KEYS", pattern});
    if (!found) return found.error();
    for (const RedisReply& key : found->list) out.push_back(key.text);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<std::vector<Stage::Entry>> Stage::entries() {
  std::vector<Entry> out;
  const auto all = keys();
  if (!all) return all.error();
  for (const std::string& key : *all) {
    const auto dump = redis_side_->ask({"DUMP", key});
    if (!dump) return dump.error();
    if (dump->kind == RedisReply::Kind::text) out.push_back({key, dump->text});
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> Stage::values() {
  std::vector<std::pair<std::string, std::string>> out;
  const auto all = keys();
  if (!all) return all.error();
  for (const std::string& key : *all) {
    const auto value = redis_side_->ask({"GET", key});
    if (!value) return value.error();
    if (value->kind == RedisReply::Kind::text) out.emplace_back(key, value->text);
  }
  return out;
}

Result<void> Stage::restore(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries)
    if (const auto done = redis_side_->ask({"RESTORE", entry.key, "0", entry.dump, "REPLACE"});
        !done)
      return done.error();
  return {};
}

Result<void> Stage::drop_key(const std::string& key) {
  const auto done = redis_side_->ask({"DEL", key});
  return done ? Result<void>() : Result<void>(done.error());
}

Result<void> Stage::learn_tables() {
  return postgres_side_ ? tables_.learn(*postgres_side_) : Result<void>();
}

bool Stage::is_blocked(int backend) {
  if (!postgres_side_ || backend == 0) return false;
  const auto reply =
      postgres_side_->ask(fmt::format("SELECT cardinality(pg_blocking_pids({})) > 0", backend));
  return reply && !reply->rows.empty() && reply->rows[0][0] == "t";
}

std::string Stage::says() const {
  std::string out;
  if (!redis_version_.empty()) out = "Redis " + redis_version_;
  if (!postgres_version_.empty())
    out += (out.empty() ? "" : " and ") + ("PostgreSQL " + postgres_version_);
  return out;
}

}  // namespace cacherace::drive
