#pragma once
// Everything that an execution runs on: servers, proxies, the application, and connections of ours
// past the proxies.

#include <memory>
#include <optional>
#include <string>

#include "sim/drive/app/application.hpp"
#include "sim/drive/control/tables.hpp"
#include "sim/drive/proxy/proxy.hpp"
#include "sim/live/embedded.hpp"
#include "sim/live/postgres.hpp"
#include "sim/live/redis.hpp"

namespace cacherace::drive {

class Stage {
 public:
  /// Starts what is embedded, connects to what is not, and starts the application.
  static Result<std::unique_ptr<Stage>> set_up(Loop& loop, const DriveFile& file, Watcher& watcher);

  /// Cache and tables as at the beginning of an execution. With an in-process cache the application
  /// is started again as well.
  Result<void> reset();
  /// The declared keys go; of an embedded server all.
  Result<void> empty_cache();
  /// What the cache holds: each key with its dump.
  struct Entry {
    std::string key, dump;
  };
  Result<std::vector<Entry>> entries();
  /// The same as people read it: each key with its value, if that is a text.
  Result<std::vector<std::pair<std::string, std::string>>> values();
  Result<void> restore(const std::vector<Entry>& entries);
  Result<void> drop_key(const std::string& key);
  Result<void> restart_application();

  /// Whether the backend waits for a lock that another one holds.
  bool is_blocked(int backend);
  /// Reads again what is known of tables: the application may have made some.
  Result<void> learn_tables();
  const Tables& tables() const { return tables_; }
  template <typename Each>
  void each_link(Each each) {
    for (auto* proxy : {redis_proxy_.get(), postgres_proxy_.get()})
      if (proxy != nullptr)
        for (const auto& link : std::vector(proxy->links())) each(*link);
  }
  void forget_closed();
  Application& application() { return *application_; }
  const Servers& servers() const { return servers_; }
  /// "Redis 7.0.15 and PostgreSQL 15.18".
  std::string says() const;
  std::size_t connections() const { return connections_; }

 private:
  Stage(Loop& loop, const DriveFile& file, Watcher& watcher)
      : loop_(loop), file_(file), watcher_(watcher) {}
  Result<std::vector<std::string>> keys();  // that may go, in order
  Result<void> set_up_redis();
  Result<void> set_up_postgres();

  Loop& loop_;
  const DriveFile& file_;
  Watcher& watcher_;
  std::size_t connections_ = 0;
  std::optional<live::EmbeddedRedis> redis_;
  std::optional<live::EmbeddedPostgres> postgres_;
  std::optional<live::RedisConnection> redis_side_;
  std::optional<live::PostgresConnection> postgres_side_;
  std::string redis_version_, postgres_version_;
  std::unique_ptr<Proxy> redis_proxy_, postgres_proxy_;
  Tables tables_;
  Servers servers_;
  std::optional<Application> application_;
};

}  // namespace cacherace::drive
