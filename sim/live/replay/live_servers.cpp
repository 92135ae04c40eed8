#include "sim/live/replay/live_servers.hpp"

#include <fmt/format.h>

#include <iterator>

#include "sim/core/utf8.hpp"
#include "sim/live/replay/real_commands.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::live {
namespace {

// "redis_version:7.0.15" among the lines of INFO.
std::string redis_version(const std::string& info) {
  constexpr std::string_view name = "redis_version:";
  const auto at = info.find(name);
  if (at == info.npos) return "";
  const auto from = at + name.size();
  return printable(info.substr(from, info.find_first_of("\r\n", from) - from));
}

Result<PostgresReply> demand(Result<PostgresReply> reply, const std::string& what) {
  if (!reply || reply->error.empty()) return reply;
  return trouble(fmt::format("PostgreSQL cannot {}: {}", what, printable(reply->error)));
}

}  // namespace

LiveServers::~LiveServers() {
  if (is_dirty_) static_cast<void>(clean_up());
}

Result<std::unique_ptr<LiveServers>> LiveServers::open(const Where& where) {
  std::unique_ptr<LiveServers> servers(new LiveServers);
  if (auto connected = servers->connect(where); !connected) return connected.error();
  if (auto created = servers->create(); !created) return created.error();
  return servers;
}

Result<void> LiveServers::connect(const Where& where) {
  where_redis_ = where.redis;
  where_postgres_ = where.postgres;
  if (where_redis_.empty()) {
    auto started = EmbeddedRedis::start();
    if (!started) return started.error();
    own_redis_.emplace(*std::move(started));
    where_redis_ = own_redis_->socket();
  }
  auto redis = RedisConnection::open(where_redis_);
  if (!redis) return redis.error();
  redis_.emplace(*std::move(redis));
  if (where_postgres_.empty()) {
    auto started = EmbeddedPostgres::start();
    if (!started) return started.error();
    own_postgres_.emplace(*std::move(started));
    where_postgres_ = own_postgres_->dsn();
  }
  auto postgres = PostgresConnection::open(where_postgres_);
  if (!postgres) return postgres.error();
  postgres_.emplace(*std::move(postgres));
  const auto info = redis_->ask({"INFO", "server"});
  if (!info) return info.error();
  const int version = postgres_->server_version();
  name_ = fmt::format("Redis {} and PostgreSQL {}.{}", redis_version(info->text), version / 10000,
                      version % 10000);
  return {};
}

Result<std::vector<std::string>> LiveServers::our_keys() {
  std::vector<std::string> keys;
  std::string cursor = "0";
  do {
    const auto page =
        redis_->ask({"SCAN", cursor, "MATCH", std::string(key_prefix) + "*", "COUNT", "1000"});
    if (!page) return page.error();
    if (page->list.size() != 2) return trouble("Redis refuses SCAN: " + to_text(*page));
    cursor = page->list[0].text;
    for (const auto& key : page->list[1].list) keys.push_back(key.text);
  } while (cursor != "0");
  return keys;
}

Result<void> LiveServers::create() {
  const auto keys = our_keys();
  if (!keys) return keys.error();
  if (!keys->empty())
    return trouble(fmt::format("Redis has keys that begin with \"{}\" already: {}", key_prefix,
                               printable(keys->front())),
                   "delete them, or name another server or database");
  const auto schemas = demand(
      postgres_->ask("SELECT 1 FROM pg_namespace WHERE nspname = 'cacherace'"), "list schemas");
  if (!schemas) return schemas.error();
  if (!schemas->rows.empty())
    return trouble("PostgreSQL has a schema \"cacherace\" already",
                   "DROP SCHEMA cacherace CASCADE, or name another database");
  const auto created =
      demand(postgres_->ask("CREATE SCHEMA cacherace; "
                            "CREATE TABLE cacherace.rows(name text primary key, version bigint)"),
             "create our schema");
  if (!created) return created.error();
  is_dirty_ = true;
  return {};
}

Result<RedisConnection*> LiveServers::redis_of(const std::string& client) {
  auto found = redis_by_client_.find(client);
  if (found == redis_by_client_.end()) {
    auto opened = RedisConnection::open(where_redis_);
    if (!opened) return opened.error();
    found = redis_by_client_.emplace(client, *std::move(opened)).first;
  }
  return &found->second;
}

Result<PostgresConnection*> LiveServers::postgres_of(const std::string& client) {
  auto found = postgres_by_client_.find(client);
  if (found == postgres_by_client_.end()) {
    auto opened = PostgresConnection::open(where_postgres_);
    if (!opened) return opened.error();
    // No step of a counterexample waits for a lock: one that does has diverged.
    const auto set = demand(opened->ask("SET lock_timeout = '3s'; SET statement_timeout = '10s'; "
                                        "SET standard_conforming_strings = on"),
                            "set a session up");
    if (!set) return set.error();
    found = postgres_by_client_.emplace(client, *std::move(opened)).first;
  }
  return &found->second;
}

void LiveServers::close(const std::string& client) {
  const auto belongs = [&](const auto& connection) {
    return connection.first == client || connection.first.starts_with(client + "/");
  };
  std::erase_if(redis_by_client_, belongs);
  std::erase_if(postgres_by_client_, belongs);
}

Result<void> LiveServers::clean_up() {
  is_dirty_ = false;
  redis_by_client_.clear();
  postgres_by_client_.clear();  // which ends their transactions
  auto keys = our_keys();
  Result<void> outcome;
  if (!keys) {
    outcome = keys.error();
  } else if (!keys->empty()) {
    std::vector<std::string> words{"DEL"};
    std::ranges::move(*keys, std::back_inserter(words));
    if (const auto deleted = redis_->ask(words); !deleted) outcome = deleted.error();
  }
  const auto dropped = demand(
      postgres_->ask("SET lock_timeout = '10s'; DROP SCHEMA cacherace CASCADE"), "drop our schema");
  if (!dropped) return dropped.error();
  return outcome;
}

}  // namespace cacherace::live
