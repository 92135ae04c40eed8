#pragma once
// The servers of a replay: our own, or the user's, who gets them back as they were.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sim/live/embedded.hpp"
#include "sim/live/postgres.hpp"
#include "sim/live/redis.hpp"

namespace cacherace::live {

struct Where {
  std::string redis;     // as RedisConnection takes it; "" for a server of our own
  std::string postgres;  // as PostgresConnection takes it; "" for a server of our own
};

class LiveServers {
 public:
  /// Connects, refuses servers that have keys or a schema of our names already, and creates the
  /// table of rows.
  static Result<std::unique_ptr<LiveServers>> open(const Where& where);
  LiveServers(const LiveServers&) = delete;
  LiveServers& operator=(const LiveServers&) = delete;
  /// Cleans up, if nobody has.
  ~LiveServers();

  /// Of a client of the race; opened when they are first asked for.
  Result<RedisConnection*> redis_of(const std::string& client);
  Result<PostgresConnection*> postgres_of(const std::string& client);
  /// Closes the connections of a client and of its tasks.
  void close(const std::string& client);

  /// For what no client does.
  RedisConnection& redis() { return *redis_; }
  PostgresConnection& postgres() { return *postgres_; }

  /// "Redis 7.0.15 and PostgreSQL 15.18".
  const std::string& name() const { return name_; }

  /// Removes all keys and tables of ours.
  Result<void> clean_up();

 private:
  LiveServers() = default;
  Result<void> connect(const Where& where);
  Result<void> create();
  Result<std::vector<std::string>> our_keys();

  std::optional<EmbeddedRedis> own_redis_;
  std::optional<EmbeddedPostgres> own_postgres_;
  std::string where_redis_, where_postgres_, name_;
  std::optional<RedisConnection> redis_;
  std::optional<PostgresConnection> postgres_;
  std::map<std::string, RedisConnection> redis_by_client_;
  std::map<std::string, PostgresConnection> postgres_by_client_;
  bool is_dirty_ = false;
};

}  // namespace cacherace::live
